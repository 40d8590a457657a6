//! In what the answers of RDS differ between moto and the simulator.

use super::{
    Decided::{By, Undecided},
    Known,
};

const SNAPSHOTS: &[&str] = &[
    "CopyDBClusterSnapshot",
    "CreateDBClusterSnapshot",
    "DeleteDBClusterSnapshot",
    "DescribeDBClusterSnapshots",
];
const INSTANCES: &[&str] = &[
    "CreateDBInstance",
    "DeleteDBInstance",
    "DescribeDBInstances",
];
const CLUSTERS: &[&str] = &[
    "CreateDBCluster",
    "DeleteDBCluster",
    "DescribeDBClusters",
    "StartDBCluster",
    "StopDBCluster",
];

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        &["DescribeDBClusterParameterGroups"],
        "db_cluster_parameter_groups[]",
        ("default.*", "(nothing)"),
        "the default group of a cluster's family is there",
        guide!("USER_WorkingWithParamGroups"),
    ),
    Known::new(
        &["DescribeDBClusterSnapshots"],
        "db_cluster_snapshots[]",
        ("(nothing)", "rds:*"),
        "moto takes an automated snapshot with each new cluster",
        Undecided(
            "when the first one is taken is not documented; the simulator takes them when told",
        ),
    ),
    Known::new(
        SNAPSHOTS,
        "*.allocated_storage",
        ("0", "1"),
        "the storage of Aurora's snapshots, which grows by itself",
        Undecided("the reference says only that it is a number of GiB"),
    ),
    Known::new(
        SNAPSHOTS,
        "*.port",
        ("0", "3306"),
        "a snapshot's port",
        Undecided("the reference says that of its cluster, the examples beside it show 0"),
    ),
    Known::new(
        SNAPSHOTS,
        "*.availability_zones[]",
        ("eu-central-1*", "(nothing)"),
        "the zones in which it can be restored",
        api!("API_DBClusterSnapshot"),
    ),
    Known::new(
        SNAPSHOTS,
        "*.engine_mode",
        ("provisioned", "(nothing)"),
        "a snapshot tells the engine's mode",
        api!("API_DBClusterSnapshot"),
    ),
    Known::new(
        SNAPSHOTS,
        "*.iam_database_authentication_enabled",
        ("false", "(nothing)"),
        "a snapshot tells whether IAM may log in",
        api!("API_DBClusterSnapshot"),
    ),
    Known::new(
        SNAPSHOTS,
        "*.source_db_cluster_snapshot_arn",
        ("arn:*", "(nothing)"),
        "a copy tells its source",
        api!("API_DBClusterSnapshot"),
    ),
    Known::new(
        &["CreateDBClusterSnapshot"],
        "db_cluster_snapshot.status",
        ("creating", "available"),
        "a snapshot takes its time: moto's are complete at once",
        api!("API_CreateDBClusterSnapshot"),
    ),
    Known::new(
        &["CopyDBClusterSnapshot"],
        "db_cluster_snapshot.status",
        ("copying", "available"),
        "a copy takes its time: moto's are complete at once",
        api!("API_CopyDBClusterSnapshot"),
    ),
    Known::new(
        &["CopyDBClusterSnapshot", "CreateDBClusterSnapshot"],
        "db_cluster_snapshot.percent_progress",
        ("0", "100"),
        "the percentage of the data that has been transferred",
        api!("API_DBClusterSnapshot"),
    ),
    Known::new(
        &["DeleteDBClusterSnapshot"],
        "db_cluster_snapshot.status",
        ("deleting", "available"),
        "what is deleted is shown as it was, or as it becomes",
        Undecided("the status in this answer is not documented; nothing reads it"),
    ),
    Known::new(
        &["CopyDBClusterSnapshot"],
        "db_cluster_snapshot.tag_list[]",
        ("*", "(nothing)"),
        "a copy with both CopyTags and Tags has the tags of both; moto's has those of the call",
        Undecided("the reference says that CopyTags copies all tags, and nothing of both together"),
    )
    .when(|step| step.has("Tags") && step.flag("CopyTags") == Some(true))
    .parting_if(|_, told| told.code.is_none()),
    Known::new(
        &["CreateDBInstance"],
        "db_instance.db_instance_status",
        ("creating", "available"),
        "an instance takes its time: moto's are there at once",
        guide!("accessing-monitoring"),
    ),
    Known::new(
        INSTANCES,
        "*.db_parameter_groups[]",
        ("default.aurora-mysql8.0", "(nothing)"),
        "the default group is named after the family",
        guide!("USER_WorkingWithParamGroups"),
    ),
    Known::new(
        INSTANCES,
        "*.db_parameter_groups[]",
        ("(nothing)", "default.aurora-mysql8.0.mysql_aurora.3.08"),
        "the default group is named after the family",
        guide!("USER_WorkingWithParamGroups"),
    ),
    Known::new(
        INSTANCES,
        "*.ca_certificate_identifier",
        ("rds-ca-rsa2048-g1", "rds-ca-default"),
        "the authority of who named none; there is none of the name that moto gives",
        guide!("UsingWithRDS.SSL"),
    ),
    Known::new(
        INSTANCES,
        "*.publicly_accessible",
        ("false", "(nothing)"),
        "an instance tells whether it is public, said or not",
        api!("API_DBInstance"),
    ),
    Known::new(
        INSTANCES,
        "*.performance_insights_*",
        ("*", "(nothing)"),
        "an instance tells of its Performance Insights",
        api!("API_DBInstance"),
    ),
    Known::new(
        INSTANCES,
        "*.database_insights_mode",
        ("Standard", "(nothing)"),
        "an instance tells the mode of Database Insights of its cluster",
        api!("API_DBInstance"),
    ),
    Known::new(
        CLUSTERS,
        "*.database_insights_mode",
        ("Standard", "(nothing)"),
        "a cluster tells its mode of Database Insights",
        api!("API_DBCluster"),
    ),
    Known::new(
        INSTANCES,
        "*.endpoint.hosted_zone_id",
        ("*", "(nothing)"),
        "an endpoint has its hosted zone",
        api!("API_Endpoint"),
    ),
    Known::new(
        &["DescribeDBInstances"],
        "*.db_instance_status",
        ("stopped", "available"),
        "the instances of a stopped cluster are stopped",
        guide!("aurora-cluster-stop-start"),
    ),
    Known::new(
        CLUSTERS,
        "*.multi_az",
        ("true", "false"),
        "whether a cluster has instances in several zones: moto never says so",
        api!("API_DBCluster"),
    ),
    Known::new(
        &["StopDBCluster"],
        "db_cluster.status",
        ("stopping", "available"),
        "a cluster that stops is stopping",
        guide!("accessing-monitoring"),
    ),
    Known::new(
        &["StartDBCluster"],
        "db_cluster.status",
        ("starting", "started"),
        "a cluster that starts is starting; started is no status",
        guide!("accessing-monitoring"),
    ),
    Known::new(
        &["DeleteDBCluster"],
        "db_cluster.status",
        ("deleting", "*"),
        "a cluster that is being deleted is deleting",
        guide!("accessing-monitoring"),
    ),
];
