//! The instances of a DB cluster and the endpoints by which they are reached, as RDS describes
//! them.

use std::fmt;

use crate::{ClusterStatus, Tags, cluster::statuses};

/// Where a DB cluster is reached, and which instance does what.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterEndpoints {
    /// The identifier, as RDS stores it: lower case.
    pub id: String,
    /// The Amazon resource name.
    pub arn: String,
    /// The engine: `aurora-mysql`.
    pub engine: String,
    /// The engine's version: `8.0.mysql_aurora.3.10.1`.
    pub version: String,
    /// What the cluster is doing now.
    pub status: ClusterStatus,
    /// The cluster endpoint, whose host name follows the writer.
    pub writer: Option<String>,
    /// The reader endpoint, whose host name leads to one reader after another, and to the writer
    /// where there is none.
    pub reader: Option<String>,
    /// The host names of the custom endpoints.
    pub custom: Vec<String>,
    /// The TCP port, the same for all endpoints.
    pub port: Option<u16>,
    /// Its instances, in RDS's order.
    pub members: Vec<Member>,
    /// The name of the master user.
    pub master: Option<String>,
    /// The tags it carries.
    pub tags: Tags,
}

impl ClusterEndpoints {
    /// Whether `host` is an endpoint of the cluster as a whole. Those of its instances come with
    /// the [`Instance`]s. Host names are compared as DNS does: without regard to case or to a dot
    /// at the end.
    #[must_use]
    pub fn listens_at(&self, host: &str) -> bool {
        let of_cluster = self.writer.iter().chain(&self.reader).chain(&self.custom);
        of_cluster.into_iter().any(|own| same_host(own, host))
    }
}

/// One instance, as its cluster lists it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterMember.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The instance's identifier.
    pub id: String,
    /// Whether it is the writer; the others are readers.
    pub writer: bool,
}

/// One instance of a cluster.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The identifier, as RDS stores it: lower case.
    pub id: String,
    /// The identifier of its cluster.
    pub cluster: String,
    /// What it is doing now.
    pub status: InstanceStatus,
    /// Host name and TCP port; RDS gives none while the instance is being created.
    pub endpoint: Option<(String, u16)>,
}

impl Instance {
    /// Whether `host` is this instance's endpoint, compared as DNS does.
    #[must_use]
    pub fn listens_at(&self, host: &str) -> bool {
        let own = self.endpoint.as_ref();
        own.is_some_and(|(own, _)| same_host(own, host))
    }
}

fn same_host(a: &str, b: &str) -> bool {
    let bare = |host: &str| host.trim_end_matches('.').to_ascii_lowercase();
    !bare(a).is_empty() && bare(a) == bare(b)
}

statuses! {
    /// What an instance is doing.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Overview.DBInstance.Status>
    InstanceStatus {
        Available = "available",
        BackingUp = "backing-up",
        Backtracking = "backtracking",
        ConfiguringEnhancedMonitoring = "configuring-enhanced-monitoring",
        ConfiguringIamDatabaseAuth = "configuring-iam-database-auth",
        ConfiguringLogExports = "configuring-log-exports",
        ConvertingToVpc = "converting-to-vpc",
        Creating = "creating",
        DeletePrecheck = "delete-precheck",
        Deleting = "deleting",
        Failed = "failed",
        InaccessibleEncryptionCredentials = "inaccessible-encryption-credentials",
        InaccessibleEncryptionCredentialsRecoverable = "inaccessible-encryption-credentials-recoverable",
        IncompatibleCreate = "incompatible-create",
        IncompatibleNetwork = "incompatible-network",
        IncompatibleOptionGroup = "incompatible-option-group",
        IncompatibleParameters = "incompatible-parameters",
        IncompatibleRestore = "incompatible-restore",
        InsufficientCapacity = "insufficient-capacity",
        Maintenance = "maintenance",
        Modifying = "modifying",
        MovingToVpc = "moving-to-vpc",
        Rebooting = "rebooting",
        Renaming = "renaming",
        ResettingMasterCredentials = "resetting-master-credentials",
        RestoreError = "restore-error",
        Starting = "starting",
        Stopped = "stopped",
        Stopping = "stopping",
        StorageConfigUpgrade = "storage-config-upgrade",
        StorageFull = "storage-full",
        StorageInitialization = "storage-initialization",
        StorageOptimization = "storage-optimization",
        Upgrading = "upgrading",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITER: &str = "orders.cluster-abc.eu-central-1.rds.amazonaws.com";

    fn endpoints() -> ClusterEndpoints {
        ClusterEndpoints {
            id: "orders".into(),
            arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
            engine: "aurora-mysql".into(),
            version: "8.0.mysql_aurora.3.10.1".into(),
            status: ClusterStatus::Available,
            writer: Some(WRITER.into()),
            reader: None,
            custom: vec!["reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com".into()],
            port: Some(3306),
            members: vec![],
            master: None,
            tags: Tags::default(),
        }
    }

    #[test]
    fn every_known_status_reads_back() {
        for status in InstanceStatus::KNOWN {
            assert_eq!(&InstanceStatus::parse(&status.to_string()), status);
        }
        assert_eq!(
            InstanceStatus::parse("Defragmenting"),
            InstanceStatus::Unknown("defragmenting".into())
        );
    }

    #[test]
    fn a_host_is_an_endpoint_of_the_cluster_however_it_is_spelt() {
        let mut orders = endpoints();
        assert!(orders.listens_at(WRITER));
        assert!(orders.listens_at(&format!("{}.", WRITER.to_uppercase())));
        assert!(orders.listens_at(&orders.custom[0]));
        assert!(!orders.listens_at("orders.cluster-ro-abc.eu-central-1.rds.amazonaws.com"));
        assert!(!orders.listens_at("evil.example.com"));
        orders.reader = Some("orders.cluster-ro-abc.eu-central-1.rds.amazonaws.com".into());
        assert!(orders.listens_at("orders.cluster-ro-abc.eu-central-1.rds.amazonaws.com"));
        orders.writer = Some(String::new());
        assert!(!orders.listens_at(""));
    }

    #[test]
    fn an_instance_that_is_being_created_listens_nowhere() {
        let mut reader = Instance {
            id: "orders-2".into(),
            cluster: "orders".into(),
            status: InstanceStatus::Creating,
            endpoint: None,
        };
        assert!(!reader.listens_at(""));
        reader.endpoint = Some(("orders-2.abc.eu-central-1.rds.amazonaws.com".into(), 3306));
        assert!(reader.listens_at("ORDERS-2.abc.eu-central-1.rds.amazonaws.com"));
        assert!(!reader.listens_at("orders-1.abc.eu-central-1.rds.amazonaws.com"));
    }
}
