//! EVENTs, the jobs that take their places, and who moves them when.

mod acts;
mod calls;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Cluster, JobKind, JobPlan, Jobs, jobs};
use crate::{
    dice::Dice,
    store::{Ledger, Made},
};

pub(super) use self::{acts::of as acts, calls::of as calls};

/// EVENTs and the jobs that take their places.
#[derive(Clone, Debug, PartialEq)]
pub struct Imports {
    /// The EVENTs.
    pub events: Vec<Import>,
    /// Whether the policies say `plan`.
    pub plan_only: bool,
}

/// An EVENT, its job, and the job's schedules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its cluster.
    pub cluster: String,
    /// The EVENT, as `schema.name`.
    pub event: String,
    /// The job.
    pub job: String,
    /// Its schedule, as `group/name`.
    pub schedule: String,
    /// The schedule of its ticks.
    pub tick: String,
    /// How long a move waits, in seconds.
    pub wait: i64,
    /// What the schedules are given.
    pub policy: Value,
}

/// Which way an EVENT is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To its job.
    Over,
    /// To the database.
    Back,
}

impl Imports {
    /// The EVENT of this name.
    #[must_use]
    pub fn event(&self, cluster: &str, event: &str) -> Option<&Import> {
        let mut events = self.events.iter();
        events.find(|it| it.cluster == cluster && it.event == event)
    }
}

impl Import {
    /// The name of its secret.
    #[must_use]
    pub fn secret(cluster: &str) -> String {
        format!("event-login-{cluster}")
    }

    /// The policy of a call that does `action`.
    pub(super) fn asks(&self, action: &Value, plan_only: bool) -> Value {
        let mut policy = json!({
            "cluster": self.cluster, "secret": Self::secret(&self.cluster), "action": action,
        });
        if plan_only {
            policy["mode"] = json!("plan");
        }
        policy
    }

    pub(super) fn moves(&self, way: Way) -> Value {
        let action = match way {
            Way::Over => "cut-over",
            Way::Back => "roll-back",
        };
        json!({action: {
            "event": self.event, "schedule": self.schedule, "tick": self.tick,
            "wait": format!("{}s", self.wait),
        }})
    }
}

pub(super) fn of(seed: u64, begins: Timestamp, clusters: &[Cluster]) -> (Jobs, Imports) {
    let mut dice = Dice::of(seed, "imports");
    let mut jobs = jobs::of_events(&mut dice, begins, clusters);
    let mut events = Vec::new();
    for (cluster, store) in &mut jobs.stores {
        let mut ledger = Ledger::default();
        for job in jobs.jobs.iter().filter(|job| job.cluster == *cluster) {
            let Some(import) = import(&mut dice, job) else {
                continue;
            };
            store
                .made
                .extend(made(job).map(|made| (import.event.clone(), made)));
            let row = ledger.jobs.entry(job.name.clone()).or_default();
            row.proven = proven(&mut dice, job, begins);
            events.push(import);
        }
        store.ledger = dice.chance(95).then_some(ledger);
    }
    let plan_only = dice.chance(6);
    (jobs, Imports { events, plan_only })
}

fn import(dice: &mut Dice, job: &JobPlan) -> Option<Import> {
    Some(Import {
        cluster: job.cluster.clone(),
        event: job.event.clone()?,
        job: job.name.clone(),
        schedule: format!("nightshift-jobs/{}", job.name),
        tick: format!("nightshift-jobs/{}-tick", job.name),
        wait: *dice.pick(&[2, 20, 60]),
        policy: job.policy.clone(),
    })
}

fn made(job: &JobPlan) -> Option<Made> {
    let JobKind::Purge {
        table,
        days,
        marked,
        ..
    } = &job.kind
    else {
        return None;
    };
    Some(Made {
        table: table.clone(),
        days: *days,
        marked: *marked,
        last: None,
        until: None,
    })
}

/// Mostly it was proven lately; sometimes never, long ago, or with another policy.
fn proven(dice: &mut Dice, job: &JobPlan, begins: Timestamp) -> Option<(Timestamp, String)> {
    let hours = *dice.pick(&[1, 1, 1, 20, 20, 120, 400]);
    let at = begins - SignedDuration::from_hours(hours);
    let mut policy = job.policy.clone();
    if dice.chance(5) {
        policy["expire_after"] = json!("11h");
    }
    dice.chance(92).then(|| (at, policy.to_string()))
}
