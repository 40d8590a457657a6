//! What of RDS moto refuses otherwise than the simulator, or not at all.

use super::{
    Decided::{By, Undecided},
    Known,
};
use crate::step::Step;

const RETENTION: &str = "PerformanceInsightsRetentionPeriod";
const SEVERAL: &str = "which of a call's several faults is told is not documented";
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
        "a promotion tier above 15, or a class, a zone, a window or a retention period that is none",
        api!("API_CreateDBInstance"),
    )
    .when(bad_instance)
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("400 InvalidParameterValue", "40*"),
        "the same, for an instance that is there or a cluster that is not",
        Undecided(SEVERAL),
    )
    .when(bad_instance),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("404 CertificateNotFound", "ok"),
        "an authority that there is not",
        api!("API_CreateDBInstance"),
    )
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("400 InvalidParameterCombination", "ok"),
        "a retention period for Performance Insights that are not enabled",
        api!("API_CreateDBInstance"),
    )
    .when(untimely)
    .parting(),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("40*", "40*"),
        "settings that make no sense, and something else is wrong",
        Undecided(SEVERAL),
    )
    .when(|step| untimely(step) || step.is("CACertificateIdentifier", &["rds-ca-2015"])),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("4*", "404 DBParameterGroupNotFound"),
        "a parameter group that is not there, and something else is wrong",
        Undecided(SEVERAL),
    ),
    Known::new(
        &["DescribeDBClusterEndpoints", "ModifyDBClusterEndpoint"],
        "outcome",
        ("*", "500 without a code"),
        "moto has no custom endpoints",
        api!("API_DescribeDBClusterEndpoints"),
    ),
    Known::new(
        &["CreateDBInstance"],
        "outcome",
        ("*", "400 DBInstanceAlreadyExists"),
        "the instance is there, and something else is wrong",
        Undecided(SEVERAL),
    ),
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
    let days = step.number(RETENTION).unwrap_or(7);
    let zone = step.is("AvailabilityZone", &["us-east-1a"]);
    let window = step.is("PreferredMaintenanceWindow", &["sunday night"]);
    tier > 15 || !class.starts_with("db.") || days == 94 || zone || window
}

/// Whether there is a retention period for Performance Insights that there are not.
fn untimely(step: &Step) -> bool {
    step.has(RETENTION) && step.flag("EnablePerformanceInsights") != Some(true)
}

fn bad_size(step: &Step) -> bool {
    let size = step.number("MaxRecords").unwrap_or(100);
    !(20..=100).contains(&size)
}
