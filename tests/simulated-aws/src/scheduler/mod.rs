//! `EventBridge` Scheduler: schedules, and what they invoke.

mod firing;
mod listing;
mod operations;
mod schedule;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;

pub use firing::{Change, Firing};
pub use schedule::Schedule;

use crate::{
    At, Call, Refusal, Service, Views,
    model::{Model, Violation},
};

/// The Scheduler of one account in one region.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// Schedules by group and name: `default/nightly`.
    pub schedules: Views<Schedule>,
    /// The names of the groups there are.
    pub groups: BTreeSet<String>,
    /// How many schedules there may be.
    /// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html>
    pub most_schedules: usize,
    // The tokens of deletions: the same request again is no error.
    deleted: BTreeSet<String>,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            schedules: Views::default(),
            groups: BTreeSet::from(["default".to_owned()]),
            most_schedules: 1_000_000,
            deleted: BTreeSet::new(),
        }
    }
}

impl Scheduler {
    pub(crate) fn remember(&mut self, keep: SignedDuration) {
        self.schedules.remember(keep);
    }

    pub(crate) fn answer(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        if let Some(model) = Model::of(Service::Scheduler) {
            model
                .check(call)
                .map_err(|Violation { why, .. }| invalid(why))?;
        }
        match call.operation.as_str() {
            "CreateSchedule" => self.create_schedule(call, at),
            "DeleteSchedule" => self.delete_schedule(call, at),
            "GetSchedule" => self.get_schedule(call, at),
            "ListSchedules" => self.list_schedules(call, at),
            "UpdateSchedule" => self.update_schedule(call, at),
            _ => Err(Refusal::unknown_operation(call)),
        }
    }

    /// The group a call names.
    fn group<'a>(&self, call: &'a Call) -> Result<&'a str, Refusal> {
        let group = call.text("GroupName").unwrap_or("default");
        if self.groups.contains(group) {
            return Ok(group);
        }
        Err(missing(format!("Schedule group {group} does not exist.")))
    }

    /// Under which key the schedule is that a call names.
    fn key(&self, call: &Call) -> Result<String, Refusal> {
        let name = call.text("Name").unwrap_or_default();
        Ok(format!("{}/{name}", self.group(call)?))
    }
}

fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", why)
}

fn missing(why: impl Into<String>) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", why)
}

fn no_schedule(call: &Call) -> Refusal {
    let name = call.text("Name").unwrap_or_default();
    missing(format!("Schedule {name} does not exist."))
}
