//! Where a cluster is reached, and its instances.

use aurora_model::{ClusterStatus, Instance, InstanceStatus, Member};
use aws_sdk_rds::Client;
use aws_smithy_mocks::{Rule, mock};

use super::*;

const ORDERS: &str = "<DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier>\
    <DBClusterArn>arn:aws:rds:eu-central-1:123456789012:cluster:orders</DBClusterArn>\
    <Status>failing-over</Status><Engine>aurora-mysql</Engine>\
    <EngineVersion>8.0.mysql_aurora.3.10.1</EngineVersion><Port>3306</Port>\
    <Endpoint>orders.cluster-abc.eu-central-1.rds.amazonaws.com</Endpoint>\
    <ReaderEndpoint>orders.cluster-ro-abc.eu-central-1.rds.amazonaws.com</ReaderEndpoint>\
    <CustomEndpoints><member>reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com</member></CustomEndpoints>\
    <DBClusterMembers>\
    <DBClusterMember><DBInstanceIdentifier>orders-1</DBInstanceIdentifier><IsClusterWriter>false</IsClusterWriter></DBClusterMember>\
    <DBClusterMember><DBInstanceIdentifier>orders-2</DBInstanceIdentifier><IsClusterWriter>true</IsClusterWriter></DBClusterMember>\
    </DBClusterMembers></DBCluster>";

/// What RDS answers when asked for `orders`.
fn cluster(listed: &'static str) -> Rule {
    mock!(Client::describe_db_clusters)
        .match_requests(|request| request.db_cluster_identifier() == Some("orders"))
        .then_http_response(move || {
            let items = format!("<DBClusters>{listed}</DBClusters>");
            page("DescribeDBClusters", &items, None)
        })
}

#[tokio::test]
async fn a_cluster_with_its_endpoints_and_members() {
    let orders = aurora([&cluster(ORDERS)]).cluster("orders").await;
    let orders = orders.unwrap().unwrap();
    assert_eq!(orders.id, "orders");
    assert_eq!(
        orders.arn,
        "arn:aws:rds:eu-central-1:123456789012:cluster:orders"
    );
    assert_eq!(
        (orders.engine.as_str(), orders.version.as_str()),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.1")
    );
    assert_eq!(orders.status, ClusterStatus::FailingOver);
    assert_eq!(orders.port, Some(3306));
    for host in [
        "orders.cluster-abc",
        "orders.cluster-ro-abc",
        "reports.cluster-custom-abc",
    ] {
        let host = format!("{host}.eu-central-1.rds.amazonaws.com");
        assert!(orders.listens_at(&host), "{host}");
    }
    let member = |id: &str, writer| Member {
        id: id.into(),
        writer,
    };
    assert_eq!(
        orders.members,
        [member("orders-1", false), member("orders-2", true)]
    );
}

#[tokio::test]
async fn what_a_cluster_leaves_out_is_unknown() {
    let bare = "<DBCluster><Port>70000</Port><DBClusterMembers><DBClusterMember/></DBClusterMembers></DBCluster>";
    let bare = aurora([&cluster(bare)]).cluster("orders").await;
    let bare = bare.unwrap().unwrap();
    assert_eq!((bare.writer, bare.reader, bare.port), (None, None, None));
    assert!(bare.custom.is_empty() && bare.members.is_empty());
    assert_eq!(bare.status, ClusterStatus::Unknown(String::new()));
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let refused = |status, code: &'static str| {
        mock!(Client::describe_db_clusters)
            .then_http_response(move || refused(status, code, "orders: no"))
    };
    let read = async |rule: Rule| aurora([&rule]).cluster("orders").await;
    assert_eq!(read(refused(404, "DBClusterNotFoundFault")).await, Ok(None));
    assert_eq!(read(cluster("")).await, Ok(None));
    let throttled = read(refused(400, "Throttling")).await.unwrap_err();
    assert!(throttled.retryable());
    insta::assert_snapshot!(throttled, @"DescribeDBClusters of orders: throttled (Throttling); the next run tries again");
    let denied = read(refused(403, "AccessDenied")).await.unwrap_err();
    assert!(!denied.retryable());
}

/// Page `marker` of the instances of `orders`, and what comes after it.
fn instances(marker: Option<&'static str>, listed: String, next: Option<&'static str>) -> Rule {
    mock!(Client::describe_db_instances)
        .match_requests(move |request| {
            let [filter] = request.filters() else {
                return false;
            };
            filter.name() == Some("db-cluster-id")
                && filter.values() == ["orders"]
                && request.marker() == marker
                && request.max_records() == Some(100)
        })
        .then_http_response(move || {
            let items = format!("<DBInstances>{listed}</DBInstances>");
            page("DescribeDBInstances", &items, next)
        })
}

fn instance(id: &str, status: &str, endpoint: &str) -> String {
    format!(
        "<DBInstance><DBInstanceIdentifier>{id}</DBInstanceIdentifier><DBInstanceStatus>{status}</DBInstanceStatus>\
         <DBClusterIdentifier>orders</DBClusterIdentifier>{endpoint}</DBInstance>"
    )
}

const ENDPOINT: &str = "<Endpoint><Address>orders-1.abc.eu-central-1.rds.amazonaws.com</Address>\
    <Port>3306</Port><HostedZoneId>Z1</HostedZoneId></Endpoint>";

#[tokio::test]
async fn all_pages_of_the_instances_of_a_cluster_are_read() {
    let rules = [
        instances(None, instance("orders-1", "available", ENDPOINT), Some("m")),
        instances(Some("m"), instance("orders-2", "creating", ""), None),
    ];
    let read = aurora(&rules).instances("orders").await.unwrap();
    let expected = |id: &str, status, endpoint| Instance {
        id: id.into(),
        cluster: "orders".into(),
        status,
        endpoint,
    };
    let there = ("orders-1.abc.eu-central-1.rds.amazonaws.com".into(), 3306);
    assert_eq!(
        read,
        [
            expected("orders-1", InstanceStatus::Available, Some(there)),
            expected("orders-2", InstanceStatus::Creating, None),
        ]
    );
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

#[tokio::test]
async fn half_an_endpoint_is_none() {
    for endpoint in [
        "<Endpoint/>",
        "<Endpoint><Address>a</Address></Endpoint>",
        "<Endpoint><Port>3306</Port></Endpoint>",
        "<Endpoint><Address>a</Address><Port>0</Port></Endpoint>",
    ] {
        let rule = instances(None, instance("orders-1", "melting", endpoint), None);
        let read = aurora([&rule]).instances("orders").await.unwrap();
        assert_eq!(read[0].endpoint, None, "{endpoint}");
        assert_eq!(read[0].status, InstanceStatus::Unknown("melting".into()));
    }
}

#[tokio::test]
async fn a_page_of_instances_that_cannot_be_read_is_an_error() {
    let second = mock!(Client::describe_db_instances)
        .match_requests(|request| request.marker() == Some("m"))
        .then_http_response(|| refused(503, "ServiceUnavailable", "try later"));
    let first = instances(None, instance("orders-1", "available", ENDPOINT), Some("m"));
    let error = aurora([&first, &second]).instances("orders").await;
    insta::assert_snapshot!(error.unwrap_err(), @"DescribeDBInstances of the instances of orders: no proper answer (HTTP 503 ServiceUnavailable)");
}

#[tokio::test]
async fn a_cluster_without_instances_has_none() {
    let rule = instances(None, String::new(), None);
    assert_eq!(aurora([&rule]).instances("orders").await, Ok(vec![]));
}
