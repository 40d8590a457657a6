//! What RDS answers about a cluster's readers, as the model has it, page after page.

use aurora_model::{
    ClusterStatus, InstanceStatus, Member, Tags,
    reader::{CustomEndpoint, DbInstance, InstanceSettings, ReaderCluster},
};
use aws_sdk_rds::Client;
use aws_smithy_mocks::{Rule, mock};

use super::*;

const ORDERS: &str = "<DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier>\
    <DBClusterArn>arn:aws:rds:eu-central-1:123456789012:cluster:orders</DBClusterArn>\
    <Engine>aurora-mysql</Engine><Status>available</Status>\
    <AvailabilityZones><AvailabilityZone>eu-central-1a</AvailabilityZone>\
    <AvailabilityZone>eu-central-1b</AvailabilityZone></AvailabilityZones>\
    <ServerlessV2ScalingConfiguration><MinCapacity>0.5</MinCapacity><MaxCapacity>8</MaxCapacity>\
    </ServerlessV2ScalingConfiguration>\
    <TagList><Tag><Key>team</Key><Value>orders</Value></Tag></TagList><DBClusterMembers>\
    <DBClusterMember><DBInstanceIdentifier>orders-2</DBInstanceIdentifier>\
    <IsClusterWriter>false</IsClusterWriter></DBClusterMember>\
    <DBClusterMember><DBInstanceIdentifier>orders-1</DBInstanceIdentifier>\
    <IsClusterWriter>true</IsClusterWriter></DBClusterMember></DBClusterMembers></DBCluster>";

fn cluster(listed: &str) -> Rule {
    let items = format!("<DBClusters>{listed}</DBClusters>");
    mock!(Client::describe_db_clusters)
        .match_requests(|request| request.db_cluster_identifier() == Some("orders"))
        .then_http_response(move || page("DescribeDBClusters", &items, None))
}

#[tokio::test]
async fn a_cluster_has_its_members_zones_and_tags() {
    let member = |id: &str, writer| Member {
        id: id.into(),
        writer,
    };
    let expected = ReaderCluster {
        id: "orders".into(),
        arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
        engine: "aurora-mysql".into(),
        status: ClusterStatus::Available,
        tags: Tags::from_iter([("team", "orders")]),
        members: vec![member("orders-2", false), member("orders-1", true)],
        zones: vec!["eu-central-1a".into(), "eu-central-1b".into()],
        serverless: true,
    };
    let read = aurora([&cluster(ORDERS)]).reader_cluster("orders").await;
    assert_eq!(read, Ok(Some(expected)));
}

#[tokio::test]
async fn a_cluster_without_a_capacity_range_takes_no_serverless_reader() {
    let bare = aurora([&cluster("<DBCluster/>")]);
    let bare = bare.reader_cluster("orders").await.unwrap().unwrap();
    assert!(!bare.serverless);
    assert!(bare.members.is_empty() && bare.zones.is_empty() && bare.tags.is_empty());
    assert_eq!(bare.status, ClusterStatus::Unknown(String::new()));
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let refused = |status, code: &'static str| {
        mock!(Client::describe_db_clusters)
            .then_http_response(move || refused(status, code, "orders: no"))
    };
    let read = async |rule: Rule| aurora([&rule]).reader_cluster("orders").await;
    assert_eq!(read(refused(404, "DBClusterNotFoundFault")).await, Ok(None));
    assert_eq!(read(cluster("")).await, Ok(None));
    let throttled = read(refused(400, "Throttling")).await.unwrap_err();
    insta::assert_snapshot!(throttled, @"DescribeDBClusters of orders: throttled (Throttling); the next run tries again");
}

const READER: &str = "<DBInstance><DBInstanceIdentifier>orders-2</DBInstanceIdentifier>\
    <DBInstanceArn>arn:aws:rds:eu-central-1:123456789012:db:orders-2</DBInstanceArn>\
    <DBClusterIdentifier>orders</DBClusterIdentifier><DBInstanceStatus>modifying</DBInstanceStatus>\
    <DBInstanceClass>db.r7g.large</DBInstanceClass><AvailabilityZone>eu-central-1b</AvailabilityZone>\
    <InstanceCreateTime>2026-11-20T20:00:00.250Z</InstanceCreateTime>\
    <DBParameterGroups><DBParameterGroup><DBParameterGroupName>orders-readers</DBParameterGroupName>\
    <ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>\
    <MonitoringInterval>30</MonitoringInterval><MonitoringRoleArn>arn:role</MonitoringRoleArn>\
    <PerformanceInsightsEnabled>true</PerformanceInsightsEnabled>\
    <PerformanceInsightsKMSKeyId>arn:key</PerformanceInsightsKMSKeyId>\
    <PerformanceInsightsRetentionPeriod>465</PerformanceInsightsRetentionPeriod>\
    <CACertificateIdentifier>rds-ca-ecc384-g1</CACertificateIdentifier>\
    <AutoMinorVersionUpgrade>false</AutoMinorVersionUpgrade>\
    <PreferredMaintenanceWindow>sun:04:10-sun:04:40</PreferredMaintenanceWindow>\
    <TagList><Tag><Key>nightshift:managed-by</Key><Value>nightshift</Value></Tag></TagList></DBInstance>";

