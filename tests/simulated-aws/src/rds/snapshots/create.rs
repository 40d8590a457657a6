//! `CreateDBClusterSnapshot`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html>

use crate::{
    At, Call, Refusal,
    rds::{
        Change, Rds, Snapshot, clusters::in_state, events::Happened, ids, input, out::Out,
        refusals::Code, show, snapshots::MANUAL, tags,
    },
};

impl Rds {
    pub(crate) fn create_snapshot(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = ids::new(call, "DBClusterSnapshotIdentifier", ids::LONGEST)?;
        let cluster = input::stored(call, "DBClusterIdentifier")?;
        let cluster = input::bare(&cluster, at.place, "cluster");
        let tags = tags::of(call)?;
        let of = self.named_cluster(&cluster)?;
        in_state(&of, &["available"])?;
        let engine = of.engine.clone();
        self.room_for_snapshot(&id)?;
        let snapshot = Snapshot {
            arn: at.place.arn("rds", &format!("cluster-snapshot:{id}")),
            id,
            cluster,
            kind: MANUAL.into(),
            status: "creating".into(),
            percent: 0,
            created: show::millis(at.now),
            engine,
            source: None,
            shared_with: Vec::new(),
            in_use: 0,
            tags,
        };
        let shown = self.begin_snapshot(snapshot, at);
        Ok(shown)
    }

    /// A snapshot is being taken from now on.
    pub(crate) fn begin_snapshot(&mut self, snapshot: Snapshot, at: &mut At<'_>) -> Out {
        let takes = at.whim.between(at.whim.snapshot_takes);
        let id = snapshot.id.clone();
        let ends = at.now + takes;
        self.under_way.snapshots.begin(&id, at.now, ends);
        at.agenda
            .note(ends, Change::SnapshotDone(id.clone()).into());
        let snapshot = self.put_snapshot(snapshot, at);
        match snapshot.status.as_str() {
            "creating" if snapshot.kind == MANUAL => {
                self.happened(Happened::SNAPSHOT_BEGUN, &id, at);
            }
            "creating" => self.happened(Happened::AUTOMATED_SNAPSHOT_BEGUN, &id, at),
            _ => {}
        }
        let cluster = self.clusters.get(&snapshot.cluster);
        if snapshot.status == "creating"
            && cluster.is_some_and(|cluster| cluster.status == "available")
            && at.whim.happens(at.whim.backing_up)
        {
            self.cluster_becomes(&snapshot.cluster, "backing-up", at);
        }
        self.shown_snapshot(&snapshot, at)
    }

    /// Whether one more manual snapshot called `id` may be.
    pub(crate) fn room_for_snapshot(&self, id: &str) -> Result<(), Refusal> {
        if self.snapshots.get(id).is_some() {
            return Err(Code::SnapshotAlreadyExists.because(format!(
                "Cannot create the cluster snapshot because one with the identifier {id} already \
                 exists."
            )));
        }
        let most = self.quotas.manual_snapshots;
        if self.manual_snapshots() >= most {
            let message = format!("Cannot create more than {most} manual snapshots");
            return Err(Code::SnapshotQuota.because(message));
        }
        Ok(())
    }
}
