//! Calls to RDS.

use fastrand::Rng;
use nightshift_tests::lambda::{ACCOUNT, REGION};

use super::{any, seldom};
use crate::step::Step;

const CLUSTERS: [&str; 4] = ["alpha", "beta", "gamma", "nobody"];
const INSTANCES: [&str; 4] = ["alpha-1", "alpha-2", "beta-1", "none-1"];
const SNAPSHOTS: [&str; 4] = ["first", "second", "third", "missing"];
const GROUPS: [&str; 3] = ["own", "other", "default.aurora-mysql8.0"];
const TAGS: [&str; 4] = ["a=1", "a=2,b=x y", "team=orders,b=", ""];
const BAD_TAGS: [&str; 3] = ["aws:a=1", "a=no#", "=1"];
const BAD_IDS: [&str; 5] = ["1st", "a--b", "end-", "un_der", LONG];
const LONG: &str = "a234567890123456789012345678901234567890123456789012345678901234";

/// With what every sequence begins: a cluster with a writer and a reader.
pub fn begin() -> Vec<Step> {
    let cluster = |id| cluster(id).with("Tags", Some("team=orders"));
    vec![
        cluster("alpha"),
        instance("alpha-1", "alpha"),
        instance("alpha-2", "alpha"),
        cluster("beta"),
    ]
}

fn cluster(id: &str) -> Step {
    let given = [
        ("DBClusterIdentifier", id),
        ("Engine", "aurora-mysql"),
        ("EngineVersion", "8.0.mysql_aurora.3.08.0"),
        ("DBClusterParameterGroupName", "default.aurora-mysql8.0"),
        ("MasterUsername", "admin"),
        ("MasterUserPassword", "not-a-secret"),
    ];
    Step::new("CreateDBCluster", &given)
}

fn instance(id: &str, of: &str) -> Step {
    let given = [
        ("DBInstanceIdentifier", id),
        ("DBClusterIdentifier", of),
        ("DBInstanceClass", "db.r6g.large"),
        ("Engine", "aurora-mysql"),
    ];
    Step::new("CreateDBInstance", &given)
}

/// A call.
pub fn generate(rng: &mut Rng) -> Step {
    match rng.u32(..30) {
        0..3 => create_snapshot(rng),
        3 => Step::new("DeleteDBClusterSnapshot", &[])
            .with("DBClusterSnapshotIdentifier", id(rng, &SNAPSHOTS)),
        4..8 => listing(rng),
        8..11 => tagging(rng),
        11 => create_cluster(rng),
        12 | 13 | 28 | 29 => create_instance(rng),
        14 => delete_instance(rng),
        15 | 20 | 21 => {
            Step::new("StopDBCluster", &[]).with("DBClusterIdentifier", id(rng, &CLUSTERS))
        }
        16 => Step::new("StartDBCluster", &[]).with("DBClusterIdentifier", id(rng, &CLUSTERS)),
        17 => delete_cluster(rng),
        18 => Step::new("CreateDBClusterParameterGroup", &[])
            .with("DBClusterParameterGroupName", id(rng, &GROUPS[..2]))
            .with("DBParameterGroupFamily", Some("aurora-mysql8.0"))
            .with("Description", Some("of a test")),
        26 => Step::new("DescribeDBClusterEndpoints", &[])
            .with("DBClusterIdentifier", seldom(rng, 2, &CLUSTERS)),
        27 => Step::new("ModifyDBClusterEndpoint", &[])
            .with("DBClusterEndpointIdentifier", id(rng, &["reports"]))
            .with("ExcludedMembers", seldom(rng, 2, &["alpha-2"])),
        19 => Step::new("DescribeDBClusterParameterGroups", &[])
            .with("DBClusterParameterGroupName", seldom(rng, 2, &GROUPS)),
        _ => copy(rng),
    }
}

/// Mostly one of these; now and then none at all.
fn id<'a>(rng: &mut Rng, of: &[&'a str]) -> Option<&'a str> {
    (rng.u32(..24) > 0).then(|| any(rng, of))
}

