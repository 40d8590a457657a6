//! What nobody may see.

use crate::{
    history::History,
    step::{Ending, What},
};

pub(super) fn no_password_is_shown(history: &History) -> Option<String> {
    let texts: Vec<&str> = history
        .doors
        .credentials
        .values()
        .map(|it| it.text.as_str())
        .collect();
    if texts.is_empty() {
        return None;
    }
    let shows = |said: &str| texts.iter().any(|text| said.contains(text));
    if let Some((run, record)) = history.last_call()
        && record.call.operation == "Publish"
        && shows(&record.call.input.to_string())
    {
        return Some(format!("a mail of run {run} shows a password"));
    }
    let What::Ended { run, ending } = &history.last()?.what else {
        return None;
    };
    if history.runs[*run].log.iter().any(|line| shows(line)) {
        return Some(format!("the log of run {run} shows a password"));
    }
    let said = match ending {
        Ending::Answered(report) => report.to_string(),
        Ending::Failed { message, .. } | Ending::Panicked(message) => message.clone(),
        Ending::Died(_) | Ending::TimedOut => return None,
    };
    shows(&said).then(|| format!("what run {run} ends with shows a password"))
}
