//! `CreateDBCluster`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Refusal,
    rds::{Cluster, Rds, ids, input, out::Out, refusals::Code, tags},
};

const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(30), SignedDuration::from_mins(3));

impl Rds {
    pub(crate) fn create_cluster(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = ids::new(call, "DBClusterIdentifier", ids::LONGEST)?;
        let engine = engine(call)?;
        master_user(call)?;
        let cluster = self.requested_cluster(call, &id, engine, at)?;
        let shown = self.begin_cluster(cluster, TAKES, at);
        Ok(shown)
    }

    /// The cluster that `call` asks for, if there may be one more.
    pub(crate) fn requested_cluster(
        &self,
        call: &Call,
        id: &str,
        engine: &str,
        at: &At<'_>,
    ) -> Result<Cluster, Refusal> {
        let usual = Cluster::new(at.place, id, at.now);
        let version = call.text("EngineVersion").unwrap_or(&usual.engine_version);
        let group = call.text("DBClusterParameterGroupName");
        let group = group.unwrap_or(&usual.parameter_group).to_ascii_lowercase();
        let cluster = Cluster {
            status: "creating".into(),
            engine: engine.into(),
            engine_version: version.into(),
            deletion_protection: input::flag(call, "DeletionProtection")?,
            tags: tags::of(call)?,
            parameter_group: group,
            ..usual
        };
        self.room_for_cluster(&cluster)?;
        Ok(cluster)
    }

    fn room_for_cluster(&self, cluster: &Cluster) -> Result<(), Refusal> {
        let Cluster {
            id,
            parameter_group: group,
            ..
        } = cluster;
        let most = self.quotas.clusters;
        if self.clusters.get(id).is_some() {
            let why = format!("DB Cluster already exists: {id}");
            Err(Code::ClusterAlreadyExists.because(why))
        } else if self.clusters.len() >= most {
            let why = format!("Cannot create more than {most} DB clusters");
            Err(Code::ClusterQuota.because(why))
        } else if !group.starts_with("default.")
            && self.cluster_parameter_groups.get(group).is_none()
        {
            let why = format!("DBClusterParameterGroup not found: {group}");
            Err(Code::ClusterParameterGroupNotFound.because(why))
        } else {
            Ok(())
        }
    }

    /// A cluster is being created from now on.
    pub(crate) fn begin_cluster(
        &mut self,
        cluster: Cluster,
        takes: (SignedDuration, SignedDuration),
        at: &mut At<'_>,
    ) -> Out {
        let id = cluster.id.clone();
        self.put_cluster(cluster, at);
        let ends = at.now + at.whim.between(takes);
        self.cluster_will(&id, "creating", "available", ends, at);
        self.shown_cluster(&id, at)
    }
}

fn engine(call: &Call) -> Result<&str, Refusal> {
    match input::required(call, "Engine")? {
        engine @ ("aurora-mysql" | "aurora-postgresql") => Ok(engine),
        other => Err(Refusal::invalid(format!("Invalid DB engine: {other}"))),
    }
}

fn master_user(call: &Call) -> Result<(), Refusal> {
    if input::flag(call, "ManageMasterUserPassword")? {
        return input::required(call, "MasterUsername").map(drop);
    }
    input::required(call, "MasterUsername")?;
    let length = input::required(call, "MasterUserPassword")?.len();
    if (8..=41).contains(&length) {
        return Ok(());
    }
    let why = "The parameter MasterUserPassword must have from 8 to 41 characters.";
    Err(Refusal::invalid(why))
}
