//! The writer changes.

use crate::world::{World, minutes};

#[tokio::test(start_paused = true)]
async fn a_failover_swaps_the_writer() {
    let world = World::with_readers(2, |_| ());
    world.outside(|rds, at| {
        rds.instances
            .change(at.now, "orders-3", |it| it.zone = "eu-central-1b".into())
    });
    let failover = world
        .client
        .failover_db_cluster()
        .db_cluster_identifier("orders");
    let failover = failover.target_db_instance_identifier("Orders-3");
    let answer = failover.send().await.unwrap().db_cluster.unwrap();
    assert_eq!(answer.status(), Some("failing-over"));
    assert_eq!(world.members()[0], "orders-1");
    world.pass(minutes(1)).await;
    let listing = world.client.describe_db_clusters().send().await.unwrap();
    let roles = listing.db_clusters()[0].db_cluster_members().iter();
    let roles: Vec<_> = roles
        .map(|member| {
            (
                member.db_instance_identifier().unwrap(),
                member.is_cluster_writer(),
            )
        })
        .collect();
    assert_eq!(
        roles,
        [
            ("orders-3", Some(true)),
            ("orders-1", Some(false)),
            ("orders-2", Some(false))
        ]
    );
    assert_eq!(
        world.told(),
        [
            "available, failing-over",
            "0073 orders",
            "orders-1 => orders-3",
            "failing-over, available",
            "0006 orders-3",
            "0006 orders-1",
            "0071 orders",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_lowest_tier_is_promoted_then_the_largest_class() {
    let world = World::with_readers(3, |_| ());
    world.outside(|rds, at| {
        for (id, tier, class) in [
            ("orders-2", 1, "db.r6g.large"),
            ("orders-3", 1, "db.r6g.4xlarge"),
            ("orders-4", 2, "db.r6g.16xlarge"),
        ] {
            rds.instances.change(at.now, id, |it| {
                it.promotion_tier = tier;
                it.class = class.into();
            });
        }
    });
    let failover = || {
        world
            .client
            .failover_db_cluster()
            .db_cluster_identifier("orders")
            .send()
    };
    failover().await.unwrap();
    world.pass(minutes(1)).await;
    assert_eq!(world.members()[0], "orders-3");
    world.outside(|rds, at| rds.set_instance_status("orders-1", "rebooting", at));
    failover().await.unwrap();
    world.pass(minutes(1)).await;
    assert_eq!(world.members()[0], "orders-2");
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_is_deleted_hands_over_first() {
    let world = World::with_readers(1, |_| ());
    let delete = world
        .client
        .delete_db_instance()
        .db_instance_identifier("orders-1");
    let deleting = delete.send().await.unwrap().db_instance.unwrap();
    assert_eq!(deleting.db_instance_status(), Some("deleting"));
    world.pass(minutes(1)).await;
    assert_eq!(world.members(), ["orders-2", "orders-1"]);
    world.pass(minutes(12)).await;
    assert_eq!(world.members(), ["orders-2"]);
    assert_eq!(
        world.told(),
        [
            "available, failing-over",
            "0072 orders",
            "orders-1 => orders-2",
            "failing-over, available",
            "0006 orders-2",
            "0006 orders-1",
            "0071 orders",
            "0003 orders-1",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failover_whose_target_vanishes_fails() {
    let world = World::with_readers(1, |_| ());
    let failover = world
        .client
        .failover_db_cluster()
        .db_cluster_identifier("orders");
    failover.send().await.unwrap();
    world.outside(|rds, at| rds.delete_instance("orders-2", at));
    world.pass(minutes(1)).await;
    assert_eq!(
        (world.status().as_str(), world.members()),
        ("available", vec!["orders-1".into()])
    );
    assert!(world.told().contains(&"0069 orders".to_owned()));
}
