//! Readers that come and go.

mod told;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::{Effect, rds::Instance};

use crate::{
    history::{History, own},
    script::{ReaderPlan, SCALES},
    step::What,
};

pub(super) use self::told::{a_lasting_trouble_is_told_once, unmailed};

/// An hour, but for what may lie between the moment at which a run began and what it did: the clock is
/// read once.
const HOUR: SignedDuration = SignedDuration::from_mins(55);

/// What a step of a run did to readers.
fn changes(what: &What) -> impl Iterator<Item = &Arc<Instance>> {
    let record = match what {
        What::Called(record) => Some(record),
        _ => None,
    };
    let effects = record.into_iter().flat_map(|record| own(record));
    effects.filter_map(|effect| match effect {
        Effect::InstanceCreated(instance) | Effect::InstanceDeleted(instance) => Some(instance),
        _ => None,
    })
}

fn plan<'a>(history: &'a History, cluster: &str) -> Option<&'a ReaderPlan> {
    history.script.readers.as_ref()?.plan(cluster)
}

pub(super) fn nothing_flaps(history: &History) -> Option<String> {
    let last = history.last()?;
    let cluster = &changes(&last.what).next()?.cluster;
    let limit = plan(history, cluster)?.flap_limit;
    let since = last.at - HOUR;
    let recent = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at > since);
    let changes = recent.flat_map(|step| changes(&step.what));
    let count = changes
        .filter(|instance| instance.cluster == *cluster)
        .count();
    // Each run that acts at the same time may make as many.
    let at_once = limit * (history.script.lambda.concurrency - 1);
    (count > limit + at_once).then(|| format!("{count} readers of {cluster} came and went"))
}

/// The reader that the last step's call deleted, if it took reads.
fn deleted(history: &History) -> Option<(usize, &Arc<Instance>)> {
    let (run, record) = history.last_call()?;
    let deleted = own(record).find_map(|effect| match effect {
        Effect::InstanceDeleted(instance) => Some(instance),
        _ => None,
    })?;
    (deleted.status == "available").then_some((run, deleted))
}

/// Whether somebody else has changed something since a run began to look.
fn others_acted(history: &History, run: usize) -> bool {
    let since = history.sees_since(run);
    let recent = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at >= since);
    let mut acted = recent.skip(1).filter(|step| match &step.what {
        What::Called(record) => record.who != run as u64 && changes(&step.what).next().is_some(),
        other => !other.effects().is_empty(),
    });
    acted.next().is_some()
}

pub(super) fn the_floor_of_readers_survives(history: &History) -> Option<String> {
    let (run, instance) = deleted(history)?;
    let least = plan(history, &instance.cluster)?.min;
    let members = history.members.get(&instance.cluster)?;
    let left = members.len().saturating_sub(2);
    (left < least && !others_acted(history, run)).then(|| {
        format!(
            "{} was deleted, and {left} readers are left of {}",
            instance.id, instance.cluster
        )
    })
}

pub(super) fn a_busy_cluster_keeps_its_readers(history: &History) -> Option<String> {
    let (run, instance) = deleted(history)?;
    let busy = ReaderPlan::busy(&instance.cluster);
    let (since, state) = last_state(history, &busy)?;
    let knew = since < history.sees_since(run);
    (state == "ALARM" && knew).then(|| format!("{} was deleted while {busy} stood", instance.id))
}

/// The state that an alarm is in, and since when.
fn last_state(history: &History, name: &str) -> Option<(Timestamp, String)> {
    history.steps.iter().rev().find_map(|step| {
        let mut effects = step.what.effects().iter();
        effects.find_map(|effect| match effect {
            Effect::AlarmChanged { alarm, .. } if alarm.name == name => {
                Some((step.at, alarm.state.to_string()))
            }
            _ => None,
        })
    })
}

pub(super) fn there_are_enough_in_the_end(history: &History) -> Option<String> {
    if !history.over() || history.script.plan_only(SCALES) {
        return None;
    }
    let plans = &history.script.readers.as_ref()?.plans;
    plans.iter().find_map(|plan| {
        let members = history.members.get(&plan.cluster)?;
        let readers = members.len().saturating_sub(1);
        (readers < plan.min).then(|| {
            format!(
                "{} has {readers} readers, and {} is its min",
                plan.cluster, plan.min
            )
        })
    })
}

/// What a row says of a reader and is not so.
pub(super) fn claimed(history: &History, chain: usize, row: &Value) -> Option<String> {
    let text = |field: &str| row[field].as_str().unwrap_or_default();
    let (subject, action) = (text("subject"), text("action"));
    if text("outcome") != "done" || !["create", "delete"].contains(&action) {
        return None;
    }
    let did = history.effects_of(chain).any(|effect| match effect {
        Effect::InstanceCreated(instance) => action == "create" && instance.id == subject,
        Effect::InstanceDeleted(instance) => action == "delete" && instance.id == subject,
        _ => false,
    });
    let mut calls = history.chains[chain]
        .runs
        .iter()
        .flat_map(|run| &history.runs[*run].calls);
    let unsure = action == "delete"
        && calls.any(|call| {
            call.fault.is_some() && call.call.text("DBInstanceIdentifier") == Some(subject)
        });
    (!did && !unsure)
        .then(|| format!("the report says {action} of {subject} was done, and it is not so"))
}
