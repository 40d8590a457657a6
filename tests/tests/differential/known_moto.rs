//! What moto answers otherwise than the simulator: RDS. A long file, but a list.

use crate::{
    known::{
        Decided::{By, Undecided},
        Known,
    },
    step::Step,
};

/// A page of the API's reference.
macro_rules! api {
    ($page:literal) => {
        By(concat!(
            "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/",
            $page,
            ".html"
        ))
    };
}

/// A page of Aurora's user guide.
macro_rules! guide {
    ($page:literal) => {
        By(concat!(
            "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/",
            $page,
            ".html"
        ))
    };
}

const SEVERAL: &str = "which of a call's several faults is told is not documented";
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
const ALL: &[&str] = &[
    "AddTagsToResource",
    "CopyDBClusterSnapshot",
    "CreateDBClusterParameterGroup",
    "CreateDBClusterSnapshot",
    "DeleteDBCluster",
    "DeleteDBClusterSnapshot",
    "DeleteDBInstance",
    "ListTagsForResource",
    "RemoveTagsFromResource",
    "StartDBCluster",
    "StopDBCluster",
];

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        ALL,
        "outcome",
        ("400 MissingParameter", "500 without a code"),
        "a required parameter is missing: it is told which",
        api!("CommonErrors"),
    ),
    Known::new(
        &["AddTagsToResource"],
        "outcome",
        ("404 *", "ok"),
        "tags for what there is not",
        api!("API_AddTagsToResource"),
    ),
    Known::new(
        &["RemoveTagsFromResource"],
        "outcome",
        ("404 *", "ok"),
        "tags of what there is not",
        api!("API_RemoveTagsFromResource"),
    ),
    Known::new(
        &["ListTagsForResource"],
        "outcome",
        ("404 *", "ok"),
        "tags of what there is not",
        api!("API_ListTagsForResource"),
    ),
    Known::new(
        &[
            "AddTagsToResource",
            "CopyDBClusterSnapshot",
            "CreateDBCluster",
            "CreateDBClusterSnapshot",
            "CreateDBInstance",
        ],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "a tag's key is empty, begins with aws: or has other characters than those allowed",
        api!("API_Tag"),
    )
    .when(bad_tags)
    .parting(),
    Known::new(
        &["CreateDBCluster"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "an identifier of more than 63 characters, or not of letters, digits and single hyphens",
        api!("API_CreateDBCluster"),
    )
    .when(bad_id)
    .parting(),
    Known::new(
        &["CreateDBClusterSnapshot"],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "an identifier of more than 63 characters, or not of letters, digits and single hyphens",
        api!("API_CreateDBClusterSnapshot"),
    )
    .when(bad_id)
    .parting(),
    Known::new(
        &["CopyDBClusterSnapshot"],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "an identifier of more than 63 characters, or not of letters, digits and single hyphens",
        api!("API_CopyDBClusterSnapshot"),
    )
    .when(bad_id)
    .parting(),
    Known::new(
        &["CreateDBCluster"],
        "outcome",
        ("400 DBClusterAlreadyExistsFault", "*"),
        "the cluster is there: moto puts a new one in its place",
        api!("API_CreateDBCluster"),
    )
    .parting(),
    Known::new(
        &["CreateDBClusterSnapshot"],
        "outcome",
        ("400 InvalidDBClusterStateFault", "ok"),
        "a snapshot of a stopped cluster",
        api!("API_CreateDBClusterSnapshot"),
    )
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("400 InvalidDBClusterStateFault", "ok"),
        "a new instance for a stopped cluster, to which none can be added",
        guide!("aurora-cluster-stop-start"),
    )
    .parting(),
    Known::new(
        &["DeleteDBInstance"],
        "outcome",
        ("400 InvalidDBInstanceState", "ok"),
        "an instance of a stopped cluster, from which none can be removed",
        guide!("aurora-cluster-stop-start"),
    )
    .parting(),
    Known::new(
        &["DeleteDBCluster"],
        "outcome",
        ("400 InvalidParameterCombination", "*"),
        "either a final snapshot is named or it is skipped, not both and not neither",
        api!("API_DeleteDBCluster"),
    )
    .parting(),
    Known::new(
        &["DeleteDBInstance"],
        "outcome",
        ("400 InvalidParameterCombination", "ok"),
        "a final snapshot that is named and skipped",
        api!("API_DeleteDBInstance"),
    )
    .parting(),
    Known::new(
        &["CreateDBCluster"],
        "outcome",
        ("404 DBClusterParameterGroupNotFound", "ok"),
        "a parameter group that is not there",
        api!("API_CreateDBCluster"),
    )
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a promotion tier above 15, or a class that is none",
        api!("API_CreateDBInstance"),
    )
    .when(bad_instance)
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("400 InvalidParameterValue", "40*"),
        "a promotion tier above 15 or a class that is none, for an instance that is there or a \
         cluster that is not",
        Undecided(SEVERAL),
    )
    .when(bad_instance),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("*", "400 DBInstanceAlreadyExists"),
        "the instance is there, and something else is wrong",
        Undecided(SEVERAL),
    )
    .when(|step| !bad_instance(step) && !bad_tags(step)),
    Known::new(
        &["CopyDBClusterSnapshot", "CreateDBClusterSnapshot"],
        "outcome",
        ("4*", "400 DBClusterSnapshotAlreadyExistsFault"),
        "the new snapshot is there, and what it shall be taken of is not, or is stopped",
        Undecided(SEVERAL),
    )
    .when(|step| !bad_id(step) && !bad_tags(step)),
    Known::new(
        &["DescribeDBClusters"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a marker that no answer had: moto has no pages",
        Undecided("the reference says that a marker comes from an earlier answer, and no more"),
    )
    .when(|step| step.has("Marker")),
    Known::new(
        &["DescribeDBClusterSnapshots"],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "MaxRecords is from 20 to 100",
        api!("API_DescribeDBClusterSnapshots"),
    )
    .when(bad_size),
    Known::new(
        &["DescribeDBInstances"],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "MaxRecords is from 20 to 100",
        api!("API_DescribeDBInstances"),
    )
    .when(bad_size),
    Known::new(
        &["DescribeDBClusterSnapshots"],
        "outcome",
        ("400 InvalidParameterValue", "*"),
        "a snapshot type that there is not",
        api!("API_DescribeDBClusterSnapshots"),
    )
    .when(|step| !bad_size(step) && step.get("SnapshotType").as_deref() == Some("odd")),
    Known::new(
        &["DescribeDBClusterSnapshots"],
        "outcome",
        ("400 InvalidParameterCombination", "ok"),
        "a snapshot and a cluster can't both be named",
        api!("API_DescribeDBClusterSnapshots"),
    ),
    Known::new(
        &["DescribeDBClusterParameterGroups"],
        "outcome",
        ("ok", "404 DBParameterGroupNotFound"),
        "the default group of a cluster's family is there",
        guide!("USER_WorkingWithParamGroups"),
    ),
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

fn bad_tags(step: &Step) -> bool {
    let tags = step.pairs("Tags").unwrap_or_default();
    let bad =
        |key: &str, value: &str| key.is_empty() || key.starts_with("aws:") || value.contains('#');
    tags.iter().any(|(key, value)| bad(key, value))
}

/// Whether the name for the new thing is none.
fn bad_id(step: &Step) -> bool {
    let member = match step.operation {
        "CreateDBCluster" => "DBClusterIdentifier",
        "CreateDBClusterSnapshot" => "DBClusterSnapshotIdentifier",
        _ => "TargetDBClusterSnapshotIdentifier",
    };
    let id = step.get(member).unwrap_or_default();
    let begins = id.starts_with(|c: char| c.is_ascii_alphabetic());
    let wrong = id.ends_with('-') || id.contains("--") || id.contains('_');
    !begins || wrong || id.len() > 63
}

fn bad_instance(step: &Step) -> bool {
    let tier = step.number("PromotionTier").unwrap_or(0);
    let class = step.get("DBInstanceClass").unwrap_or_default();
    tier > 15 || !class.starts_with("db.")
}

fn bad_size(step: &Step) -> bool {
    let size = step.number("MaxRecords").unwrap_or(100);
    !(20..=100).contains(&size)
}
