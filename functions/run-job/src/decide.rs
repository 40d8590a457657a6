//! What an invocation does about a job: decided from what is known, without a look at anything else.
//!
//! The time a schedule fired at, its *slot*, has one run. What becomes of the trigger's own slot and
//! of one that was kept is a list of [`Note`]s for the ledger; what is worked on now is the
//! [`Work`].

#[cfg(test)]
mod properties;
mod slot;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use aurora_model::{Span, words::moment};
use jiff::{Timestamp, tz::TimeZone};
use jobs::{Job, policy::Overlap, window};

use crate::database::{Pause, Run, Standing};

/// What woke the function, as far as the job is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The job's schedule, which fired at this time.
    Schedule(Timestamp),
    /// A tick.
    Tick(Timestamp),
}

/// The EVENT that the job takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The policy names none.
    None,
    /// It is there no more, or disabled.
    Off,
    /// It is enabled.
    Enabled,
}

/// What is known when a job is decided on.
pub(crate) struct Seen<'a> {
    pub(crate) job: &'a Job,
    /// The digest of what the job does.
    pub(crate) spec: &'a str,
    pub(crate) woken: Woken,
    /// The wall clock.
    pub(crate) now: Timestamp,
    pub(crate) standing: &'a Standing,
    pub(crate) event: Event,
    /// Whether this invocation has the job's lock.
    pub(crate) locked: bool,
}

/// What is written down of a schedule that is not begun now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// It is left out.
    Skip {
        slot: Timestamp,
        why: String,
        /// Whether it is a row in `event_execution_log`.
        logged: bool,
        /// Whether the team knows already.
        told: bool,
    },
    /// It is begun later.
    Keep { slot: Timestamp, why: String },
}

impl Note {
    /// The schedule's time.
    pub(crate) const fn slot(&self) -> Timestamp {
        match self {
            Self::Skip { slot, .. } | Self::Keep { slot, .. } => *slot,
        }
    }

    /// Why it is not begun now.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::Skip { why, .. } | Self::Keep { why, .. } => why,
        }
    }
}

/// What is worked on now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Nothing: the reason.
    Nothing(String),
    /// Nothing yet: why, and what comes next.
    Wait(String),
    /// Nothing until a person has acted: why, with the remedy.
    Refuse(String),
    /// The run that is not over goes on.
    Continue,
    /// A run is begun.
    Begin(Timestamp),
    /// The run that is not over is another job's: it is ended, and a run begun where there is a time
    /// for it.
    Replace(Option<Timestamp>),
}

/// What an invocation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) notes: Vec<Note>,
    pub(crate) work: Work,
}

/// Why a slot is left out when its run's EVENT is enabled; also how it is known that the team was
/// told of it.
pub(crate) fn enabled(event: &str) -> String {
    format!("the EVENT {event} is still enabled and does the same work")
}

/// What a person is to do about it.
pub(crate) fn refusal(job: &Job) -> String {
    let event = job.replaces_event.as_deref().unwrap_or_default();
    format!(
        "{}: disable it (ALTER EVENT {} DISABLE) or take replaces_event out of the policy.",
        enabled(event),
        words::quoted(event)
    )
}

/// Whether the job is paused with another failed run after so many, and why.
pub(crate) fn pauses(job: &Job, failures: u32) -> Option<String> {
    let failures = failures.saturating_add(1);
    let paused = job.pause_after > 0 && failures >= job.pause_after;
    paused.then(|| match failures {
        1 => "its last run failed".to_owned(),
        several => format!("its last {several} runs failed"),
    })
}

/// What an invocation does. Of what stands in the way, what only a person can change comes first.
pub(crate) fn turn(seen: &Seen<'_>) -> Decided {
    let own = slot::own(seen);
    if seen.event == Event::Enabled {
        return refused(seen, own);
    }
    if let Some(pause) = &seen.standing.paused {
        return paused(seen, pause, own);
    }
    if let Some(open) = &seen.standing.open {
        return match going_on(seen, open) {
            Some(work) => Decided {
                notes: slot::overlap(seen, own, open),
                work,
            },
            None => slot::anew(seen, own),
        };
    }
    slot::begin(seen, own)
}

fn refused(seen: &Seen<'_>, own: slot::Own) -> Decided {
    let event = seen.job.replaces_event.as_deref().unwrap_or_default();
    let why = enabled(event);
    let known = |last: &Run| last.error.as_deref() == Some(&why) && last.told;
    let skip = |slot| Note::Skip {
        slot,
        why: why.clone(),
        logged: false,
        told: last(seen, slot).is_some_and(known),
    };
    let refusal = refusal(seen.job);
    match own.untouched() {
        Some(slot) => Decided {
            notes: vec![skip(slot)],
            work: Work::Refuse(refusal),
        },
        // The next schedule tells the team.
        None => Decided {
            notes: vec![],
            work: Work::Wait(refusal),
        },
    }
}

/// The run that ended last, if that was in the same week as `slot`: what has stood in the way since
/// then is told of once a week, and not each night.
fn last<'a>(seen: &Seen<'a>, slot: Timestamp) -> Option<&'a Run> {
    let last = seen.standing.last.as_ref();
    last.filter(|last| same_week(last.slot, slot))
}

/// Whether both are in the same ISO week, in UTC.
fn same_week(one: Timestamp, other: Timestamp) -> bool {
    let week = |at: Timestamp| {
        let day = TimeZone::UTC.to_datetime(at).date().iso_week_date();
        (day.year(), day.week())
    };
    week(one) == week(other)
}

/// The team was told when the job was paused, or somebody of it did it: no mail for each night, but one
/// a week, so that no pause is forgotten.
fn paused(seen: &Seen<'_>, pause: &Pause, own: slot::Own) -> Decided {
    let skip = |slot| Note::Skip {
        slot,
        why: format!("the job is {}", words::paused(pause)),
        logged: true,
        told: pause.since.is_some_and(|since| same_week(since, slot)) || last(seen, slot).is_some(),
    };
    let work = Work::Wait(format!(
        "it is {}. To lift it: {}",
        words::paused(pause),
        words::lift(&seen.job.job)
    ));
    Decided {
        notes: own.untouched().map(skip).into_iter().collect(),
        work,
    }
}

/// What becomes of a run that is not over; nothing of its own where it is another job's.
fn going_on(seen: &Seen<'_>, open: &Run) -> Option<Work> {
    if !seen.locked {
        return Some(Work::Wait(words::LOCKED.to_owned()));
    }
    if let Some(shut) = shut(seen) {
        return Some(Work::Wait(shut));
    }
    (open.spec == seen.spec).then_some(Work::Continue)
}

/// When the job may work next, where it may not now.
fn shut(seen: &Seen<'_>) -> Option<String> {
    let Job {
        windows, time_zone, ..
    } = seen.job;
    match window::open_until(windows, time_zone, seen.now) {
        window::Standing::Open(_) => None,
        window::Standing::Shut(next) => Some(words::shut(windows, next, time_zone)),
    }
}

/// How late a schedule is beyond what the policy allows, if it is.
fn late(seen: &Seen<'_>, slot: Timestamp) -> Option<String> {
    let age = seen.now.duration_since(slot);
    (age > seen.job.catch_up.duration()).then(|| {
        format!(
            "the schedule of {} is {} old and is not begun after {} (catch_up)",
            moment(slot),
            Span::of(age).roughly(),
            seen.job.catch_up
        )
    })
}

fn buffers(job: &Job) -> bool {
    job.overlap == Overlap::BufferOne
}
