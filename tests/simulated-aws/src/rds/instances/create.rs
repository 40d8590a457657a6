//! `CreateDBInstance`, for members of Aurora clusters.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>

use crate::{
    At, Call, Refusal,
    rds::{
        Cluster, Instance, Rds, clusters, ids, input,
        instances::{settings, turns::FAILURES},
        out::Out,
        refusals::{Code, combination, parameter_group_not_found},
        tags,
    },
};

/// A cluster's readers.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html>
const MOST_READERS: usize = 15;

impl Rds {
    pub(crate) fn create_instance(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let asked = requested(call, at)?;
        let cluster = self.named_cluster(&asked.cluster)?;
        engine_of(call, &cluster)?;
        self.offered(&asked, &cluster)?;
        self.room_for_instance(&asked, &cluster)?;
        let zone = self.zone_with_room(&asked.class, call.text("AvailabilityZone"), at)?;
        let instance = Instance { zone, ..asked };
        let id = instance.id.clone();
        self.begin_instance(instance, at);
        Ok(self.shown_instance(&id, at))
    }

    /// Whether the class is one of those for the cluster's engine, and serverless only in a cluster
    /// that says between what.
    fn offered(&self, asked: &Instance, cluster: &Cluster) -> Result<(), Refusal> {
        let class = &asked.class;
        if self.not_offered.contains(class) {
            return Err(combination(format!(
                "RDS does not support creating a DB instance with the following combination: \
                 DBInstanceClass={class}, Engine={}, EngineVersion={}, \
                 LicenseModel=general-public-license. For supported combinations of instance \
                 class and database engine version, see the documentation.",
                cluster.engine, cluster.engine_version
            )));
        }
        if class == "db.serverless" && cluster.serverless.is_none() {
            return Err(Code::InvalidClusterState.because(
                "Set the Serverless v2 scaling configuration on the parent DB cluster before \
                 creating a Serverless v2 DB instance.",
            ));
        }
        Ok(())
    }

    fn room_for_instance(&self, asked: &Instance, cluster: &Cluster) -> Result<(), Refusal> {
        let group = &asked.parameter_group;
        let most = self.quotas.instances;
        if self.instances.get(&asked.id).is_some() {
            return Err(Code::InstanceAlreadyExists.because("DB instance already exists"));
        }
        if !group.starts_with("default.") && self.parameter_groups.get(group).is_none() {
            return Err(parameter_group_not_found(group));
        }
        clusters::in_state(cluster, &["available", "backing-up", "creating"])?;
        if cluster.members.len() > MOST_READERS {
            let why = format!("Cannot create more than {MOST_READERS} readers of a DB cluster");
            return Err(Code::InstanceQuota.because(why));
        }
        if self.instances.len() >= most {
            let why = format!("Cannot create more than {most} DB instances");
            return Err(Code::InstanceQuota.because(why));
        }
        Ok(())
    }

    fn begin_instance(&mut self, instance: Instance, at: &mut At<'_>) {
        let id = instance.id.clone();
        let next = if at.whim.happens(at.whim.instance_fails) {
            FAILURES[at.whim.rng.usize(0..FAILURES.len())]
        } else if settings::monitored(&instance) {
            "configuring-enhanced-monitoring"
        } else {
            "available"
        };
        self.put_instance(instance, at);
        let ends = at.now + at.whim.between(at.whim.instance_takes);
        self.instance_will(&id, "creating", next, ends, at);
    }
}

/// What the call asks for, in no zone yet.
fn requested(call: &Call, at: &At<'_>) -> Result<Instance, Refusal> {
    let id = ids::new(call, "DBInstanceIdentifier", ids::LONGEST)?;
    let class = input::required(call, "DBInstanceClass")?;
    if !class.starts_with("db.") || class.split('.').any(str::is_empty) {
        return Err(Refusal::invalid(format!(
            "Invalid DB Instance class: {class}"
        )));
    }
    let cluster = call.text("DBClusterIdentifier").ok_or_else(|| {
        let why = "Only members of a DB cluster are simulated: name a DBClusterIdentifier.";
        combination(why)
    })?;
    let usual = Instance::new(at.place, &id, cluster, at.now);
    let group = call.text("DBParameterGroupName");
    Ok(Instance {
        status: "creating".into(),
        class: class.into(),
        promotion_tier: tier(call)?,
        parameter_group: group.unwrap_or(&usual.parameter_group).to_ascii_lowercase(),
        settings: settings::asked(call, at.place)?,
        tags: tags::of(call)?,
        ..usual
    })
}

fn tier(call: &Call) -> Result<u8, Refusal> {
    let tier = input::number(call, "PromotionTier")?.unwrap_or(1);
    let valid = u8::try_from(tier).ok().filter(|tier| *tier <= 15);
    valid.ok_or_else(|| Refusal::invalid(format!("Invalid promotion tier {tier}: from 0 to 15")))
}

fn engine_of(call: &Call, cluster: &Cluster) -> Result<(), Refusal> {
    let engine = input::required(call, "Engine")?;
    if engine == cluster.engine {
        return Ok(());
    }
    Err(combination(format!(
        "The engine name requested for your DB instance ({engine}) doesn't match the engine name \
         of your DB cluster ({}).",
        cluster.engine
    )))
}
