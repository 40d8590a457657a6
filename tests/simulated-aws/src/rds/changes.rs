//! What happens by itself.

use crate::{
    At,
    rds::{Change, Rds},
};

impl From<Change> for crate::Change {
    fn from(change: Change) -> Self {
        Self::Rds(change)
    }
}

impl Rds {
    /// Lets `change` happen, unless what it was noted for has been overtaken.
    pub(crate) fn change(&mut self, change: &Change, at: &mut At<'_>) {
        if !self.is_due(change, at) {
            return;
        }
        match change {
            Change::SnapshotDone(id) => self.snapshot_done(id, at),
            Change::SnapshotGone(id) => self.snapshot_gone(id, at),
            Change::Released(id) => self.released(id, at),
            Change::Cluster { id, from, to } => self.cluster_turns(id, from, to, at),
            Change::ClusterGone(id) => self.cluster_gone(id, at),
            Change::Instance { id, from, to } => self.instance_turns(id, from, to, at),
            Change::InstanceGone(id) => self.instance_gone(id, at),
            Change::EndpointModified(id) => self.endpoint_modified(id, at),
        }
    }

    fn is_due(&self, change: &Change, at: &At<'_>) -> bool {
        let under_way = &self.under_way;
        match change {
            Change::SnapshotDone(id) | Change::SnapshotGone(id) => {
                under_way.snapshots.ends(id, at.now)
            }
            Change::Cluster { id, from, .. } => {
                let is = self.clusters.get(id).map(|cluster| &cluster.status);
                under_way.clusters.ends(id, at.now) && is == Some(from)
            }
            Change::ClusterGone(id) => under_way.clusters.ends(id, at.now),
            Change::Instance { id, from, .. } => {
                let is = self.instances.get(id).map(|instance| &instance.status);
                under_way.instances.ends(id, at.now) && is == Some(from)
            }
            Change::InstanceGone(id) => under_way.instances.ends(id, at.now),
            Change::EndpointModified(id) => under_way.endpoints.ends(id, at.now),
            Change::Released(_) => true,
        }
    }
}
