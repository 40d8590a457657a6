//! Every page is read, and a listing with a page missing is no listing.

use aws_sdk_rds::Client;
use aws_smithy_mocks::{Rule, mock};

use super::*;

/// The ids of page `number`, of which there are three.
fn ids(number: usize) -> [String; 2] {
    [0, 1].map(|n| format!("cluster-{number}{n}"))
}

fn clusters(number: usize) -> String {
    let cluster =
        |id| format!("<DBCluster><DBClusterIdentifier>{id}</DBClusterIdentifier></DBCluster>");
    format!(
        "<DBClusters>{}</DBClusters>",
        ids(number).map(cluster).concat()
    )
}

fn snapshots(number: usize) -> String {
    let snapshot = |id| {
        format!(
            "<DBClusterSnapshot><DBClusterSnapshotIdentifier>{id}</DBClusterSnapshotIdentifier></DBClusterSnapshot>"
        )
    };
    format!(
        "<DBClusterSnapshots>{}</DBClusterSnapshots>",
        ids(number).map(snapshot).concat()
    )
}

/// What follows page `number`.
fn next(number: usize) -> Option<String> {
    (number < 2).then(|| format!("page-{}", number + 1))
}

fn marked(marker: Option<&str>, number: usize) -> bool {
    marker == (number > 0).then(|| format!("page-{number}")).as_deref()
}

fn cluster_page(number: usize) -> Rule {
    mock!(Client::describe_db_clusters)
        .match_requests(move |request| {
            marked(request.marker(), number) && request.max_records() == Some(100)
        })
        .then_http_response(move || {
            page(
                "DescribeDBClusters",
                &clusters(number),
                next(number).as_deref(),
            )
        })
}

fn snapshot_page(number: usize) -> Rule {
    mock!(Client::describe_db_cluster_snapshots)
        .match_requests(move |request| {
            marked(request.marker(), number)
                && request.max_records() == Some(100)
                && request.include_shared() == Some(true)
        })
        .then_http_response(move || {
            page(
                "DescribeDBClusterSnapshots",
                &snapshots(number),
                next(number).as_deref(),
            )
        })
}

fn all_ids() -> Vec<String> {
    (0..3).flat_map(ids).collect()
}

#[tokio::test]
async fn all_pages_of_clusters_are_read() {
    let rules = [0, 1, 2].map(cluster_page);
    let read = aurora(&rules).clusters().await.unwrap();
    assert_eq!(
        read.into_iter()
            .map(|cluster| cluster.id)
            .collect::<Vec<_>>(),
        all_ids()
    );
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

#[tokio::test]
async fn all_pages_of_snapshots_are_read() {
    let rules = [0, 1, 2].map(snapshot_page);
    let read = aurora(&rules).snapshots().await.unwrap();
    assert_eq!(
        read.into_iter()
            .map(|snapshot| snapshot.id)
            .collect::<Vec<_>>(),
        all_ids()
    );
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

#[tokio::test]
async fn nothing_there_is_an_empty_listing() {
    let clusters = mock!(Client::describe_db_clusters)
        .then_http_response(|| page("DescribeDBClusters", "<DBClusters/>", None));
    let snapshots = mock!(Client::describe_db_cluster_snapshots)
        .then_http_response(|| page("DescribeDBClusterSnapshots", "", None));
    let aurora = aurora([&clusters, &snapshots]);
    assert_eq!(aurora.clusters().await, Ok(vec![]));
    assert_eq!(aurora.snapshots().await, Ok(vec![]));
}

#[tokio::test]
async fn a_page_of_clusters_that_cannot_be_read_is_an_error() {
    let second = mock!(Client::describe_db_clusters)
        .match_requests(|request| request.marker() == Some("page-1"))
        .then_http_response(|| refused(400, "Throttling", "Rate exceeded"));
    let error = aurora([&cluster_page(0), &second])
        .clusters()
        .await
        .unwrap_err();
    assert!(error.retryable());
    insta::assert_snapshot!(error, @"DescribeDBClusters of all clusters: throttled (Throttling); the next run tries again");
}

#[tokio::test]
async fn a_page_of_snapshots_that_cannot_be_read_is_an_error() {
    let third = mock!(Client::describe_db_cluster_snapshots)
        .match_requests(|request| request.marker() == Some("page-2"))
        .then_http_response(|| response(502, "<html>Bad Gateway</html>".into()));
    let rules = [snapshot_page(0), snapshot_page(1), third];
    let error = aurora(&rules).snapshots().await.unwrap_err();
    assert!(error.retryable());
    insta::assert_snapshot!(error, @"DescribeDBClusterSnapshots of all snapshots: no proper answer (HTTP 502)");
}

/// The SDK stops there, and what it has read is not all.
#[tokio::test]
async fn a_marker_that_comes_back_is_an_error() {
    let same = mock!(Client::describe_db_clusters)
        .then_http_response(|| page("DescribeDBClusters", &clusters(0), Some("page-1")));
    let error = aurora([&same]).clusters().await.unwrap_err();
    insta::assert_snapshot!(error, @"DescribeDBClusters of all clusters: no proper answer (a page names itself as the next one)");
    assert_eq!(same.num_calls(), 2);
}
