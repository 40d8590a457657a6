//! What RDS keeps, as far as it is simulated.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Tags, by key.
pub type Tags = BTreeMap<String, String>;

/// A DB cluster. <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its identifier, in lower case.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// `available`, `stopped`, …
    pub status: String,
    /// `aurora-mysql`.
    pub engine: String,
    /// `8.0.mysql_aurora.3.08.0`.
    pub engine_version: String,
    /// Its cluster parameter group.
    pub parameter_group: String,
    /// Whether it may not be deleted.
    pub deletion_protection: bool,
    /// The members' identifiers; the first is the writer.
    pub members: Vec<String>,
    /// Between what its members of the class `db.serverless` scale; none where it may have none.
    pub serverless: Option<Serverless>,
    /// The mode of Database Insights, which its members inherit: `standard` or `advanced`.
    pub insights: String,
    /// When it was created.
    pub created: Timestamp,
    /// Its tags.
    pub tags: Tags,
}

/// Between what members of the class `db.serverless` scale, in halves of an Aurora capacity unit.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfigurationInfo.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serverless {
    /// The least: 1 is half a unit.
    pub least: u16,
    /// The most: 2 is one unit.
    pub most: u16,
}

/// A DB cluster snapshot.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterSnapshot.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its identifier, in lower case; of a shared one, its ARN.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The cluster it was taken of, which may be gone.
    pub cluster: String,
    /// `manual`, `automated`, `shared` or `awsbackup`.
    pub kind: String,
    /// `creating`, `available`, `failed`, `copying`, `deleting`.
    pub status: String,
    /// From 0 to 100.
    pub percent: u8,
    /// When it was begun.
    pub created: Timestamp,
    /// What engine it is of.
    pub engine: String,
    /// Of what it is a copy, by ARN.
    pub source: Option<String>,
    /// The accounts it is shared with; `all` for everybody.
    pub shared_with: Vec<String>,
    /// How many copies or restores read from it at present: while there is one, it can't be
    /// deleted.
    pub in_use: u32,
    /// Its tags.
    pub tags: Tags,
}

/// A DB instance that is a member of a cluster.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its identifier, in lower case.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The cluster it is a member of.
    pub cluster: String,
    /// `creating`, `available`, `rebooting`, `deleting`, …
    pub status: String,
    /// `db.r6g.large`.
    pub class: String,
    /// `eu-central-1a`.
    pub zone: String,
    /// From 0 (first to be promoted) to 15.
    pub promotion_tier: u8,
    /// Its parameter group.
    pub parameter_group: String,
    /// Whether it may not be deleted.
    pub deletion_protection: bool,
    /// When its creation was begun.
    pub created: Timestamp,
    /// Whether it was ever more than begun. Before, it has no endpoint and no time of creation.
    pub ready: bool,
    /// What else a reader inherits from its siblings, by the API's names:
    /// `MonitoringInterval`, `PerformanceInsightsEnabled`, `CACertificateIdentifier`, …
    pub settings: BTreeMap<String, String>,
    /// Its tags.
    pub tags: Tags,
}

/// A parameter group, of clusters or of instances.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterParameterGroup.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterGroup {
    /// Its name, in lower case.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `aurora-mysql8.0`.
    pub family: String,
    /// What it is for.
    pub description: String,
    /// The parameters it sets.
    pub parameters: BTreeMap<String, String>,
    /// Its tags.
    pub tags: Tags,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceType {
    /// `db-cluster`
    Cluster,
    /// `db-instance`
    Instance,
    /// `db-cluster-snapshot`
    ClusterSnapshot,
}

/// An event, as `DescribeEvents` lists it and `EventBridge` delivers it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `RDS-EVENT-0075`. The API does not give it, `EventBridge` does.
    pub id: &'static str,
    /// What it is about.
    pub source_type: SourceType,
    /// The identifier of what it is about.
    pub source: String,
    /// The ARN of what it is about.
    pub arn: String,
    /// `backup`, `failover`, …
    pub categories: Vec<&'static str>,
    /// RDS's sentence.
    pub message: String,
    /// When it happened.
    pub at: Timestamp,
}

/// How many of what the account may have in the region.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Manual cluster snapshots.
    pub manual_snapshots: usize,
    /// DB instances.
    pub instances: usize,
    /// DB clusters.
    pub clusters: usize,
    /// Snapshot copies under way to one region.
    pub copies: usize,
}

impl Default for Quotas {
    /// What an account has that asked for no more.
    fn default() -> Self {
        Self {
            manual_snapshots: 100,
            instances: 40,
            clusters: 40,
            copies: 5,
        }
    }
}

/// What happens by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A snapshot is complete, or has failed.
    SnapshotDone(String),
    /// A snapshot that was being deleted is gone.
    SnapshotGone(String),
    /// A cluster's status becomes this, if it still is the one named first.
    Cluster {
        /// Which cluster.
        id: String,
        /// What its status must still be.
        from: String,
        /// What it becomes.
        to: String,
    },
    /// A cluster that was being deleted is gone.
    ClusterGone(String),
    /// An instance's status becomes this, if it still is the one named first.
    Instance {
        /// Which instance.
        id: String,
        /// What its status must still be.
        from: String,
        /// What it becomes.
        to: String,
    },
    /// An instance that was being deleted is gone.
    InstanceGone(String),
    /// A custom endpoint leads where it is to lead now.
    EndpointModified(String),
    /// A restore no longer reads from this snapshot.
    Released(String),
}
