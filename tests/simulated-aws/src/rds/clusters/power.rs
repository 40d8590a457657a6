//! `StopDBCluster` and `StartDBCluster`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-cluster-stop-start.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Refusal,
    rds::{Rds, clusters::in_state, input, out::Out, refusals::Code},
};

const STOPS: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(2), SignedDuration::from_mins(8));
const STARTS: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(3), SignedDuration::from_mins(10));

impl Rds {
    pub(crate) fn stop_cluster(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBClusterIdentifier")?;
        let cluster = self.named_cluster(&id)?;
        in_state(&cluster, &["available"])?;
        for member in &cluster.members {
            let status = self.instances.get(member).map(|member| &member.status);
            if let Some(status) = status.filter(|status| *status != "available") {
                let why = format!("Instance {member} is in {status} state, not available.");
                return Err(Code::InvalidInstanceState.because(why));
            }
        }
        self.cluster_becomes(&id, "stopping", at);
        self.members_become(&id, "stopping", at);
        let ends = at.now + at.whim.between(STOPS);
        self.cluster_will(&id, "stopping", "stopped", ends, at);
        Ok(self.shown_cluster(&id, at))
    }

    pub(crate) fn start_cluster(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBClusterIdentifier")?;
        in_state(&*self.named_cluster(&id)?, &["stopped"])?;
        self.begin_start(&id, at);
        Ok(self.shown_cluster(&id, at))
    }

    /// A stopped cluster starts.
    pub(crate) fn begin_start(&mut self, id: &str, at: &mut At<'_>) {
        self.under_way.stopped.remove(id);
        self.cluster_becomes(id, "starting", at);
        self.members_become(id, "starting", at);
        let ends = at.now + at.whim.between(STARTS);
        self.cluster_will(id, "starting", "available", ends, at);
    }

    /// All members of a cluster have this status now.
    pub(crate) fn members_become(&mut self, id: &str, status: &str, at: &mut At<'_>) {
        let members = self.cluster(id).map(|cluster| cluster.members.clone());
        for member in members.unwrap_or_default() {
            self.instance_becomes(&member, status, at);
        }
    }
}
