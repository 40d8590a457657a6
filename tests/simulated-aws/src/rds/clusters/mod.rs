//! Clusters.

mod create;
mod delete;
mod describe;
mod failover;
mod power;
mod restore;
mod turns;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::{
    At, Effect, Refusal,
    rds::{
        Change, Cluster, Rds,
        out::Out,
        parameters::Kind,
        refusals::{Code, cluster_not_found},
    },
};

/// After so many days a stopped cluster starts by itself.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html>
const STOPPED_AT_MOST: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Rds {
    /// A cluster as it is.
    pub(crate) fn cluster(&self, id: &str) -> Option<Arc<Cluster>> {
        self.clusters.truth().get(id).cloned()
    }

    /// The cluster that a call names.
    pub(crate) fn named_cluster(&self, id: &str) -> Result<Arc<Cluster>, Refusal> {
        self.cluster(id).ok_or_else(|| cluster_not_found(id))
    }

    /// A cluster as it is, as an answer shows it.
    fn shown_cluster(&self, id: &str, at: &At<'_>) -> Out {
        Out::of(|out| {
            out.element("DBCluster", |out| {
                if let Some(cluster) = self.clusters.get(id) {
                    self.show_cluster(cluster, at.now, at.place, out);
                }
            });
        })
    }

    /// Adds a cluster, and says so.
    pub(crate) fn put_cluster(&mut self, cluster: Cluster, at: &mut At<'_>) {
        let id = cluster.id.clone();
        self.use_group(Kind::Cluster, &cluster.parameter_group, at);
        self.clusters.put(at.now, id.clone(), cluster);
        let created = self.cluster(&id).map(Effect::ClusterCreated);
        at.effects.extend(created);
    }

    /// A cluster is no more, nor are its automated snapshots.
    pub(crate) fn remove_cluster(&mut self, id: &str, at: &mut At<'_>) {
        self.under_way.clusters.end(id);
        self.under_way.stopped.remove(id);
        self.clusters.remove(at.now, id);
        self.remove_endpoints(id, at);
        let snapshots = self.snapshots.truth().values();
        let automated =
            snapshots.filter(|snapshot| snapshot.kind == "automated" && snapshot.cluster == id);
        let automated: Vec<_> = automated.map(|snapshot| snapshot.id.clone()).collect();
        for snapshot in automated {
            self.delete_snapshot(&snapshot, at);
        }
    }

    /// A cluster that is stopped now starts by itself in seven days.
    pub(crate) fn stopped_from_now(&mut self, id: &str, at: &mut At<'_>) {
        let starts = at.now + STOPPED_AT_MOST;
        self.under_way.stopped.insert(id.to_owned(), at.now);
        self.cluster_will(id, "stopped", "starting", starts, at);
    }

    /// A cluster's status will change by itself at `ends`, unless something else happens before.
    pub(crate) fn cluster_will(
        &mut self,
        id: &str,
        from: &str,
        to: &str,
        ends: Timestamp,
        at: &mut At<'_>,
    ) {
        self.under_way.clusters.begin(id, at.now, ends);
        let change = Change::Cluster {
            id: id.into(),
            from: from.into(),
            to: to.into(),
        };
        at.agenda.note(ends, change.into());
    }

    /// Gives a cluster another status, and says so if it is one.
    pub(crate) fn cluster_becomes(&mut self, id: &str, status: &str, at: &mut At<'_>) {
        let Some(before) = self.cluster(id).filter(|before| before.status != status) else {
            return;
        };
        let becomes = |cluster: &mut Cluster| cluster.status = status.into();
        self.clusters.change(at.now, id, becomes);
        if let Some(cluster) = self.cluster(id) {
            let from = before.status.clone();
            at.effects.push(Effect::ClusterChanged { cluster, from });
        }
    }
}

/// Whether the cluster is in one of these states.
pub(crate) fn in_state(cluster: &Cluster, states: &[&str]) -> Result<(), Refusal> {
    let Cluster { id, status, .. } = cluster;
    if states.contains(&status.as_str()) {
        return Ok(());
    }
    Err(Code::InvalidClusterState.because(format!(
        "DbCluster {id} is in {status} state but expected it to be one of {}.",
        states.join(",")
    )))
}
