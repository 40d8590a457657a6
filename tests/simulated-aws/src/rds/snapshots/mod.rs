//! Cluster snapshots.

mod attributes;
mod copy;
mod create;
mod delete;
mod describe;
mod done;

use std::sync::Arc;

use crate::{
    At, Effect, Place,
    rds::{Rds, Snapshot, input, out::Out},
};

/// The kind of the snapshots that the account takes itself.
pub(crate) const MANUAL: &str = "manual";

/// Under which name a snapshot is kept that a caller calls `text`.
pub(crate) fn key(text: &str, place: &Place) -> String {
    input::bare(text, place, "cluster-snapshot")
}

impl Rds {
    /// A snapshot as it is.
    pub(crate) fn snapshot(&self, id: &str) -> Option<Arc<Snapshot>> {
        self.snapshots.truth().get(id).cloned()
    }

    /// A snapshot as it is, as an answer shows it.
    fn shown_snapshot(&self, snapshot: &Snapshot, at: &At<'_>) -> Out {
        let show = |out: &mut Out| self.show_snapshot(snapshot, at.now, at.place, out);
        Out::of(|out| out.element("DBClusterSnapshot", show))
    }

    /// How many manual snapshots there are, ready or not.
    pub(crate) fn manual_snapshots(&self) -> usize {
        let snapshots = self.snapshots.truth().values();
        snapshots.filter(|snapshot| snapshot.kind == MANUAL).count()
    }

    /// Adds a snapshot, and says so.
    pub(crate) fn put_snapshot(&mut self, snapshot: Snapshot, at: &mut At<'_>) -> Arc<Snapshot> {
        let id = snapshot.id.clone();
        self.snapshots.put(at.now, id.clone(), snapshot.clone());
        let snapshot = self.snapshot(&id).unwrap_or_else(|| Arc::new(snapshot));
        at.effects.push(Effect::SnapshotCreated(snapshot.clone()));
        snapshot
    }

    /// Changes a snapshot by itself, and says so if its status is another one then.
    pub(crate) fn change_snapshot(
        &mut self,
        id: &str,
        at: &mut At<'_>,
        change: impl FnOnce(&mut Snapshot),
    ) {
        let Some(before) = self.snapshot(id) else {
            return;
        };
        self.snapshots.change(at.now, id, change);
        let Some(snapshot) = self.snapshot(id) else {
            return;
        };
        if snapshot.status != before.status {
            let from = before.status.clone();
            at.effects.push(Effect::SnapshotChanged { snapshot, from });
        }
    }
}
