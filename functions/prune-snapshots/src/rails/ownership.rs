//! The last check before a deletion: is it ours to delete?

use std::collections::HashMap;

use aurora_model::{Breach, Decision, Plan, Rail, Snapshot, SnapshotStatus};
use jiff::Timestamp;

use crate::{
    plan::Delete,
    policy::Policy,
    scope::{Group, Meant},
};

/// Every snapshot that goes must be ours to delete, and the row must name its own cluster, or
/// the rails of another cluster would be asked.
pub fn ownership(
    policy: &Policy,
    plan: &Plan<Delete>,
    groups: &[Group],
    now: Timestamp,
) -> Option<Breach> {
    let known: HashMap<&str, (&Group, &Snapshot)> = groups
        .iter()
        .flat_map(|group| {
            group
                .snapshots
                .iter()
                .map(move |snapshot| (snapshot.id.as_str(), (group, *snapshot)))
        })
        .collect();
    let fault = |decision: &Decision<Delete>, delete: &Delete| match known
        .get(delete.snapshot.as_str())
    {
        None => Some("which is not among the snapshots that were read"),
        Some((group, _)) if group.meant != Meant::Yes => {
            Some("whose cluster the policy does not mean")
        }
        Some((group, _)) if group.id != decision.cluster => Some("in the name of another cluster"),
        Some((_, snapshot)) => not_to_delete(policy, snapshot, now),
    };
    let (decision, fault) = plan
        .actions()
        .find_map(|(decision, delete)| Some((decision, fault(decision, delete)?)))?;
    Some(Breach {
        rail: Rail::Ownership,
        cluster: None,
        sentence: format!("This run would delete {}, {fault}.", decision.subject),
        lift:
            "nothing lifts this rail. It is a fault in Nightshift: please report it with this plan."
                .into(),
    })
}

fn not_to_delete(policy: &Policy, snapshot: &Snapshot, now: Timestamp) -> Option<&'static str> {
    match snapshot.status {
        _ if !snapshot.managed() => Some("which Nightshift did not make"),
        _ if !snapshot.managed_for(policy.schedule.as_str()) => {
            Some("which belongs to another schedule")
        }
        _ if snapshot.tags.has(&policy.hold_tag) => Some("which is held"),
        _ if snapshot.created.is_none_or(|created| created > now) => {
            Some("which was not there yet when this run began")
        }
        SnapshotStatus::Available | SnapshotStatus::Failed => None,
        _ => Some("which is neither available nor failed"),
    }
}
