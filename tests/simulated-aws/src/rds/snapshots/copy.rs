//! `CopyDBClusterSnapshot`, within the region.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBClusterSnapshot.html>

use std::sync::Arc;

use crate::{
    At, Call, Refusal,
    rds::{
        Rds, Snapshot, ids, input,
        out::Out,
        refusals::{Code, snapshot_not_found},
        show,
        snapshots::{MANUAL, key},
        tags,
    },
};

impl Rds {
    pub(crate) fn copy_snapshot(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let source = input::required(call, "SourceDBClusterSnapshotIdentifier")?;
        let id = ids::new(call, "TargetDBClusterSnapshotIdentifier", ids::LONGEST)?;
        let mut tags = tags::of(call)?;
        let source = self.readable(source, at)?;
        if input::flag(call, "CopyTags")? {
            let copied = source.tags.iter();
            let copied = copied.map(|(key, value)| (key.clone(), value.clone()));
            tags = tags::within_limit(copied.chain(tags).collect())?;
        }
        self.room_for_snapshot(&id)?;
        self.room_for_copy()?;
        let reading = |source: &mut Snapshot| source.in_use += 1;
        self.snapshots.change(at.now, &source.id, reading);
        let copy = Snapshot {
            arn: at.place.arn("rds", &format!("cluster-snapshot:{id}")),
            id,
            cluster: source.cluster.clone(),
            kind: MANUAL.into(),
            status: "copying".into(),
            percent: 0,
            created: show::millis(at.now),
            engine: source.engine.clone(),
            source: Some(source.arn.clone()),
            shared_with: Vec::new(),
            in_use: 0,
            tags,
        };
        let shown = self.begin_snapshot(copy, at);
        Ok(shown)
    }

    /// A snapshot that can be copied or restored.
    pub(crate) fn readable(&self, named: &str, at: &At<'_>) -> Result<Arc<Snapshot>, Refusal> {
        let id = key(named, at.place);
        let snapshot = self.snapshot(&id).ok_or_else(|| snapshot_not_found(&id))?;
        if snapshot.status == "available" {
            return Ok(snapshot);
        }
        Err(Code::InvalidSnapshotState.because(format!(
            "Snapshot {id} is in {} state but expected it to be available.",
            snapshot.status
        )))
    }

    fn room_for_copy(&self) -> Result<(), Refusal> {
        let snapshots = self.snapshots.truth().values();
        let copies = snapshots.filter(|snapshot| snapshot.status == "copying");
        let most = self.quotas.copies;
        if copies.count() < most {
            return Ok(());
        }
        Err(Code::SnapshotQuota.because(format!(
            "Cannot have more than {most} snapshot copies in progress to one destination region"
        )))
    }
}
