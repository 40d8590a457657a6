//! What AWS will do by itself, and when.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{rds, scheduler, secrets};

/// Something that happens by itself after a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something in RDS.
    Rds(rds::Change),
    /// Something in Secrets Manager.
    Secrets(secrets::Change),
    /// Something in Scheduler.
    Scheduler(scheduler::Change),
}

/// What is to come, in the order of its time; of the same time, in the order it was noted.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: BTreeMap<(Timestamp, u64), Change>,
    noted: u64,
}

impl Agenda {
    /// Notes a change for `at`.
    pub fn note(&mut self, at: Timestamp, change: Change) {
        self.noted += 1;
        self.entries.insert((at, self.noted), change);
    }

    /// When the next change is due.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next change that is due at `now`.
    pub fn due(&mut self, now: Timestamp) -> Option<(Timestamp, Change)> {
        if self.next()? > now {
            return None;
        }
        let ((at, _), change) = self.entries.pop_first()?;
        Some((at, change))
    }
}
