//! What RDS answers, as the model has it, and what becomes of what it leaves out.

use aurora_model::{ClusterStatus, NewSnapshot, Quota, SnapshotKind, SnapshotStatus, Tags};
use aws_sdk_rds::Client;
use aws_smithy_mocks::{Rule, mock};

use super::*;

const TAGS: &str = "<TagList><Tag><Key>nightshift:snapshot</Key><Value>nightly</Value></Tag>\
    <Tag><Key>empty</Key></Tag><Tag><Value>no key</Value></Tag></TagList>";

fn listed(operation: &'static str, items: String) -> Rule {
    match operation {
        "DescribeDBClusters" => mock!(Client::describe_db_clusters)
            .then_http_response(move || page(operation, &items, None)),
        "DescribeAccountAttributes" => mock!(Client::describe_account_attributes)
            .then_http_response(move || page(operation, &items, None)),
        _ => mock!(Client::describe_db_cluster_snapshots)
            .then_http_response(move || page(operation, &items, None)),
    }
}

fn tags() -> Tags {
    Tags::from_iter([("nightshift:snapshot", "nightly"), ("empty", "")])
}

#[tokio::test]
async fn a_cluster_with_all_its_fields() {
    let cluster = format!(
        "<DBClusters><DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier><Status>backing-up</Status>\
         <DBClusterArn>arn:aws:rds:eu-central-1:123456789012:cluster:orders</DBClusterArn>\
         <LatestRestorableTime>2026-11-21T01:55:00.250Z</LatestRestorableTime>\
         <Engine>aurora-mysql</Engine>{TAGS}</DBCluster></DBClusters>"
    );
    let read = aurora([&listed("DescribeDBClusters", cluster)])
        .clusters()
        .await
        .unwrap();
    let [cluster] = read.as_slice() else {
        panic!("one cluster");
    };
    assert_eq!(cluster.id, "orders");
    assert_eq!(
        cluster.arn,
        "arn:aws:rds:eu-central-1:123456789012:cluster:orders"
    );
    assert_eq!(cluster.status, ClusterStatus::BackingUp);
    assert_eq!(
        cluster.latest_restorable,
        Some(at("2026-11-21T01:55:00.25Z"))
    );
    assert_eq!(cluster.tags, tags());
}

#[tokio::test]
async fn what_a_cluster_lacks_is_unknown_and_not_guessed() {
    let clusters = "<DBClusters><DBCluster/><DBCluster><Status>Defragmenting</Status></DBCluster></DBClusters>";
    let read = aurora([&listed("DescribeDBClusters", clusters.into())])
        .clusters()
        .await
        .unwrap();
    assert_eq!(read[0].status, ClusterStatus::Unknown(String::new()));
    assert_eq!((read[0].id.as_str(), read[0].latest_restorable), ("", None));
    assert!(read[0].tags.is_empty());
    assert_eq!(
        read[1].status,
        ClusterStatus::Unknown("defragmenting".into())
    );
}

fn snapshot(id: &str, kind: &str, status: &str) -> String {
    format!(
        "<DBClusterSnapshot><DBClusterSnapshotIdentifier>{id}</DBClusterSnapshotIdentifier>\
         <DBClusterIdentifier>orders</DBClusterIdentifier><SnapshotType>{kind}</SnapshotType><Status>{status}</Status>\
         <SnapshotCreateTime>2026-11-21T02:01:07.000Z</SnapshotCreateTime>{TAGS}</DBClusterSnapshot>"
    )
}

async fn snapshots(listing: &[String]) -> Vec<aurora_model::Snapshot> {
    let items = format!(
        "<DBClusterSnapshots>{}</DBClusterSnapshots>",
        listing.concat()
    );
    aurora([&listed("DescribeDBClusterSnapshots", items)])
        .snapshots()
        .await
        .unwrap()
}

#[tokio::test]
async fn snapshots_of_every_kind_and_status() {
    let read = snapshots(&[
        snapshot("orders-nightly-20261121", "manual", "available"),
        snapshot("rds:orders-2026-11-21-01-10", "automated", "creating"),
        snapshot("awsbackup:job-1", "manual", "copying"),
        snapshot(
            "arn:aws:rds:eu-central-1:999999999999:cluster-snapshot:theirs",
            "shared",
            "available",
        ),
        snapshot("odd", "imported", "melting"),
    ])
    .await;
    let kinds: Vec<SnapshotKind> = read.iter().map(|snapshot| snapshot.kind.clone()).collect();
    let other = SnapshotKind::Other("imported".into());
    let known = [
        SnapshotKind::Manual,
        SnapshotKind::Automated,
        SnapshotKind::AwsBackup,
        SnapshotKind::Shared,
    ];
    assert_eq!(kinds, [known.as_slice(), &[other]].concat());
    let statuses: Vec<String> = read
        .iter()
        .map(|snapshot| snapshot.status.to_string())
        .collect();
    assert_eq!(
        statuses,
        ["available", "creating", "copying", "available", "melting"]
    );
    assert_eq!(read[0].cluster, "orders");
    assert_eq!(read[0].created, Some(at("2026-11-21T02:01:07Z")));
    assert_eq!(read[0].tags, tags());
    assert!(read[0].good() && !read[4].good());
}

