//! The decision: which snapshots go, and why each of the others stays.

mod rows;

use aurora_model::{
    Choice, Cluster, Decision, Note, Plan, Selector, Severity, Snapshot, plan::Action, words::list,
};
use jiff::Timestamp;

use self::rows::Rows;
use crate::{
    policy::Policy,
    rails,
    recovery::{Recovery, recovery},
    retention::{self, Candidate, Verdict},
    scope::{Group, Meant, groups},
    standing::{Standing, standing},
};

/// What a run read before deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Every cluster of the account and region.
    pub clusters: Vec<Cluster>,
    /// Every snapshot of the account and region, of every kind.
    pub snapshots: Vec<Snapshot>,
}

/// Deletes one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete {
    /// Its identifier.
    pub snapshot: String,
}

impl Action for Delete {
    fn verb(&self) -> &'static str {
        "delete"
    }
}

/// The plan for the clusters that `policy` means, held against the rails.
///
/// By cluster, and in each from the oldest snapshot to the newest, which is also the order of
/// the deletions: a run cut short has deleted what is missed least. Clusters of other policies
/// have no row.
#[must_use]
pub fn plan(policy: &Policy, observation: &Observation, now: Timestamp) -> Plan<Delete> {
    let groups = groups(policy, observation);
    let mut plan = Plan {
        decisions: misspelt(policy, &groups),
        breaches: Vec::new(),
        notes: notes(policy, &groups, now),
    };
    for group in &groups {
        match group.meant {
            Meant::Yes => plan.decisions.extend(of_group(policy, group, now)),
            Meant::Gone => plan.decisions.extend(of_gone(policy, group)),
            Meant::No => {}
        }
    }
    plan.decisions.sort_by(|a, b| a.cluster.cmp(&b.cluster));
    plan.breaches = rails::guard(policy, &plan, observation, now);
    plan
}

/// An identifier that fits nothing is most likely misspelt, and its cluster never pruned.
fn misspelt(policy: &Policy, groups: &[Group]) -> Vec<Decision<Delete>> {
    let known = |id: &str| groups.iter().any(|group| group.id.eq_ignore_ascii_case(id));
    let missing = policy.selector().unknown(known);
    let reason =
        "there is no cluster of this name and no snapshot of one: correct policy.clusters.ids";
    missing
        .into_iter()
        .map(|id| Decision::new(id.clone(), id, Choice::Alert, reason))
        .collect()
}

fn of_group(policy: &Policy, group: &Group, now: Timestamp) -> Vec<Decision<Delete>> {
    let mut rows = Rows::of(group);
    let mut candidates = Vec::new();
    for snapshot in &group.snapshots {
        match standing(policy, snapshot, now) {
            Standing::TakesPart(created) => candidates.push(Candidate {
                created,
                id: &snapshot.id,
            }),
            Standing::Rubbish(reason) => {
                rows.one(snapshot.created, &snapshot.id, delete(&snapshot.id), reason);
            }
            Standing::Kept(reason) => {
                rows.one(snapshot.created, &snapshot.id, Choice::Keep, reason);
            }
            Standing::Left(reason) => rows.left(snapshot, reason),
        }
    }
    let drilled = newest_drilled(policy, group, now);
    for (Candidate { created, id }, verdict) in
        retention::judge(&policy.keep, &policy.time_zone, candidates)
    {
        let protected =
            (drilled == Some(id)).then(|| "newest that passed a restore drill".to_owned());
        let (choice, reason) = match verdict {
            Verdict::Keep(reasons) => (
                Choice::Keep,
                reasons
                    .into_iter()
                    .chain(protected)
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
            Verdict::Delete(reason) => {
                protected.map_or_else(|| (delete(id), reason), |reason| (Choice::Keep, reason))
            }
        };
        rows.one(Some(created), id, choice, reason);
    }
    rows.into_decisions()
}

/// Restore drills come when they come, so the rules may not keep the newest drilled snapshot. It
/// stays all the same, by the plan's own decision: were it left to the rail, every run would be
/// refused until the next drill.
fn newest_drilled<'a>(policy: &Policy, group: &Group<'a>, now: Timestamp) -> Option<&'a str> {
    let of_schedule = |snapshot: &&&Snapshot| snapshot.managed_for(policy.schedule.as_str());
    let drilled = group.snapshots.iter().filter(of_schedule);
    drilled
        .filter(|snapshot| snapshot.good() && snapshot.drilled())
        .filter_map(|snapshot| Some((snapshot.created?, snapshot.id.as_str())))
        .filter(|(created, _)| *created <= now)
        .max()
        .map(|(_, id)| id)
}

/// The snapshots of this schedule whose cluster is gone may be all that is left of it.
fn of_gone(policy: &Policy, group: &Group) -> Vec<Decision<Delete>> {
    let mut rows = Rows::of(group);
    for snapshot in &group.snapshots {
        if snapshot.managed_for(policy.schedule.as_str()) {
            let reason =
                "its cluster no longer exists: kept, unless policy.clusters.ids names the cluster";
            rows.left(snapshot, reason.into());
        }
    }
    rows.into_decisions()
}

fn delete(id: &str) -> Choice<Delete> {
    Choice::Act(Delete {
        snapshot: id.into(),
    })
}

fn notes(policy: &Policy, groups: &[Group], now: Timestamp) -> Vec<Note> {
    let meant = || groups.iter().filter(|group| group.meant == Meant::Yes);
    let schedule = &policy.schedule;
    let mut notes = Vec::new();
    if let Selector::Tag { key, value } = policy.selector()
        && meant().next().is_none()
    {
        let text = format!("No cluster carries tag {key}={value}: nothing is pruned.");
        notes.push(Note::new(Severity::Warning, text));
    }
    let of = |wanted: fn(&Recovery) -> bool| -> Vec<&str> {
        meant()
            .filter(|group| wanted(&recovery(policy, group, now)))
            .map(|group| group.id)
            .collect()
    };
    let never = of(|recovery| *recovery == Recovery::Never);
    if !never.is_empty() {
        let text = format!(
            "There is no snapshot of schedule {schedule} of {}: see whether take-snapshot runs for it.",
            list(&never)
        );
        notes.push(Note::new(Severity::Warning, text));
    }
    let asleep = of(|recovery| matches!(recovery, Recovery::Asleep(_)));
    if !asleep.is_empty() {
        let text = format!(
            "The newest good snapshot of {} is older than policy.rpo, as nothing is taken of a stopped cluster.",
            list(&asleep)
        );
        notes.push(Note::new(Severity::Info, text));
    }
    notes
}

#[cfg(test)]
mod tests;
