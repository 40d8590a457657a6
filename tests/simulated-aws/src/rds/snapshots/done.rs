//! What becomes of a snapshot by itself.

use crate::{
    At,
    rds::{Cluster, Rds, Snapshot, events::Happened, snapshots::MANUAL},
};

impl Rds {
    /// A snapshot is complete, or has failed.
    pub(crate) fn snapshot_done(&mut self, id: &str, at: &mut At<'_>) {
        let Some(before) = self.snapshot(id) else {
            return;
        };
        self.release_source(&before, at);
        let fails = at.whim.happens(at.whim.snapshot_fails);
        let percent = if fails { before.percent } else { 100 };
        let status = if fails { "failed" } else { "available" };
        self.change_snapshot(id, at, |snapshot: &mut Snapshot| {
            snapshot.status = status.into();
            snapshot.percent = percent;
        });
        if before.status == "creating" {
            self.backed_up(&before, fails, at);
        }
    }

    /// Of copies, and of what failed, RDS tells nothing.
    fn backed_up(&mut self, snapshot: &Snapshot, failed: bool, at: &mut At<'_>) {
        let cluster = &snapshot.cluster;
        let backing_up = |cluster: &Cluster| cluster.status == "backing-up";
        if self.clusters.get(cluster).is_some_and(backing_up) {
            self.cluster_becomes(cluster, "available", at);
        }
        let told = match snapshot.kind.as_str() {
            _ if failed => return,
            MANUAL => Happened::SNAPSHOT_CREATED,
            _ => Happened::AUTOMATED_SNAPSHOT_CREATED,
        };
        self.happened(told, &snapshot.id, at);
    }

    /// A snapshot that was being deleted is gone.
    pub(crate) fn snapshot_gone(&mut self, id: &str, at: &mut At<'_>) {
        self.under_way.snapshots.end(id);
        self.happened(Happened::SNAPSHOT_DELETED, id, at);
        self.snapshots.remove(at.now, id);
    }
}
