//! `DeleteDBClusterSnapshot`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBClusterSnapshot.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        Change, Rds, Snapshot, input,
        out::Out,
        refusals::{Code, snapshot_not_found},
        snapshots::{MANUAL, key},
    },
};

/// How long a snapshot is seen as `deleting`.
const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(1), SignedDuration::from_secs(20));

impl Rds {
    pub(crate) fn delete_db_cluster_snapshot(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Out, Refusal> {
        let named = input::required(call, "DBClusterSnapshotIdentifier")?;
        let id = key(named, at.place);
        let snapshot = self.snapshot(&id).ok_or_else(|| snapshot_not_found(&id))?;
        deletable(&snapshot)?;
        if self.is_copied(&snapshot) {
            self.break_copies(&snapshot, at)?;
        }
        if self
            .snapshots
            .get(&id)
            .is_some_and(|snapshot| snapshot.in_use > 0)
        {
            return Err(in_use(&id));
        }
        self.begin_deletion(&id, at);
        Ok(self.shown_snapshot(self.snapshots.get(&id).unwrap_or(&snapshot), at))
    }

    fn begin_deletion(&mut self, id: &str, at: &mut At<'_>) {
        let Some(snapshot) = self.snapshot(id) else {
            return;
        };
        self.release_source(&snapshot, at);
        let gone = at.now + at.whim.between(TAKES);
        self.under_way.snapshots.begin(id, at.now, gone);
        let change = Change::SnapshotGone(id.to_owned());
        at.agenda.note(gone, change.into());
        let deleting = |snapshot: &mut Snapshot| snapshot.status = "deleting".into();
        self.snapshots.change(at.now, id, deleting);
        at.effects.push(Effect::SnapshotDeleted(snapshot));
    }

    fn is_copied(&self, source: &Snapshot) -> bool {
        let mut all = self.snapshots.truth().values();
        source.in_use > 0 && all.any(|copy| copies(copy, source))
    }

    /// AWS documents that deleting the source ends the copying; often it is refused instead.
    fn break_copies(&mut self, source: &Snapshot, at: &mut At<'_>) -> Result<(), Refusal> {
        if !at.whim.happens(at.whim.copies_broken) {
            return Err(in_use(&source.id));
        }
        let all = self.snapshots.truth().values();
        let broken = all.filter(|copy| copies(copy, source));
        let broken: Vec<_> = broken.map(|copy| copy.id.clone()).collect();
        for copy in broken {
            self.set_snapshot_status(&copy, "failed", at);
        }
        Ok(())
    }

    /// A copy that is unfinished reads from its source no longer.
    pub(crate) fn release_source(&mut self, copy: &Snapshot, at: &At<'_>) {
        if let ("copying", Some(source)) = (copy.status.as_str(), &copy.source) {
            let source = key(source, at.place);
            self.snapshots.change(at.now, &source, |source| {
                source.in_use = source.in_use.saturating_sub(1);
            });
        }
    }
}

/// Only a manual snapshot that is ready, or never will be; and a copy that is unfinished, which
/// ends the copying.
fn deletable(snapshot: &Snapshot) -> Result<(), Refusal> {
    let Snapshot { id, status, .. } = snapshot;
    let why = match status.as_str() {
        _ if snapshot.kind != MANUAL => "Only manual snapshots may be deleted.".to_owned(),
        "available" | "failed" | "copying" => return Ok(()),
        _ => format!("Snapshot {id} is in {status} state, in which it can't be deleted."),
    };
    Err(Code::InvalidSnapshotState.because(why))
}

fn copies(copy: &Snapshot, source: &Snapshot) -> bool {
    copy.status == "copying" && copy.source.as_ref() == Some(&source.arn)
}

fn in_use(id: &str) -> Refusal {
    let why = format!("Snapshot {id} is being copied or restored.");
    Code::InvalidSnapshotState.because(why)
}
