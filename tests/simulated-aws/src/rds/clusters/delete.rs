//! `DeleteDBCluster`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        Change, Cluster, Rds, Snapshot,
        clusters::in_state,
        ids, input,
        out::Out,
        refusals::{Code, combination},
    },
};

const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(1), SignedDuration::from_mins(5));

impl Rds {
    pub(crate) fn delete_db_cluster(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBClusterIdentifier")?;
        let cluster = self.named_cluster(&id)?;
        if cluster.deletion_protection {
            return Err(combination(
                "Cannot delete protected Cluster, please disable deletion protection and try \
                 again.",
            ));
        }
        self.without_members(&cluster)?;
        in_state(&cluster, &["available", "stopped"])?;
        let last = final_snapshot(call)?;
        if let Some(last) = &last {
            self.room_for_snapshot(last)?;
        }
        self.cluster_becomes(&id, "deleting", at);
        at.effects.push(Effect::ClusterDeleted(cluster.clone()));
        self.begin_cluster_deletion(&cluster, last, at);
        Ok(self.shown_cluster(&id, at))
    }

    /// Members that are being deleted themselves do not count.
    fn without_members(&self, cluster: &Cluster) -> Result<(), Refusal> {
        let members = cluster
            .members
            .iter()
            .filter_map(|id| self.instances.get(id));
        if members
            .into_iter()
            .all(|member| member.status == "deleting")
        {
            return Ok(());
        }
        Err(Code::InvalidClusterState.because(
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        ))
    }

    /// It is gone when its final snapshot is there, and its members are gone.
    fn begin_cluster_deletion(&mut self, cluster: &Cluster, last: Option<String>, at: &mut At<'_>) {
        let id = &cluster.id;
        let mut gone = at.now + at.whim.between(TAKES);
        if let Some(last) = last {
            let snapshot = Snapshot {
                status: "creating".into(),
                percent: 0,
                engine: cluster.engine.clone(),
                ..Snapshot::new(at.place, &last, id, at.now)
            };
            self.begin_snapshot(snapshot, at);
            gone = gone.max(self.under_way.snapshots.until(&last).unwrap_or(gone));
        }
        for member in &cluster.members {
            gone = gone.max(self.under_way.instances.until(member).unwrap_or(gone));
        }
        self.under_way.clusters.begin(id, at.now, gone);
        at.agenda.note(gone, Change::ClusterGone(id.clone()).into());
    }
}

/// The name of the last snapshot, unless it shall be skipped.
fn final_snapshot(call: &Call) -> Result<Option<String>, Refusal> {
    let skipped = input::flag(call, "SkipFinalSnapshot")?;
    let named = call.text("FinalDBSnapshotIdentifier").is_some();
    match (skipped, named) {
        (true, true) => Err(combination(
            "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true",
        )),
        (false, false) => Err(combination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )),
        (true, false) => Ok(None),
        (false, true) => {
            ids::new(call, "FinalDBSnapshotIdentifier", ids::LONGEST_OF_OTHERS).map(Some)
        }
    }
}
