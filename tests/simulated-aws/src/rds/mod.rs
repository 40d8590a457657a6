//! RDS, as far as it concerns Aurora clusters.

mod account;
mod changes;
mod clusters;
mod due;
mod endpoints;
mod events;
mod filters;
mod history;
mod ids;
mod input;
mod instances;
mod model;
mod new;
mod onward;
mod operations;
mod out;
mod paging;
mod parameters;
mod refusals;
mod show;
mod snapshots;
mod tagging;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use endpoints::ClusterEndpoint;
pub use model::{
    Change, Cluster, Event, Instance, ParameterGroup, Quotas, Serverless, Snapshot, SourceType,
    Tags,
};
pub use operations::modelled_refusals;

use crate::{At, Call, Refusal, Views};
use due::Due;
use out::Out;
use parameters::Kind;

/// The RDS of one account in one region.
#[derive(Clone, Debug, Default)]
pub struct Rds {
    /// Clusters by identifier.
    pub clusters: Views<Cluster>,
    /// Instances by identifier.
    pub instances: Views<Instance>,
    /// Custom endpoints by identifier.
    pub endpoints: Views<ClusterEndpoint>,
    /// Snapshots by identifier; shared ones by ARN.
    pub snapshots: Views<Snapshot>,
    /// Cluster parameter groups by name.
    pub cluster_parameter_groups: Views<ParameterGroup>,
    /// Instance parameter groups by name.
    pub parameter_groups: Views<ParameterGroup>,
    /// The events so far, oldest first.
    pub events: Vec<Event>,
    /// How many of what there may be.
    pub quotas: Quotas,
    /// The classes that are not offered for the clusters' engine.
    pub not_offered: BTreeSet<String>,
    /// Where real servers stand in for clusters and instances, by their identifiers: host and
    /// port. The others have endpoints that lead nowhere.
    pub servers: BTreeMap<String, (String, u16)>,
    under_way: UnderWay,
}

/// What goes on besides what can be seen.
#[derive(Clone, Debug, Default)]
struct UnderWay {
    snapshots: Due,
    clusters: Due,
    instances: Due,
    endpoints: Due,
    /// Since when the stopped clusters are stopped.
    stopped: BTreeMap<String, Timestamp>,
    /// Which instance is to be the writer of the clusters that fail over.
    failovers: BTreeMap<String, String>,
    /// Whether there was a class to be had in a zone, and until when that is the answer.
    capacity: BTreeMap<(String, String), (bool, Timestamp)>,
}

impl Rds {
    pub(crate) fn remember(&mut self, keep: SignedDuration) {
        self.clusters.remember(keep);
        self.instances.remember(keep);
        self.endpoints.remember(keep);
        self.snapshots.remember(keep);
        self.cluster_parameter_groups.remember(keep);
        self.parameter_groups.remember(keep);
    }

    pub(crate) fn answer(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let answer = self.carried_out(call, at);
        let refusal = answer.as_ref().err();
        debug_assert!(
            refusal.is_none_or(|refusal| operations::expects(&call.operation, refusal)),
            "{}: {refusal:?}",
            call.operation
        );
        answer.map(Out::finished)
    }

    fn carried_out(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        operations::simulated(call)?;
        match call.operation.as_str() {
            "AddTagsToResource" => self.add_tags(call, at),
            "CopyDBClusterSnapshot" => self.copy_snapshot(call, at),
            "CreateDBCluster" => self.create_cluster(call, at),
            "CreateDBClusterParameterGroup" => self.create_group(call, at),
            "CreateDBClusterSnapshot" => self.create_snapshot(call, at),
            "CreateDBInstance" => self.create_instance(call, at),
            "DeleteDBCluster" => self.delete_db_cluster(call, at),
            "DeleteDBClusterSnapshot" => self.delete_db_cluster_snapshot(call, at),
            "DeleteDBInstance" => self.delete_db_instance(call, at),
            "DescribeAccountAttributes" => Ok(self.describe_account()),
            "DescribeDBClusterEndpoints" => self.describe_endpoints(call, at),
            "DescribeDBClusterParameterGroups" => self.describe_groups(Kind::Cluster, call, at),
            "DescribeDBClusterParameters" => self.describe_parameters(Kind::Cluster, call, at),
            "DescribeDBClusterSnapshotAttributes" => self.describe_snapshot_attributes(call, at),
            "DescribeDBClusterSnapshots" => self.describe_snapshots(call, at),
            "DescribeDBClusters" => self.describe_clusters(call, at),
            "DescribeDBInstances" => self.describe_instances(call, at),
            "DescribeDBParameterGroups" => self.describe_groups(Kind::Instance, call, at),
            "DescribeDBParameters" => self.describe_parameters(Kind::Instance, call, at),
            "DescribeEvents" => self.describe_events(call, at),
            "FailoverDBCluster" => self.failover_cluster(call, at),
            "ListTagsForResource" => self.list_tags(call, at),
            "ModifyDBClusterEndpoint" => self.modify_endpoint(call, at),
            "ModifyDBClusterParameterGroup" => self.modify_group(call, at),
            "ModifyDBClusterSnapshotAttribute" => self.modify_snapshot_attribute(call, at),
            "RebootDBInstance" => self.reboot_instance(call, at),
            "RemoveTagsFromResource" => self.remove_tags(call, at),
            "RestoreDBClusterFromSnapshot" => self.restore_cluster(call, at),
            "StartDBCluster" => self.start_cluster(call, at),
            "StopDBCluster" => self.stop_cluster(call, at),
            _ => Err(Refusal::unknown_operation(call)),
        }
    }
}
