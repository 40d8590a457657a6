//! The decision: which cluster gets a snapshot now, under which name, and why not otherwise.

use std::collections::BTreeMap;

use aurora_model::{
    Choice, Cluster, Decision, NewSnapshot, Note, Plan, Quota, Selector, Severity, Snapshot, Tags,
    name::{MAX_TRIES, Slot},
    plan::Action,
    tags,
    words::list,
};
use jiff::Timestamp;

use crate::{
    Policy, asleep, notes,
    slot::{Found, look_up},
    status::{Readiness, readiness},
};

/// Everything the decision needs, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Every cluster of the account and region.
    pub clusters: Vec<Cluster>,
    /// Every snapshot the account sees in the region.
    pub snapshots: Vec<Snapshot>,
    /// The account's quota of manual cluster snapshots, if it could be read.
    pub quota: Option<Quota>,
    /// When each stopped cluster was stopped, where its events tell.
    pub stopped: BTreeMap<String, Timestamp>,
}

/// The one thing this function does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// The snapshot to be created.
    pub new: NewSnapshot,
    /// What stands under the names that would have come first, and why it does not count.
    pub instead_of: Vec<String>,
    /// Whether an earlier attempt of this same request has created it, and died before it could
    /// say so.
    pub by_earlier_attempt: bool,
}

impl Action for Create {
    fn verb(&self) -> &'static str {
        "create"
    }
}

/// When and for which request a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// The trigger's time.
    pub time: Timestamp,
    /// Lambda's id of the request, the same over Lambda's own retries.
    pub request_id: &'a str,
}

/// The plan for this occasion.
#[must_use]
pub fn plan(policy: &Policy, seen: &Observation, occasion: Occasion<'_>) -> Plan<Create> {
    let time = occasion.time;
    let selector = policy.selector();
    let mut selected: Vec<&Cluster> = seen
        .clusters
        .iter()
        .filter(|cluster| selector.selects(cluster))
        .collect();
    selected.sort_by_key(|cluster| &cluster.id);
    let mut plan = Plan::empty();
    for cluster in &selected {
        plan.decisions
            .push(for_cluster(policy, seen, cluster, occasion));
    }
    plan.decisions.extend(missing(&selector, &selected));
    plan.notes = notes::recovery_points(policy, seen, &plan.decisions, time);
    plan.notes.extend(notes::second_tries(&plan));
    plan.notes.extend(notes::quota(policy, seen, &plan, time));
    plan.notes.extend(nobody(&selector, &selected));
    plan
}

/// The snapshots Nightshift took of `cluster` for the policy's schedule.
pub(crate) fn ours<'a>(
    policy: &Policy,
    seen: &'a Observation,
    cluster: &str,
) -> impl Iterator<Item = &'a Snapshot> {
    let schedule = policy.schedule.as_str().to_owned();
    let cluster = cluster.to_owned();
    let mine =
        move |snapshot: &&Snapshot| snapshot.cluster == cluster && snapshot.managed_for(&schedule);
    seen.snapshots.iter().filter(mine)
}

fn for_cluster(
    policy: &Policy,
    seen: &Observation,
    cluster: &Cluster,
    occasion: Occasion<'_>,
) -> Decision<Create> {
    let slot = Slot {
        cluster: &cluster.id,
        schedule: &policy.schedule,
        time: occasion.time,
        zone: &policy.time_zone,
        several_a_day: policy.several_a_day,
    };
    let found = look_up(seen, slot);
    if let Found::There(snapshot) = found {
        return there(snapshot, occasion);
    }
    let decide = |choice, reason: String| Decision::new(&cluster.id, &cluster.id, choice, reason);
    match readiness(&cluster.status) {
        Readiness::Ready => create(policy, cluster, slot, found),
        Readiness::NotNow => decide(Choice::Wait, not_now(cluster)),
        Readiness::Asleep => asleep::decide(seen, cluster),
        Readiness::Leaving => decide(Choice::Leave, "the cluster is being deleted".into()),
        Readiness::NeedsPerson(why) => decide(
            Choice::Alert,
            format!("the cluster is {}: {why}", cluster.status),
        ),
    }
}

