//! `RestoreDBClusterFromSnapshot`: a cluster without instances.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Refusal,
    rds::{Change, Rds, Snapshot, ids, input, out::Out},
};

const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(5), SignedDuration::from_mins(20));

impl Rds {
    pub(crate) fn restore_cluster(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = ids::new(call, "DBClusterIdentifier", ids::LONGEST)?;
        let from = input::required(call, "SnapshotIdentifier")?;
        let engine = input::required(call, "Engine")?;
        let snapshot = self.readable(from, at)?;
        if engine != snapshot.engine {
            let why = format!(
                "A snapshot of {} can't be restored as {engine}",
                snapshot.engine
            );
            return Err(Refusal::invalid(why));
        }
        let cluster = self.requested_cluster(call, &id, engine, at)?;
        let reading = |source: &mut Snapshot| source.in_use += 1;
        self.snapshots.change(at.now, &snapshot.id, reading);
        let shown = self.begin_cluster(cluster, TAKES, at);
        let done = self.under_way.clusters.until(&id).unwrap_or(at.now);
        let released = Change::Released(snapshot.id.clone());
        at.agenda.note(done, released.into());
        Ok(shown)
    }

    /// A restore no longer reads from this snapshot.
    pub(crate) fn released(&mut self, id: &str, at: &At<'_>) {
        self.snapshots.change(at.now, id, |snapshot| {
            snapshot.in_use = snapshot.in_use.saturating_sub(1);
        });
    }
}
