//! A stopped cluster: RDS takes no snapshots of it, and nothing in it changes.

use aurora_model::{Choice, Cluster, Decision, Snapshot};

use crate::plan::{Create, Observation};

/// Fine, provided a good snapshot has been made since it stopped; else somebody must know that
/// its last changes are in no snapshot.
pub(crate) fn decide(seen: &Observation, cluster: &Cluster) -> Decision<Create> {
    let good = seen
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.cluster == cluster.id && snapshot.good());
    let newest = good.max_by_key(|snapshot| (snapshot.created, &snapshot.id));
    let (choice, reason) = match (seen.stopped.get(&cluster.id), newest) {
        (
            Some(since),
            Some(Snapshot {
                id,
                created: Some(created),
                ..
            }),
        ) if created >= since => (
            Choice::Keep,
            format!(
                "stopped since {since}, and {id} was made after that: nothing changes while it sleeps"
            ),
        ),
        (
            Some(since),
            Some(Snapshot {
                id,
                created: Some(created),
                ..
            }),
        ) => (
            Choice::Alert,
            format!(
                "stopped since {since}, and the newest good snapshot, {id}, is of {created}: what changed in between is in no snapshot. {REMEDY}"
            ),
        ),
        (Some(since), _) => (
            Choice::Alert,
            format!("stopped since {since}, and there is no good snapshot of it. {REMEDY}"),
        ),
        (None, newest) => {
            let newest = newest.map_or_else(
                || "there is none".into(),
                |snapshot| format!("the newest good one is {}", snapshot.id),
            );
            (
                Choice::Alert,
                format!(
                    "stopped, and its events do not tell since when, so no snapshot is known to be newer ({newest}). {REMEDY}"
                ),
            )
        }
    };
    Decision::new(&cluster.id, &cluster.id, choice, reason)
}

const REMEDY: &str = "RDS takes no snapshot of a stopped cluster: start it before its schedule runs, or take it out of the policy";
