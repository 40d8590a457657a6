//! Whether a cluster's backups work: the newest good snapshot against the policy's `rpo`.

use aurora_model::{ClusterStatus, Snapshot, SnapshotStatus, Span};
use jiff::Timestamp;

use crate::{policy::Policy, scope::Group};

/// How a cluster's backups stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The newest good snapshot is younger than `rpo`, or the cluster is gone and needs none.
    Fine,
    /// The schedule has not made a snapshot of it yet.
    Never,
    /// Its first snapshot is under way.
    First,
    /// The newest good snapshot is older than `rpo`, but the cluster is stopped: nothing changes
    /// while it sleeps.
    Asleep(Age),
    /// The newest good snapshot is older than `rpo`.
    Old(Age),
    /// There are snapshots, but no good one.
    NoneGood,
}

/// The newest good snapshot and its age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    /// Its identifier.
    pub id: String,
    /// How old it is.
    pub age: Span,
}

/// How the backups of `group` stand.
///
/// Only snapshots of the policy's schedule count, but held ones among them do: that someone
/// holds last night's snapshot does not mean that there was none.
#[must_use]
pub fn recovery(policy: &Policy, group: &Group, now: Timestamp) -> Recovery {
    let Some(cluster) = group.cluster else {
        return Recovery::Fine;
    };
    let ours = || {
        let of_schedule = |snapshot: &&&Snapshot| snapshot.managed_for(policy.schedule.as_str());
        group.snapshots.iter().filter(of_schedule)
    };
    let newest = ours()
        .filter(|snapshot| snapshot.good())
        .filter_map(|snapshot| {
            Some((
                snapshot.created.filter(|created| *created <= now)?,
                &snapshot.id,
            ))
        })
        .max();
    if let Some((created, id)) = newest {
        let age = now.duration_since(created);
        let found = Age {
            id: id.clone(),
            age: Span::of(age),
        };
        return match cluster.status {
            _ if age <= policy.rpo.duration() => Recovery::Fine,
            ClusterStatus::Stopped => Recovery::Asleep(found),
            _ => Recovery::Old(found),
        };
    }
    let under_way = |snapshot: &Snapshot| match snapshot.status {
        SnapshotStatus::Creating | SnapshotStatus::Copying => snapshot
            .created
            .is_none_or(|created| now.duration_since(created) <= policy.rpo.duration()),
        // Made while this run began.
        SnapshotStatus::Available => snapshot.created.is_some_and(|created| created > now),
        _ => false,
    };
    match ours().count() {
        0 => Recovery::Never,
        _ if ours().all(|snapshot| under_way(snapshot)) => Recovery::First,
        _ => Recovery::NoneGood,
    }
}
