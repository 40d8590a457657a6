//! A stopped cluster: RDS takes no snapshots of it, and nothing in it changes.

use aurora_model::{Choice, Cluster, Decision, words::moment};
use jiff::Timestamp;

use crate::plan::{Create, Observation};

/// Fine, provided a good snapshot has been made since it stopped; else somebody must know that
/// its last changes are in no snapshot.
pub(crate) fn decide(seen: &Observation, cluster: &Cluster) -> Decision<Create> {
    let stopped = seen.stopped.get(&cluster.id).copied();
    let (choice, reason) = match (stopped, newest_good(seen, cluster)) {
        (Some(since), Some((made, id))) if made >= since => {
            let since = moment(since);
            let reason = format!(
                "stopped since {since}, and {id} was made after that: nothing changes while it sleeps"
            );
            (Choice::Keep, reason)
        }
        (since, newest) => (Choice::Alert, uncovered(since, newest, cluster)),
    };
    Decision::new(&cluster.id, &cluster.id, choice, reason)
}

fn newest_good<'a>(seen: &'a Observation, cluster: &Cluster) -> Option<(Timestamp, &'a str)> {
    let of_it = seen
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.cluster == cluster.id);
    let good = of_it.filter(|snapshot| snapshot.good());
    good.filter_map(|snapshot| Some((snapshot.created?, snapshot.id.as_str())))
        .max()
}

fn uncovered(
    since: Option<Timestamp>,
    newest: Option<(Timestamp, &str)>,
    cluster: &Cluster,
) -> String {
    let since = since.map_or_else(
        || "stopped, and its events do not tell since when".into(),
        |since| format!("stopped since {}", moment(since)),
    );
    let newest = newest.map_or_else(
        || "there is no good snapshot of it".into(),
        |(made, id)| format!("the newest good snapshot, {id}, is of {}: what changed after that is in no snapshot", moment(made)),
    );
    let reach = cluster.latest_restorable.map_or_else(String::new, |at| {
        format!(" A point-in-time restore reaches {}.", moment(at))
    });
    format!("{since}, and {newest}.{reach} {REMEDY}")
}

const REMEDY: &str = "RDS takes no snapshot of a stopped cluster: start it before its schedule runs, or take it out of the policy";
