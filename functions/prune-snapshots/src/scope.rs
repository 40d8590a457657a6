//! Which clusters a policy is about, and the snapshots of each.

use std::collections::BTreeMap;

use aurora_model::{Cluster, Snapshot};

use crate::{plan::Observation, policy::Policy};

/// A cluster, there or gone, with its snapshots.
#[derive(Debug)]
pub struct Group<'a> {
    /// The cluster's identifier.
    pub id: &'a str,
    /// The cluster, if it still exists.
    pub cluster: Option<&'a Cluster>,
    /// Its snapshots, each once.
    pub snapshots: Vec<&'a Snapshot>,
    /// What the policy has to do with it.
    pub meant: Meant,
}

/// What a policy has to do with a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// It is selected, or gone and named by its identifier.
    Yes,
    /// It is another policy's.
    No,
    /// It no longer exists and the policy does not name it: its snapshots may be all that is
    /// left of it.
    Gone,
}

/// All clusters that exist or have snapshots, in the order of their identifiers.
#[must_use]
pub fn groups<'a>(policy: &Policy, observation: &'a Observation) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for cluster in &observation.clusters {
        groups
            .entry(&cluster.id)
            .or_insert_with(|| empty(&cluster.id))
            .cluster = Some(cluster);
    }
    for snapshot in each_once(&observation.snapshots) {
        let group = groups
            .entry(&snapshot.cluster)
            .or_insert_with(|| empty(&snapshot.cluster));
        group.snapshots.push(snapshot);
    }
    let selector = policy.selector();
    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group.meant = match group.cluster {
            Some(cluster) if selector.selects(cluster) => Meant::Yes,
            Some(_) => Meant::No,
            None if selector.names(group.id) => Meant::Yes,
            None => Meant::Gone,
        };
    }
    groups
}

fn empty(id: &str) -> Group<'_> {
    Group {
        id,
        cluster: None,
        snapshots: Vec::new(),
        meant: Meant::No,
    }
}

/// A snapshot that a changing listing shows on two pages must not count twice towards
/// `min_keep`. Where the two differ, the one that is not good is believed.
fn each_once(snapshots: &[Snapshot]) -> Vec<&Snapshot> {
    let mut sorted: Vec<&Snapshot> = snapshots.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.good().cmp(&b.good())));
    sorted.dedup_by(|later, earlier| later.id == earlier.id);
    sorted
}
