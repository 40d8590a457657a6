//! What is said of a job's standing.

use aurora_model::{Zone, words::moment};
use jiff::Timestamp;
use jobs::{JobName, policy::Window};

use crate::database::{Pause, Run, State};

/// Why nothing is done without the job's lock.
pub(crate) const LOCKED: &str =
    "another invocation is at work on it, or a statement of it still goes on in the server";

/// `paused since 2026-11-21 02:00 UTC (3 runs failed in a row)`.
pub(crate) fn paused(pause: &Pause) -> String {
    let since = pause.since.map(|since| format!(" since {}", moment(since)));
    format!("paused{} ({})", since.unwrap_or_default(), pause.why)
}

/// The statement that lets a paused job go on.
pub(crate) fn lift(job: &JobName) -> String {
    format!("UPDATE nightshift.job SET paused = 0, failures = 0 WHERE name = '{job}'")
}

/// When a job whose windows are shut may work next.
pub(super) fn shut(windows: &[Window], next: Option<Timestamp>, zone: &Zone) -> String {
    let windows: Vec<String> = windows.iter().map(window).collect();
    let outside = format!("outside its window ({}, {zone})", windows.join("; "));
    match next {
        Some(next) => format!("{outside}: it works from {} on", moment(next)),
        None => format!("{outside}, which never opens: correct policy.windows"),
    }
}

fn window(window: &Window) -> String {
    let Window { days, from, to } = window;
    let days: Vec<String> = days
        .iter()
        .map(|day| format!("{day:?}").to_lowercase())
        .collect();
    let days = if days.is_empty() {
        String::new()
    } else {
        format!("{} ", days.join(", "))
    };
    format!("{days}{from} to {to}")
}

/// What became of a run that is over.
pub(crate) fn over(run: &Run) -> String {
    let slot = moment(run.slot);
    match run.state {
        State::Done => format!("the run of {slot} is done already"),
        State::Failed => format!("the run of {slot} has failed already"),
        State::Running | State::Stopped => format!("the run of {slot} was stopped already"),
        State::Skipped => format!("the schedule of {slot} was left out already"),
    }
}

/// A name `schema.name` as a statement has it.
pub(crate) fn quoted(name: &str) -> String {
    let parts = name
        .splitn(2, '.')
        .map(|part| format!("`{}`", part.replace('`', "``")));
    parts.collect::<Vec<_>>().join(".")
}