/// A name for something new: mostly one of these, now and then one that is not allowed.
fn new_id<'a>(rng: &mut Rng, of: &[&'a str]) -> Option<&'a str> {
    seldom(rng, 10, &BAD_IDS).or_else(|| id(rng, of))
}

fn some_tags(rng: &mut Rng) -> Option<&'static str> {
    seldom(rng, 16, &BAD_TAGS).or_else(|| seldom(rng, 2, &TAGS))
}

fn create_snapshot(rng: &mut Rng) -> Step {
    Step::new("CreateDBClusterSnapshot", &[])
        .with("DBClusterSnapshotIdentifier", new_id(rng, &SNAPSHOTS[..3]))
        .with("DBClusterIdentifier", id(rng, &CLUSTERS))
        .with("Tags", some_tags(rng))
}

fn copy(rng: &mut Rng) -> Step {
    let target = new_id(rng, &SNAPSHOTS[..3]);
    Step::new("CopyDBClusterSnapshot", &[])
        .with("SourceDBClusterSnapshotIdentifier", id(rng, &SNAPSHOTS))
        .with("TargetDBClusterSnapshotIdentifier", target)
        .with("CopyTags", seldom(rng, 1, &["true", "true", "false"]))
        .with("Tags", some_tags(rng))
}

fn listing(rng: &mut Rng) -> Step {
    match rng.u32(..6) {
        0 | 1 => {
            let snapshot = seldom(rng, 3, &SNAPSHOTS);
            let one_in = if snapshot.is_some() { 4 } else { 2 };
            Step::new("DescribeDBClusterSnapshots", &[])
                .with("DBClusterSnapshotIdentifier", snapshot)
                .with("DBClusterIdentifier", seldom(rng, one_in, &CLUSTERS))
                .with(
                    "SnapshotType",
                    seldom(rng, 3, &["manual", "automated", "odd"]),
                )
                .with("MaxRecords", seldom(rng, 5, &["20", "100", "19", "101"]))
        }
        2 => Step::new("DescribeDBClusters", &[])
            .with("DBClusterIdentifier", seldom(rng, 2, &CLUSTERS)),
        3 => {
            let filters = [
                "db-cluster-id=alpha",
                "db-cluster-id=nobody",
                "engine=aurora-mysql",
                "colour=red",
            ];
            Step::new("DescribeDBClusters", &[])
                .with("Filters", Some(any(rng, &filters)))
                .with("Marker", seldom(rng, 4, &["made-up"]))
        }
        4 => Step::new("DescribeDBInstances", &[])
            .with("DBInstanceIdentifier", seldom(rng, 2, &INSTANCES))
            .with("MaxRecords", seldom(rng, 4, &["100", "19"])),
        _ => {
            let filters = [
                "db-cluster-id=alpha",
                "db-instance-id=alpha-2",
                "colour=red",
            ];
            Step::new("DescribeDBInstances", &[])
                .with("Filters", Some(any(rng, &filters)))
                .with("MaxRecords", seldom(rng, 3, &["20", "19"]))
        }
    }
}

fn tagging(rng: &mut Rng) -> Step {
    let resource = match rng.u32(..3) {
        0 => format!("cluster:{}", any(rng, &CLUSTERS)),
        1 => format!("db:{}", any(rng, &INSTANCES)),
        _ => format!("cluster-snapshot:{}", any(rng, &SNAPSHOTS)),
    };
    let arn = format!("arn:aws:rds:{REGION}:{ACCOUNT}:{resource}");
    let arn = (rng.u32(..24) > 0).then_some(&*arn);
    match rng.u32(..3) {
        0 => Step::new("ListTagsForResource", &[]).with("ResourceName", arn),
        1 => {
            let tags = seldom(rng, 8, &BAD_TAGS).unwrap_or_else(|| any(rng, &TAGS[..3]));
            Step::new("AddTagsToResource", &[])
                .with("ResourceName", arn)
                .with("Tags", Some(tags))
        }
        _ => Step::new("RemoveTagsFromResource", &[])
            .with("ResourceName", arn)
            .with("TagKeys", Some(any(rng, &["a", "a,b", "gone", "team"]))),
    }
}