#[tokio::test]
async fn what_a_snapshot_lacks_makes_it_neither_good_nor_ours() {
    let read = snapshots(&["<DBClusterSnapshot/>".into()]).await;
    assert_eq!(read[0].status, SnapshotStatus::Unknown(String::new()));
    assert_eq!(read[0].kind, SnapshotKind::Other(String::new()));
    assert_eq!(read[0].created, None);
    assert!(!read[0].good() && !read[0].managed());
}

#[tokio::test]
async fn one_snapshot_is_there_or_not() {
    let items = format!(
        "<DBClusterSnapshots>{}</DBClusterSnapshots>",
        snapshot("a", "manual", "available")
    );
    let there = mock!(Client::describe_db_cluster_snapshots)
        .match_requests(|request| request.db_cluster_snapshot_identifier() == Some("a"))
        .then_http_response(move || page("DescribeDBClusterSnapshots", &items, None));
    let empty = mock!(Client::describe_db_cluster_snapshots)
        .match_requests(|request| request.db_cluster_snapshot_identifier() == Some("b"))
        .then_http_response(|| page("DescribeDBClusterSnapshots", "<DBClusterSnapshots/>", None));
    let gone = mock!(Client::describe_db_cluster_snapshots)
        .then_http_response(|| refused(404, "DBClusterSnapshotNotFoundFault", "c not found"));
    let aurora = aurora([&there, &empty, &gone]);
    assert_eq!(aurora.snapshot("a").await.unwrap().unwrap().id, "a");
    assert_eq!(aurora.snapshot("b").await, Ok(None));
    assert_eq!(aurora.snapshot("c").await, Ok(None));
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_read_is_not_taken_for_gone() {
    let rule = mock!(Client::describe_db_cluster_snapshots)
        .then_http_response(|| refused(400, "Throttling", "Rate exceeded"));
    insta::assert_snapshot!(aurora([&rule]).snapshot("a").await.unwrap_err(), @"DescribeDBClusterSnapshots of a: throttled (Throttling); the next run tries again");
}

#[tokio::test]
async fn a_snapshot_is_created_with_its_tags() {
    let rule = mock!(Client::create_db_cluster_snapshot)
        .match_requests(|request| {
            let tags: Vec<_> = request
                .tags()
                .iter()
                .map(|tag| (tag.key(), tag.value()))
                .collect();
            request.db_cluster_identifier() == Some("orders")
                && request.db_cluster_snapshot_identifier() == Some("orders-nightly-20261121")
                && tags
                    == [
                        (Some("a"), Some("1")),
                        (Some("nightshift:managed-by"), Some("nightshift")),
                    ]
        })
        .then_http_response(|| page("CreateDBClusterSnapshot", "", None));
    let new = NewSnapshot {
        id: "orders-nightly-20261121".into(),
        cluster: "orders".into(),
        tags: Tags::from_iter([("nightshift:managed-by", "nightshift"), ("a", "1")]),
    };
    assert_eq!(aurora([&rule]).create_snapshot(&new).await, Ok(()));
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn a_snapshot_is_deleted_by_its_name() {
    let rule = mock!(Client::delete_db_cluster_snapshot)
        .match_requests(|request| request.db_cluster_snapshot_identifier() == Some("a"))
        .then_http_response(|| page("DeleteDBClusterSnapshot", "", None));
    assert_eq!(aurora([&rule]).delete_snapshot("a").await, Ok(()));
    assert_eq!(rule.num_calls(), 1);
}

async fn quota(quotas: &str) -> Option<Quota> {
    let items = format!("<AccountQuotas>{quotas}</AccountQuotas>");
    aurora([&listed("DescribeAccountAttributes", items)])
        .snapshot_quota()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_quota_of_manual_cluster_snapshots_is_found_among_the_others() {
    let others = "<AccountQuota><AccountQuotaName>ManualSnapshots</AccountQuotaName><Used>3</Used><Max>100</Max></AccountQuota>";
    let ours = "<AccountQuota><AccountQuotaName>ManualClusterSnapshots</AccountQuotaName><Used>83</Used><Max>150</Max></AccountQuota>";
    assert_eq!(
        quota(&format!("{others}{ours}")).await,
        Some(Quota { used: 83, max: 150 })
    );
    assert_eq!(quota(others).await, None);
    assert_eq!(quota("").await, None);
}

#[tokio::test]
async fn a_quota_without_numbers_is_none() {
    let name = "<AccountQuotaName>ManualClusterSnapshots</AccountQuotaName>";
    assert_eq!(
        quota(&format!(
            "<AccountQuota>{name}<Max>100</Max></AccountQuota>"
        ))
        .await,
        None
    );
    assert_eq!(
        quota(&format!(
            "<AccountQuota>{name}<Used>-1</Used><Max>100</Max></AccountQuota>"
        ))
        .await,
        None
    );
}

#[tokio::test]
async fn a_quota_that_cannot_be_read_is_an_error() {
    let rule = mock!(Client::describe_account_attributes).then_http_response(|| {
        refused(
            403,
            "AccessDenied",
            "User: x is not authorized to perform: rds:DescribeAccountAttributes",
        )
    });
    insta::assert_snapshot!(aurora([&rule]).snapshot_quota().await.unwrap_err(), @"DescribeAccountAttributes of the account: not allowed (User: x is not authorized to perform: rds:DescribeAccountAttributes); allow the call in the function's role");
}
