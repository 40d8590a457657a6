//! The readers of a DB cluster with all that a further one is made after.

use jiff::Timestamp;

use crate::{ClusterStatus, InstanceStatus, Member, Span, Tags};

/// For so long scale-readers heeds it when remedy-alarm asks for a reader. It looks every few minutes, and
/// a reader takes about ten.
pub const REQUEST_HEEDED: Span = Span::seconds(15 * 60);

/// A DB cluster, as far as its readers go.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderCluster {
    /// The identifier, as RDS stores it: lower case.
    pub id: String,
    /// The Amazon resource name.
    pub arn: String,
    /// The engine: `aurora-mysql`.
    pub engine: String,
    /// What it is doing now.
    pub status: ClusterStatus,
    /// The tags it carries.
    pub tags: Tags,
    /// Its instances, in RDS's order.
    pub members: Vec<Member>,
    /// The Availability Zones of its volume, in which its instances can be as well, where the DB subnet
    /// group has a subnet in them.
    pub zones: Vec<String>,
    /// Whether it has a capacity range, which instances of the class `db.serverless` need.
    pub serverless: bool,
}

/// One instance of a cluster, as a sibling of others.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbInstance {
    /// The identifier, as RDS stores it: lower case.
    pub id: String,
    /// The Amazon resource name.
    pub arn: String,
    /// The identifier of its cluster.
    pub cluster: String,
    /// What it is doing now.
    pub status: InstanceStatus,
    /// The instance class: `db.r7g.large`.
    pub class: String,
    /// The Availability Zone, once there is one.
    pub zone: Option<String>,
    /// When it was created; RDS gives no time while that is going on.
    pub created: Option<Timestamp>,
    /// The tags it carries.
    pub tags: Tags,
    /// What else it is like.
    pub settings: InstanceSettings,
}

/// What a new reader has in common with its siblings. `None` leaves it to RDS.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceSettings {
    /// The DB parameter group.
    pub parameter_group: Option<String>,
    /// Seconds between two points of Enhanced Monitoring; 0 for none.
    pub monitoring_interval: Option<i32>,
    /// The ARN of the role by which RDS writes Enhanced Monitoring.
    pub monitoring_role: Option<String>,
    /// Whether Performance Insights is on.
    pub performance_insights: Option<bool>,
    /// The KMS key of its data.
    pub performance_insights_key: Option<String>,
    /// For how many days it keeps them.
    pub performance_insights_days: Option<i32>,
    /// The certificate authority of the server's certificate.
    pub ca: Option<String>,
    /// Whether minor versions are installed by themselves.
    pub auto_minor_upgrade: Option<bool>,
    /// The weekly maintenance window: `sun:03:00-sun:03:30`.
    pub maintenance_window: Option<String>,
}

impl InstanceSettings {
    /// The same with the Performance Insights of `other`.
    #[must_use]
    pub fn with_insights_of(self, other: &Self) -> Self {
        Self {
            performance_insights: other.performance_insights,
            performance_insights_key: other.performance_insights_key.clone(),
            performance_insights_days: other.performance_insights_days,
            ..self
        }
    }
}

/// A reader to be created. It is never reachable from the internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReader {
    /// Its identifier.
    pub id: String,
    /// The cluster's.
    pub cluster: String,
    /// The cluster's engine.
    pub engine: String,
    /// The instance class.
    pub class: String,
    /// The Availability Zone; `None` leaves it to RDS.
    pub zone: Option<String>,
    /// How much a failover prefers it: from 0, most, to 15, least.
    pub promotion_tier: u8,
    /// What it has in common with its siblings.
    pub settings: InstanceSettings,
    /// Its tags.
    pub tags: Tags,
}

/// A custom endpoint of a cluster.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEndpoint {
    /// Its identifier.
    pub id: String,
    /// Whether it leads to readers only: not to one of its lists that has become the writer.
    pub readers_only: bool,
    /// The instances it leads to. Where there are none, it leads to all but the excluded.
    pub members: Vec<String>,
    /// The instances that it does not lead to.
    pub excluded: Vec<String>,
}