fn reader() -> DbInstance {
    DbInstance {
        id: "orders-2".into(),
        arn: "arn:aws:rds:eu-central-1:123456789012:db:orders-2".into(),
        cluster: "orders".into(),
        status: InstanceStatus::Modifying,
        class: "db.r7g.large".into(),
        zone: Some("eu-central-1b".into()),
        created: Some(at("2026-11-20T20:00:00.25Z")),
        tags: Tags::from_iter([("nightshift:managed-by", "nightshift")]),
        settings: InstanceSettings {
            parameter_group: Some("orders-readers".into()),
            monitoring_interval: Some(30),
            monitoring_role: Some("arn:role".into()),
            performance_insights: Some(true),
            performance_insights_key: Some("arn:key".into()),
            performance_insights_days: Some(465),
            ca: Some("rds-ca-ecc384-g1".into()),
            auto_minor_upgrade: Some(false),
            maintenance_window: Some("sun:04:10-sun:04:40".into()),
        },
    }
}

/// RDS has no zone and no time of creation for an instance that is being created.
fn created() -> DbInstance {
    DbInstance {
        id: "orders-3".into(),
        arn: String::new(),
        cluster: String::new(),
        status: InstanceStatus::Creating,
        class: "db.serverless".into(),
        zone: None,
        created: None,
        tags: Tags::default(),
        settings: InstanceSettings::default(),
    }
}

/// Page `marker` of the instances of `orders`, and what comes after it.
fn instances(marker: Option<&'static str>, listed: &str, next: Option<&'static str>) -> Rule {
    let items = format!("<DBInstances>{listed}</DBInstances>");
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
        .then_http_response(move || page("DescribeDBInstances", &items, next))
}

#[tokio::test]
async fn all_pages_of_instances_are_read_with_what_a_further_one_is_made_after() {
    let creating = "<DBInstance><DBInstanceIdentifier>orders-3</DBInstanceIdentifier>\
        <DBInstanceStatus>creating</DBInstanceStatus>\
        <DBInstanceClass>db.serverless</DBInstanceClass></DBInstance>";
    let rules = [
        instances(None, READER, Some("m")),
        instances(Some("m"), creating, None),
    ];
    let read = aurora(&rules).db_instances("orders").await;
    assert_eq!(read, Ok(vec![reader(), created()]));
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

/// Page `marker` of the custom endpoints of `orders`, and what comes after it.
fn endpoints(marker: Option<&'static str>, listed: &str, next: Option<&'static str>) -> Rule {
    let items = format!("<DBClusterEndpoints>{listed}</DBClusterEndpoints>");
    mock!(Client::describe_db_cluster_endpoints)
        .match_requests(move |request| {
            let [filter] = request.filters() else {
                return false;
            };
            filter.name() == Some("db-cluster-endpoint-type")
                && filter.values() == ["custom"]
                && request.db_cluster_identifier() == Some("orders")
                && request.marker() == marker
                && request.max_records() == Some(100)
        })
        .then_http_response(move || page("DescribeDBClusterEndpoints", &items, next))
}

fn endpoint(id: &str, kind: &str, lists: &str) -> String {
    format!(
        "<DBClusterEndpointList><DBClusterEndpointIdentifier>{id}</DBClusterEndpointIdentifier>\
         <DBClusterIdentifier>orders</DBClusterIdentifier><Status>available</Status>\
         <EndpointType>CUSTOM</EndpointType><CustomEndpointType>{kind}</CustomEndpointType>{lists}\
         </DBClusterEndpointList>"
    )
}

#[tokio::test]
async fn all_pages_of_custom_endpoints_are_read_with_their_lists() {
    let members = "<StaticMembers><member>orders-2</member><member>orders-3</member></StaticMembers>\
        <ExcludedMembers/>";
    let excluded = "<StaticMembers/><ExcludedMembers><member>orders-2</member></ExcludedMembers>";
    let nameless = "<DBClusterEndpointList><Status>available</Status></DBClusterEndpointList>";
    let first = [&endpoint("reports", "READER", members), nameless].concat();
    let rules = [
        endpoints(None, &first, Some("m")),
        endpoints(Some("m"), &endpoint("all", "ANY", excluded), None),
    ];
    let read = aurora(&rules).custom_endpoints("orders").await;
    let expected = |id: &str, members: &[&str], excluded: &[&str]| CustomEndpoint {
        id: id.into(),
        readers_only: id == "reports",
        members: members.iter().map(|id| (*id).to_owned()).collect(),
        excluded: excluded.iter().map(|id| (*id).to_owned()).collect(),
    };
    assert_eq!(
        read,
        Ok(vec![
            expected("reports", &["orders-2", "orders-3"], &[]),
            expected("all", &[], &["orders-2"]),
        ])
    );
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

#[tokio::test]
async fn a_listing_with_a_page_missing_is_an_error() {
    let instances_left = mock!(Client::describe_db_instances)
        .match_requests(|request| request.marker() == Some("m"))
        .then_http_response(|| refused(503, "ServiceUnavailable", "try later"));
    let endpoints_left = mock!(Client::describe_db_cluster_endpoints)
        .match_requests(|request| request.marker() == Some("m"))
        .then_http_response(|| refused(400, "Throttling", "Rate exceeded"));
    let rules = [
        instances(None, READER, Some("m")),
        instances_left,
        endpoints(None, "", Some("m")),
        endpoints_left,
    ];
    let aurora = aurora(&rules);
    insta::assert_snapshot!(aurora.db_instances("orders").await.unwrap_err(), @"DescribeDBInstances of the instances of orders: no proper answer (HTTP 503 ServiceUnavailable)");
    insta::assert_snapshot!(aurora.custom_endpoints("orders").await.unwrap_err(), @"DescribeDBClusterEndpoints of the endpoints of orders: throttled (Throttling); the next run tries again");
}
