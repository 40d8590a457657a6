//! What schedules invoke, and when.

use jiff::{SignedDuration, Timestamp};

use super::{Schedule, Scheduler};
use crate::{At, Effect, uuid::uuid};

/// A schedule invokes its target. Delivery is at least once: it may come late, and twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// The schedule's ARN.
    pub schedule: String,
    /// The time it was due.
    pub scheduled: Timestamp,
    /// The target's ARN.
    pub target: String,
    /// The input, with the context attributes filled in.
    pub input: Option<String>,
}

/// Something that happens by itself after a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A schedule fires.
    Fire {
        /// Its group and name.
        key: String,
        /// The time it was due.
        scheduled: Timestamp,
    },
}

impl From<Change> for crate::Change {
    fn from(change: Change) -> Self {
        Self::Scheduler(change)
    }
}

impl Schedule {
    /// Notes when it is due next after `after`, somewhere in its flexible window.
    pub(super) fn plan(&mut self, after: Timestamp, at: &mut At<'_>) {
        self.due = self.next(after);
        let Some(scheduled) = self.due else {
            return;
        };
        let window = &self.configuration["FlexibleTimeWindow"]["MaximumWindowInMinutes"];
        let window = SignedDuration::from_mins(window.as_i64().unwrap_or(0));
        let late = at.whim.between((SignedDuration::ZERO, window))
            + at.whim.between((SignedDuration::ZERO, at.whim.events_late));
        let key = format!("{}/{}", self.group, self.name);
        at.agenda
            .note(scheduled + late, Change::Fire { key, scheduled }.into());
    }

    fn fires(&self, scheduled: Timestamp, at: &mut At<'_>) -> Firing {
        let target = &self.configuration["Target"];
        let execution = uuid(&mut at.whim.rng);
        let second = Timestamp::from_second(scheduled.as_second()).unwrap_or(scheduled);
        let filled = |input: &str| {
            input
                .replace("<aws.scheduler.schedule-arn>", &self.arn)
                .replace("<aws.scheduler.scheduled-time>", &second.to_string())
                .replace("<aws.scheduler.execution-id>", &execution)
                .replace("<aws.scheduler.attempt-number>", "1")
        };
        Firing {
            schedule: self.arn.clone(),
            scheduled,
            target: target["Arn"].as_str().unwrap_or_default().to_owned(),
            input: target["Input"].as_str().map(filled),
        }
    }
}

impl Scheduler {
    pub(crate) fn change(&mut self, Change::Fire { key, scheduled }: &Change, at: &mut At<'_>) {
        let due = |schedule: &&Schedule| schedule.due == Some(*scheduled);
        let Some(mut schedule) = self.schedules.get(key).filter(due).cloned() else {
            return;
        };
        let firing = schedule.fires(*scheduled, at);
        if at.whim.happens(at.whim.events_twice) {
            at.effects.push(Effect::ScheduleFired(firing.clone()));
        }
        at.effects.push(Effect::ScheduleFired(firing));
        schedule.plan(*scheduled, at);
        if schedule.due.is_none() && schedule.passes_away() {
            self.schedules.remove(at.now, key);
            at.effects.push(Effect::Other {
                operation: "ScheduleGone".to_owned(),
                subject: schedule.arn,
            });
        } else {
            self.schedules.put(at.now, key.clone(), schedule);
        }
    }
}
