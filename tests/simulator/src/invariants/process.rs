//! The process: it neither panics nor overstays, and says once why it failed.

use serde_json::Value;

use crate::{history::History, step::Ending};

pub(super) fn no_run_panics(history: &History) -> Option<String> {
    match history.last_ending()? {
        (run, Ending::Panicked(message)) => Some(format!("run {run}: {message}")),
        _ => None,
    }
}

pub(super) fn no_run_is_ended_by_lambda(history: &History) -> Option<String> {
    let (run, ending) = history.last_ending()?;
    let seconds = history.script.lambda.timeout;
    (*ending == Ending::TimedOut).then(|| format!("run {run} was still at work after {seconds} s"))
}

pub(super) fn a_run_says_once_how_it_ended(history: &History) -> Option<String> {
    let (run, ending) = history.last_ending()?;
    let lines: Result<Vec<Value>, _> = history.runs[run]
        .log
        .iter()
        .map(|line| serde_json::from_str(line))
        .collect();
    let Ok(lines) = lines else {
        return Some(format!(
            "run {run} has logged what is no JSON: {:?}",
            history.runs[run].log
        ));
    };
    let count = |field: &str| {
        lines
            .iter()
            .filter(|line| line.get(field).is_some())
            .count()
    };
    // The report, or the error that kept the run from one; both if the report is all the run is
    // for and nobody could be told.
    let said = (count("report"), count("error"));
    let right = match ending {
        Ending::Answered(_) => said == (1, 0),
        Ending::Failed { .. } => [(1, 0), (0, 1), (1, 1)].contains(&said),
        Ending::Died(_) | Ending::TimedOut | Ending::Panicked(_) => true,
    };
    (!right).then(|| {
        format!(
            "run {run} has logged {} reports and {} errors",
            said.0, said.1
        )
    })
}
