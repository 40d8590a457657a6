//! Custom endpoints: whom they lead to.

use std::collections::BTreeSet;

use aws_sdk_rds::{
    error::ProvideErrorMetadata,
    types::{DbClusterEndpoint, Filter},
};
use serde_json::json;
use simulated_aws::{
    At, Call, Percent,
    rds::{ClusterEndpoint, Rds},
};

use crate::{
    refused::call,
    world::{World, minutes, seconds},
};

/// A world with a custom endpoint `reports` of `orders`.
fn world(readers: usize) -> World {
    with_reports(World::with_readers(readers, |_| ()))
}

fn with_reports(world: World) -> World {
    world.outside(|rds, at| {
        rds.add_endpoint(ClusterEndpoint::new(at.place, "Reports", "orders"), at);
    });
    world
}

async fn listed(world: &World) -> Vec<DbClusterEndpoint> {
    let list = world.client.describe_db_cluster_endpoints();
    let pages = list.into_paginator().items().send().try_collect();
    pages.await.unwrap()
}

/// Status, static and excluded members of `reports`.
async fn reports(world: &World) -> (String, Vec<String>, Vec<String>) {
    let list = world.client.describe_db_cluster_endpoints();
    let list = list.db_cluster_endpoint_identifier("REPORTS");
    let found = list.send().await.unwrap().db_cluster_endpoints.unwrap();
    let [endpoint] = found.try_into().unwrap();
    (
        endpoint.status.unwrap(),
        endpoint.static_members.unwrap(),
        endpoint.excluded_members.unwrap(),
    )
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn give(world: &World, members: &[&str], excluded: &[&str]) -> Result<String, String> {
    let modify = world.client.modify_db_cluster_endpoint();
    let modify = modify.db_cluster_endpoint_identifier("Reports");
    let modify = modify.set_static_members(Some(named(members)));
    let modify = modify.set_excluded_members(Some(named(excluded)));
    match modify.send().await {
        Ok(answer) => Ok(answer.status.unwrap()),
        Err(error) => Err(error.code().unwrap().to_owned()),
    }
}

fn are(status: &str, members: &[&str], excluded: &[&str]) -> (String, Vec<String>, Vec<String>) {
    (status.to_owned(), named(members), named(excluded))
}

#[tokio::test(start_paused = true)]
async fn a_clusters_own_endpoints_are_listed_with_the_custom_ones() {
    let world = world(1);
    let all = listed(&world).await;
    let kinds: Vec<_> = all.iter().map(|it| it.endpoint_type().unwrap()).collect();
    assert_eq!(kinds, ["WRITER", "READER", "CUSTOM"]);
    let cluster = world.client.describe_db_clusters().send().await.unwrap();
    let cluster = &cluster.db_clusters()[0];
    assert_eq!(all[0].endpoint(), cluster.endpoint());
    assert_eq!(all[1].endpoint(), cluster.reader_endpoint());
    assert_eq!(all[2].endpoint(), Some(&*cluster.custom_endpoints()[0]));
    assert_eq!(all[0].db_cluster_endpoint_identifier(), None);
    assert_eq!(all[2].db_cluster_endpoint_identifier(), Some("reports"));
    assert_eq!(all[2].custom_endpoint_type(), Some("READER"));
    assert_eq!(
        all[2].db_cluster_endpoint_arn(),
        Some("arn:aws:rds:eu-central-1:123456789012:cluster-endpoint:reports")
    );
}

#[tokio::test(start_paused = true)]
async fn endpoints_are_found_by_cluster_and_filter_page_by_page() {
    let world = World::with_readers(0, |whim| whim.largest_page = 1);
    world.outside(|rds, at| {
        for (id, cluster) in [("a", "orders"), ("b", "orders"), ("c", "orders-2")] {
            rds.add_endpoint(ClusterEndpoint::new(at.place, id, cluster), at);
        }
        let second = simulated_aws::rds::Cluster::new(at.place, "orders-2", at.now);
        rds.add_cluster(second, at);
    });
    let all = listed(&world).await;
    let hosts: BTreeSet<_> = all.iter().map(|it| it.endpoint().unwrap()).collect();
    assert_eq!((all.len(), hosts.len()), (7, 7));

    let list = || world.client.describe_db_cluster_endpoints();
    let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
    for (list, expected) in [
        (list().db_cluster_identifier("ORDERS-2"), 3),
        (
            list().filters(filter("db-cluster-endpoint-type", "custom")),
            3,
        ),
        (
            list().filters(filter("db-cluster-endpoint-custom-type", "any")),
            0,
        ),
        (list().filters(filter("db-cluster-endpoint-id", "b")), 1),
        (
            list().filters(filter("db-cluster-endpoint-status", "available")),
            7,
        ),
        (list().db_cluster_endpoint_identifier("none"), 0),
    ] {
        let said = format!("{list:?}");
        let found = list.into_paginator().items().send().try_collect();
        assert_eq!(found.await.unwrap().len(), expected, "{said}");
    }
    let unknown = list().db_cluster_identifier("none").send().await;
    let unknown = unknown.unwrap_err().into_service_error();
    assert!(unknown.is_db_cluster_not_found_fault());
}

#[tokio::test(start_paused = true)]
async fn one_list_takes_the_place_of_the_other_after_a_while() {
    let world = world(2);
    let excluded = give(&world, &[], &["Orders-2"]).await;
    assert_eq!(excluded.as_deref(), Ok("modifying"));
    assert_eq!(reports(&world).await, are("modifying", &[], &["orders-2"]));
    assert_eq!(
        give(&world, &["orders-3"], &[]).await.unwrap_err(),
        "InvalidDBClusterEndpointStateFault"
    );
    world.pass(minutes(2)).await;
    assert_eq!(reports(&world).await, are("available", &[], &["orders-2"]));
    give(&world, &["orders-3"], &[]).await.unwrap();
    world.pass(minutes(2)).await;
    assert_eq!(reports(&world).await, are("available", &["orders-3"], &[]));
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_is_taken_for_none() {
    let world = world(1);
    give(&world, &[], &["orders-2"]).await.unwrap();
    world.pass(minutes(2)).await;
    let emptied = give(&world, &[], &[]).await;
    assert_eq!(emptied.as_deref(), Ok("modifying"));
    world.pass(minutes(2)).await;
    assert_eq!(reports(&world).await, are("available", &[], &["orders-2"]));
}

#[tokio::test(start_paused = true)]
async fn an_instance_leaves_the_lists_when_it_is_gone_and_not_when_it_is_the_writer() {
    let world = world(2);
    let both = ["orders-2", "orders-3"];
    give(&world, &both, &[]).await.unwrap();
    let failover = world.client.failover_db_cluster();
    let failover = failover.db_cluster_identifier("orders");
    let failover = failover.target_db_instance_identifier("orders-2");
    failover.send().await.unwrap();
    world.pass(minutes(2)).await;
    assert_eq!(reports(&world).await, are("available", &both, &[]));

    let delete = world.client.delete_db_instance();
    let delete = delete.db_instance_identifier("orders-3");
    delete.send().await.unwrap();
    assert_eq!(reports(&world).await, are("available", &both, &[]));
    world.pass(minutes(12)).await;
    assert_eq!(reports(&world).await, are("available", &both[..1], &[]));
    world.outside(|rds, at| rds.delete_cluster("orders", at));
    assert!(world.rds(|rds| rds.endpoints.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_listing_may_show_the_lists_of_a_moment_ago() {
    let world = with_reports(World::with_readers(1, |whim| {
        whim.stale = Percent(100);
        whim.stale_up_to = seconds(60);
    }));
    world.pass(seconds(600)).await;
    give(&world, &["orders-2"], &[]).await.unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..40 {
        seen.insert(reports(&world).await.1);
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

/// Custom endpoints for [`refused_calls`].
pub fn add(rds: &mut Rds, at: &mut At<'_>) {
    for (id, cluster, status) in [
        ("fine", "up", "available"),
        ("busy", "up", "modifying"),
        ("asleep", "down", "available"),
    ] {
        let mut endpoint = ClusterEndpoint::new(at.place, id, cluster);
        endpoint.status = status.into();
        rds.add_endpoint(endpoint, at);
    }
}

/// Calls about endpoints that are refused.
pub fn refused_calls() -> Vec<Call> {
    let modify = |id: &str, member: &str| {
        let input = json!({
            "DBClusterEndpointIdentifier": id,
            "ExcludedMembers": {"member": [member]},
        });
        call("ModifyDBClusterEndpoint", input)
    };
    let both = json!({
        "DBClusterEndpointIdentifier": "fine",
        "StaticMembers": {"member": ["w"]},
        "ExcludedMembers": {"member": ["r"]},
    });
    vec![
        call(
            "DescribeDBClusterEndpoints",
            json!({"DBClusterIdentifier": "no"}),
        ),
        call("ModifyDBClusterEndpoint", both),
        modify("no", "w"),
        modify("busy", "w"),
        modify("asleep", "d"),
        modify("fine", "l"),
        modify("fine", "n"),
    ]
}