fn create_cluster(rng: &mut Rng) -> Step {
    let mut step = cluster(new_id(rng, &["alpha", "gamma"]).unwrap_or("gamma"));
    let spoilt = match rng.u32(..7) {
        0 => ("Engine", "oracle"),
        1 => ("MasterUserPassword", "short"),
        2 => ("DBClusterParameterGroupName", "nowhere"),
        3 => ("DBClusterParameterGroupName", "own"),
        _ => ("MasterUsername", "admin"),
    };
    for (name, value) in &mut step.parameters {
        if *name == spoilt.0 {
            spoilt.1.clone_into(value);
        }
    }
    step.with("DeletionProtection", seldom(rng, 4, &["true", "false"]))
        .with("Tags", some_tags(rng))
}

fn create_instance(rng: &mut Rng) -> Step {
    let names = ["alpha-2", "alpha-3", "beta-1", "beta-2"];
    let id = new_id(rng, &names).unwrap_or("beta-1");
    let mut step = instance(id, any(rng, &CLUSTERS));
    for (name, value) in TOLD[rng.usize(..TOLD.len())] {
        step.set(name, value);
    }
    if let Some(tier) = seldom(rng, 4, &["0", "2", "15", "16"]) {
        step.set("PromotionTier", tier);
    }
    step.with("Tags", some_tags(rng))
}

/// What an instance is told besides, sensible or not.
const TOLD: [&[(&str, &str)]; 18] = [
    &[],
    &[],
    &[],
    &[("Engine", "aurora-postgresql")],
    &[("DBInstanceClass", "large")],
    &[("AvailabilityZone", "eu-central-1c")],
    &[("AvailabilityZone", "us-east-1a")],
    &[("DBParameterGroupName", "nowhere")],
    &[
        ("AutoMinorVersionUpgrade", "false"),
        ("PubliclyAccessible", "true"),
    ],
    &[("CACertificateIdentifier", "rds-ca-rsa4096-g1")],
    &[("CACertificateIdentifier", "rds-ca-2015")],
    &[("EnablePerformanceInsights", "true"), (RETENTION, "93")],
    &[("EnablePerformanceInsights", "true"), (RETENTION, "94")],
    &[(RETENTION, "93")],
    &[
        ("MonitoringInterval", "60"),
        ("MonitoringRoleArn", "arn:aws:iam::123456789012:role/m"),
    ],
    &[("MonitoringInterval", "60")],
    &[("PreferredMaintenanceWindow", "sun:03:00-sun:04:00")],
    &[("PreferredMaintenanceWindow", "sunday night")],
];
const RETENTION: &str = "PerformanceInsightsRetentionPeriod";

fn delete_instance(rng: &mut Rng) -> Step {
    let last = seldom(rng, 4, &SNAPSHOTS[..3]);
    let skip = last.map(|_| "true").or(seldom(rng, 2, &["true"]));
    Step::new("DeleteDBInstance", &[])
        .with("DBInstanceIdentifier", id(rng, &INSTANCES))
        .with("SkipFinalSnapshot", skip)
        .with("FinalDBSnapshotIdentifier", last)
}

/// Those deleted here are never created again: moto would refuse it within the same minute, for
/// it keeps the old one's automated snapshot.
fn delete_cluster(rng: &mut Rng) -> Step {
    let last = seldom(rng, 3, &SNAPSHOTS[..3]);
    let skip = if last.is_none() { 2 } else { 8 };
    Step::new("DeleteDBCluster", &[])
        .with("DBClusterIdentifier", id(rng, &["beta", "beta", "nobody"]))
        .with("SkipFinalSnapshot", seldom(rng, skip, &["true"]))
        .with("FinalDBSnapshotIdentifier", last)
}
