//! States that pass by themselves: where each leads to.

use jiff::SignedDuration;

use crate::{
    At,
    rds::{Change, Rds},
};

/// How long what was found in such a state is still in it.
const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(1), SignedDuration::from_mins(10));

impl Rds {
    /// Lets a cluster go on from the state it is in.
    pub(crate) fn cluster_goes_on(&mut self, id: &str, at: &mut At<'_>) {
        let status = self.clusters.get(id).map(|cluster| cluster.status.clone());
        let status = status.unwrap_or_default();
        let to = match status.as_str() {
            "creating" | "starting" | "backing-up" => "available",
            "stopping" => "stopped",
            "stopped" => return self.stopped_from_now(id, at),
            "deleting" => {
                let gone = at.now + at.whim.between(TAKES);
                self.under_way.clusters.begin(id, at.now, gone);
                return at.agenda.note(gone, Change::ClusterGone(id.into()).into());
            }
            _ => return,
        };
        let ends = at.now + at.whim.between(TAKES);
        self.cluster_will(id, &status, to, ends, at);
    }

    /// Lets an instance go on from the state it is in.
    pub(crate) fn instance_goes_on(&mut self, id: &str, at: &mut At<'_>) {
        let status = self
            .instances
            .get(id)
            .map(|instance| instance.status.clone());
        let status = status.unwrap_or_default();
        if !["creating", "rebooting", "deleting"].contains(&status.as_str()) {
            return;
        }
        let ends = at.now + at.whim.between(TAKES);
        if status == "deleting" {
            self.under_way.instances.begin(id, at.now, ends);
            at.agenda.note(ends, Change::InstanceGone(id.into()).into());
        } else {
            self.instance_will(id, &status, "available", ends, at);
        }
    }

    /// Lets a snapshot go on from the state it is in.
    pub(crate) fn snapshot_goes_on(&mut self, id: &str, at: &mut At<'_>) {
        let status = self
            .snapshots
            .get(id)
            .map(|snapshot| snapshot.status.as_str());
        let change = match status {
            Some("creating" | "copying") => Change::SnapshotDone(id.into()),
            Some("deleting") => Change::SnapshotGone(id.into()),
            _ => return,
        };
        let ends = at.now + at.whim.between(at.whim.snapshot_takes);
        self.under_way.snapshots.begin(id, at.now, ends);
        at.agenda.note(ends, change.into());
    }
}
