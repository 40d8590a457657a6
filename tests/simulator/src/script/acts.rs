//! What people do meanwhile.

use jiff::{SignedDuration, Timestamp};
use simulated_aws::rds;

use crate::{
    dice::Dice,
    script::{ByHand, Cluster, Delivery, ToStore},
};

/// Something a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What a person can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Deletes a snapshot.
    DeleteSnapshot(String),
    /// Puts the hold tag on a snapshot.
    Hold(String),
    /// Takes a snapshot by hand.
    TakeSnapshot {
        /// Of which cluster.
        cluster: String,
        /// Under which name.
        id: String,
    },
    /// Deletes a cluster with all its instances.
    DeleteCluster(String),
    /// Something to a database or a secret.
    ByHand(ByHand),
    /// Something to what the database of a cluster holds.
    ToStore(String, ToStore),
    /// Enables a schedule, or disables it.
    Schedule {
        /// `group/name`.
        schedule: String,
        /// Whether it is enabled from then on.
        enabled: bool,
    },
    /// An alarm changes its state.
    Alarm {
        /// Its name.
        name: String,
        /// The state: `OK`, `ALARM`, `INSUFFICIENT_DATA`.
        state: String,
    },
    /// The writer of a cluster fails over.
    FailOver(String),
    /// Deletes a reader of a cluster.
    DeleteReader(String),
    /// Adds a reader.
    AddReader {
        /// To which cluster.
        cluster: String,
        /// Under which name.
        id: String,
    },
    /// Puts a tag on a cluster, or takes it off.
    Tag {
        /// Which cluster.
        cluster: String,
        /// The tag's key.
        key: &'static str,
        /// Its value; none to take it off.
        value: Option<String>,
    },
    /// Each reader of a cluster has so many connections now.
    Connections {
        /// Of which cluster.
        cluster: String,
        /// How many.
        number: u32,
    },
    /// The cluster becomes busy, or available again.
    SetStatus {
        /// Which cluster.
        cluster: String,
        /// Its status from now on.
        status: String,
    },
}

/// What a person's deeds depend on.
pub(super) struct Scene<'a> {
    /// From the beginning to the calm.
    pub(super) rough: (Timestamp, Timestamp),
    /// The clusters at the beginning.
    pub(super) clusters: &'a [Cluster],
    /// The snapshots at the beginning.
    pub(super) snapshots: &'a [rds::Snapshot],
    /// What wakes the functions.
    pub(super) deliveries: &'a [Delivery],
}

pub(super) fn of(seed: u64, scene: &Scene<'_>) -> Vec<Act> {
    let mut dice = Dice::of(seed, "acts");
    let count = *dice.pick(&[0, 0, 1, 2, 4]);
    let mut acts = Vec::new();
    for number in 0..count {
        let at = moment(&mut dice, scene);
        acts.extend(
            deeds(&mut dice, number, scene)
                .into_iter()
                .map(|deed| Act { at, deed }),
        );
    }
    // Whatever kept a cluster busy is over when calm begins.
    let busied = acts.iter().filter_map(|act| match &act.deed {
        Deed::SetStatus { cluster, status } if passing(status) => Some((act.at, cluster.clone())),
        _ => None,
    });
    let (begins, calm) = scene.rough;
    let busy = scene
        .clusters
        .iter()
        .filter(|cluster| passing(&cluster.status));
    let busy = busy.map(|cluster| (begins, cluster.id.clone()));
    let over: Vec<Act> = busied
        .chain(busy)
        .map(|(since, cluster)| {
            let at = dice.moment(since, calm);
            Act {
                at,
                deed: Deed::SetStatus {
                    cluster,
                    status: "available".into(),
                },
            }
        })
        .collect();
    acts.extend(over);
    acts.sort_by_key(|act| act.at);
    acts
}

/// Any moment, or one in the middle of a run, when it hurts most.
fn moment(dice: &mut Dice, scene: &Scene<'_>) -> Timestamp {
    let (begins, calm) = scene.rough;
    let arrivals: Vec<Timestamp> = scene
        .deliveries
        .iter()
        .flat_map(|delivery| &delivery.arrivals)
        .filter(|at| **at < calm)
        .copied()
        .collect();
    if arrivals.is_empty() || dice.chance(50) {
        return dice.moment(begins, calm);
    }
    *dice.pick(&arrivals) + SignedDuration::from_millis(dice.between(10, 300))
}

fn passing(status: &str) -> bool {
    ![
        "available",
        "stopped",
        "inaccessible-encryption-credentials",
    ]
    .contains(&status)
}

fn deeds(dice: &mut Dice, number: usize, scene: &Scene<'_>) -> Vec<Deed> {
    let cluster = dice.pick(scene.clusters).id.clone();
    let manual: Vec<&rds::Snapshot> = scene
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.kind == "manual")
        .collect();
    let some = |dice: &mut Dice| dice.pick(&manual).id.clone();
    match dice.between(0, 6) {
        0 if !manual.is_empty() => vec![Deed::DeleteSnapshot(some(dice))],
        1 if !manual.is_empty() => vec![Deed::Hold(some(dice))],
        2 => vec![Deed::TakeSnapshot {
            cluster,
            id: format!("by-hand-{number}"),
        }],
        3 => vec![Deed::DeleteCluster(cluster)],
        _ => vec![Deed::SetStatus {
            cluster,
            status: "backing-up".into(),
        }],
    }
}
