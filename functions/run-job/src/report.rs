//! What the team reads of a job: rows, reasons, the headline.

mod headline;
mod numbers;
mod progress;
mod summary;
#[cfg(test)]
mod tests;

use aurora_model::{Choice, Count, Measure, Outcome, Report, plan::Action, words::moment};
use jobs::{Job, policy::Kind};

pub(crate) use self::{headline::headline, progress::progress};
use crate::{
    database::{Run, State, Tally},
    decide::{Note, words},
    run::Start,
};

/// Why a run was stopped whose job does something else now.
pub(crate) const REPLACED: &str = "the policy says something else now";

/// What an invocation does, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Writes down what becomes of a schedule.
    Note(Note),
    /// Works.
    Work(Start),
    /// Tells of a run that is over.
    Told(State),
}

impl Action for Deed {
    fn verb(&self) -> &'static str {
        match self {
            Self::Note(Note::Keep { .. }) => "postpone",
            Self::Note(Note::Skip { .. }) | Self::Told(State::Skipped) => "skip",
            Self::Told(State::Stopped) | Self::Work(Start::Replace(_, None)) => "stop",
            Self::Work(_) | Self::Told(State::Running | State::Done | State::Failed) => "run",
        }
    }
}

/// What `event_execution_log` calls the job: the EVENT it has taken the place of, so that what
/// monitors the EVENT goes on; else its own name.
pub(crate) fn log_as(job: &Job) -> &str {
    let event = job.replaces_event.as_deref();
    let name = event.and_then(|event| event.split_once('.'));
    name.map_or(job.job.as_str(), |(_, name)| name)
}

/// One row of a report about a run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) choice: Choice<Deed>,
    pub(crate) reason: String,
    pub(crate) outcome: Option<Outcome>,
}

/// What is told of a run that is over.
pub(crate) fn told(job: &Job, run: &Run) -> Told {
    let why = run.error.clone().unwrap_or_default();
    let done = summary::summary(job, run);
    let slot = moment(run.slot);
    let act = |outcome, reason| Told {
        choice: Choice::Act(Deed::Told(run.state)),
        reason,
        outcome: Some(outcome),
    };
    match run.state {
        State::Done | State::Running => act(Outcome::Done, done),
        State::Skipped => act(
            Outcome::Done,
            format!("the schedule of {slot} was left out: {why}"),
        ),
        State::Stopped if why == REPLACED => act(
            Outcome::Done,
            format!("{why}, so the run of {slot} was stopped. Until then: {done}"),
        ),
        State::Stopped => Told {
            choice: Choice::Alert,
            reason: format!("stopped: {why}. Until then: {done}"),
            outcome: None,
        },
        State::Failed => act(failed(why), format!("the run of {slot}: {done}")),
    }
}

const fn failed(detail: String) -> Outcome {
    Outcome::Failed {
        detail,
        retry: false,
    }
}

/// Whether the team is to be told of a run that is over. One that found nothing to do is no news.
pub(crate) fn is_news(job: &Job, run: &Run) -> bool {
    let Tally {
        steps,
        rows,
        children,
        ..
    } = run.tally;
    let idle = match job.kind() {
        // A walk that finds nothing is a step, too.
        Some(Kind::Purge(_) | Kind::Archive(_)) => rows == 0 && children == 0,
        Some(Kind::Partitions(_)) => steps == 0 && rows == 0,
        _ => false,
    };
    run.state != State::Done || !idle
}

/// What is said where a job is paused with a failed run.
pub(crate) fn paused(job: &Job, why: &str) -> String {
    format!(
        "{} is paused, because {why}. Once the cause is gone: {}",
        job.job,
        words::lift(&job.job)
    )
}

/// Puts what an invocation has done into the metrics: `JobRows` and `JobSeconds`.
pub(crate) fn measure(report: &mut Report, did: &Tally) {
    report.counts.push(Count {
        name: "JobRows",
        number: did.rows,
    });
    report.measures.push(Measure {
        name: "JobSeconds",
        seconds: i64::try_from(did.busy_ms.div_ceil(1_000)).unwrap_or(i64::MAX),
    });
}