/// Tonight's snapshot is there. If an earlier attempt of this very request made it, that attempt
/// has died or failed since, and nobody may have heard of it yet: this attempt tells.
fn there(snapshot: &Snapshot, occasion: Occasion<'_>) -> Decision<Create> {
    let Snapshot {
        id,
        cluster,
        tags,
        status,
        ..
    } = snapshot;
    if tags.get(tags::TAKEN_BY) != Some(occasion.request_id) {
        let reason = format!("tonight's snapshot is there: {status}");
        return Decision::new(cluster, id, Choice::Keep, reason);
    }
    let new = NewSnapshot {
        id: id.clone(),
        cluster: cluster.clone(),
        tags: tags.clone(),
    };
    let create = Create {
        new,
        instead_of: Vec::new(),
        by_earlier_attempt: true,
    };
    let reason = format!(
        "an earlier attempt of this run created it, and ended before its end; it is {status}"
    );
    Decision::new(cluster, id, Choice::Act(create), reason)
}

fn not_now(cluster: &Cluster) -> String {
    let known = if matches!(cluster.status, aurora_model::ClusterStatus::Unknown(_)) {
        ", a status this version does not know"
    } else {
        ""
    };
    format!(
        "the cluster is {}{known}; the next tick tries again",
        cluster.status
    )
}

fn create(
    policy: &Policy,
    cluster: &Cluster,
    slot: Slot<'_>,
    found: Found<'_>,
) -> Decision<Create> {
    let Found::Free { attempt, taken } = found else {
        let reason = format!(
            "{MAX_TRIES} tries for this night failed; find out why RDS cannot take the snapshot"
        );
        return Decision::new(&cluster.id, &cluster.id, Choice::Alert, reason);
    };
    let (tags, left_out) = tags_for(policy, cluster, slot.time);
    let mut reason = format!(
        "the policy wants a {} snapshot and there is none",
        policy.schedule
    );
    if !taken.is_empty() {
        reason = format!("{}, so this is try {attempt}", list(&taken));
    }
    if !left_out.is_empty() {
        reason = format!(
            "{reason}; RDS allows {} tags, left out: {}",
            tags::MAX_TAGS,
            list(&left_out)
        );
    }
    let id = slot.name(attempt);
    let new = NewSnapshot {
        id: id.clone(),
        cluster: cluster.id.clone(),
        tags,
    };
    Decision::new(
        &cluster.id,
        id,
        Choice::Act(Create {
            new,
            instead_of: taken,
            by_earlier_attempt: false,
        }),
        reason,
    )
}

fn tags_for(policy: &Policy, cluster: &Cluster, time: Timestamp) -> (Tags, Vec<String>) {
    let mut ours: Tags = policy
        .tags
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    ours.set(tags::MANAGED_BY, tags::NIGHTSHIFT);
    ours.set(tags::SCHEDULE, policy.schedule.as_str());
    ours.set(tags::TAKEN_FOR, time.to_string());
    // Filled in when the snapshot is created; its room is kept here.
    ours.set(tags::TAKEN_BY, "");
    if policy.copy_tags {
        ours.filled_from(&cluster.tags)
    } else {
        (ours, Vec::new())
    }
}

/// A cluster that the policy names and that is not there is a mistake somebody should hear of.
fn missing(selector: &Selector, selected: &[&Cluster]) -> Vec<Decision<Create>> {
    let there = |id: &str| {
        selected
            .iter()
            .any(|cluster| cluster.id.eq_ignore_ascii_case(id))
    };
    let reason =
        "there is no cluster of this name in this account and region; correct policy.clusters.ids";
    let missing = selector.unknown(there).into_iter();
    missing
        .map(|id| Decision::new(id.clone(), id, Choice::Alert, reason))
        .collect()
}

fn nobody(selector: &Selector, selected: &[&Cluster]) -> Option<Note> {
    let Selector::Tag { key, value } = selector else {
        return None;
    };
    let text =
        format!("No cluster carries the tag {key} = {value}, so no snapshot was taken of any.");
    selected
        .is_empty()
        .then(|| Note::new(Severity::Warning, text))
}
