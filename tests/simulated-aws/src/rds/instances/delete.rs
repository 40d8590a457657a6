//! `DeleteDBInstance`, for members of Aurora clusters.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html>

use std::sync::Arc;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        Change, Cluster, Instance, Rds, clusters, input,
        out::Out,
        refusals::{Code, combination},
    },
};

impl Rds {
    pub(crate) fn delete_db_instance(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBInstanceIdentifier")?;
        let instance = self.named_instance(&id)?;
        if call.text("FinalDBSnapshotIdentifier").is_some() {
            return Err(combination(
                "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance",
            ));
        }
        deletable(&instance)?;
        let cluster = self.cluster(&instance.cluster);
        if let Some(cluster) = &cluster {
            clusters::in_state(cluster, &["available", "backing-up", "creating"])?;
        }
        self.begin_instance_deletion(instance, at);
        if let Some(cluster) = cluster {
            self.fail_over_from(&id, &cluster, at);
        }
        Ok(self.shown_instance(&id, at))
    }

    fn begin_instance_deletion(&mut self, instance: Arc<Instance>, at: &mut At<'_>) {
        let id = instance.id.clone();
        self.instance_becomes(&id, "deleting", at);
        at.effects.push(Effect::InstanceDeleted(instance));
        let gone = at.now + at.whim.between(at.whim.instance_takes);
        self.under_way.instances.begin(&id, at.now, gone);
        at.agenda.note(gone, Change::InstanceGone(id).into());
    }

    /// When the writer goes, a reader takes its place.
    fn fail_over_from(&mut self, id: &str, cluster: &Cluster, at: &mut At<'_>) {
        if cluster.members.first().is_none_or(|writer| writer != id) {
            return;
        }
        if let Some(target) = self.next_writer(cluster, at) {
            self.begin_failover(&cluster.id, target, at);
        }
    }
}

fn deletable(instance: &Instance) -> Result<(), Refusal> {
    let Instance { id, status, .. } = instance;
    if instance.deletion_protection {
        return Err(combination(
            "Cannot delete protected DB Instance, please disable deletion protection and try \
             again.",
        ));
    }
    if status == "deleting" {
        let why = format!("Instance {id} is already being deleted.");
        return Err(Code::InvalidInstanceState.because(why));
    }
    super::in_state(instance, DELETABLE)
}

/// An instance that is being created or changed is let finish first.
const DELETABLE: &[&str] = &[
    "available",
    "failed",
    "incompatible-network",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "inaccessible-encryption-credentials",
    "restore-error",
    "storage-full",
];
