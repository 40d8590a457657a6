//! Clusters stop and start.

use aws_sdk_rds::error::ProvideErrorMetadata;

use crate::world::{World, days, minutes};

#[tokio::test(start_paused = true)]
async fn a_cluster_stops_and_starts_and_says_so() {
    let world = World::with_readers(1, |_| ());
    let stop = world
        .client
        .stop_db_cluster()
        .db_cluster_identifier("ORDERS");
    let stopping = stop.send().await.unwrap().db_cluster.unwrap();
    assert_eq!(stopping.status(), Some("stopping"));
    world.pass(minutes(8)).await;
    assert_eq!(world.status(), "stopped");
    world.pass(days(1)).await;
    let start = world
        .client
        .start_db_cluster()
        .db_cluster_identifier("orders");
    assert_eq!(
        start.send().await.unwrap().db_cluster.unwrap().status(),
        Some("starting")
    );
    world.pass(minutes(10)).await;
    assert_eq!(
        world.told(),
        [
            "available, stopping",
            "stopping, stopped",
            "0087 orders-1",
            "0087 orders-2",
            "0150 orders",
            "stopped, starting",
            "starting, available",
            "0088 orders-1",
            "0088 orders-2",
            "0151 orders",
        ]
    );
    // The seven days of the stop that is over do not start it again.
    world.pass(days(8)).await;
    assert_eq!(world.told(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_cluster_starts_by_itself_after_seven_days() {
    let world = World::with_readers(0, |_| ());
    let stop = world
        .client
        .stop_db_cluster()
        .db_cluster_identifier("orders");
    stop.send().await.unwrap();
    world.pass(minutes(8)).await;
    world.pass(days(7) - minutes(8)).await;
    assert_eq!(world.status(), "stopped");
    world.told();
    world.pass(minutes(20)).await;
    assert_eq!(
        world.told(),
        [
            "0153 orders",
            "stopped, starting",
            "starting, available",
            "0088 orders-1",
            "0151 orders",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_was_followed_by_another_counts_from_the_other() {
    let world = World::with_readers(0, |_| ());
    for _ in 0..2 {
        let stop = world
            .client
            .stop_db_cluster()
            .db_cluster_identifier("orders");
        stop.send().await.unwrap();
        world.pass(days(5)).await;
        assert_eq!(world.status(), "stopped");
        let start = world
            .client
            .start_db_cluster()
            .db_cluster_identifier("orders");
        start.send().await.unwrap();
        world.pass(minutes(10)).await;
        assert_eq!(world.status(), "available");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_cluster_takes_no_snapshot_no_reader_and_no_second_stop() {
    let world = World::with_readers(1, |_| ());
    world.outside(|rds, at| rds.set_cluster_status("orders", "stopped", at));
    let rds = &world.client;
    let snapshot = rds
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    let snapshot = snapshot
        .db_cluster_snapshot_identifier("s")
        .send()
        .await
        .unwrap_err();
    assert!(
        snapshot
            .into_service_error()
            .is_invalid_db_cluster_state_fault()
    );
    let reader = rds
        .create_db_instance()
        .db_cluster_identifier("orders")
        .engine("aurora-mysql");
    let reader = reader
        .db_instance_class("db.r6g.large")
        .db_instance_identifier("r");
    let reader = reader.send().await.unwrap_err().into_service_error();
    assert!(reader.is_invalid_db_cluster_state_fault());
    let gone = rds.delete_db_instance().db_instance_identifier("orders-2");
    let gone = gone.send().await.unwrap_err().into_service_error();
    assert!(gone.is_invalid_db_cluster_state_fault());
    let stop = rds
        .stop_db_cluster()
        .db_cluster_identifier("orders")
        .send()
        .await;
    let stop = stop.unwrap_err().into_service_error();
    assert!(stop.is_invalid_db_cluster_state_fault());
    // Tools read the state out of this sentence.
    assert!(
        stop.message()
            .unwrap()
            .contains("DbCluster orders is in stopped state")
    );
}

#[tokio::test(start_paused = true)]
async fn a_sleeping_cluster_can_be_restored_to_when_it_fell_asleep() {
    let world = World::with_readers(0, |_| ());
    let latest = async || {
        let listing = world.client.describe_db_clusters().send().await.unwrap();
        listing.db_clusters()[0]
            .latest_restorable_time()
            .unwrap()
            .secs()
    };
    let before = world.now().as_second() - latest().await;
    assert!((0..=300).contains(&before), "{before}");
    let stop = world
        .client
        .stop_db_cluster()
        .db_cluster_identifier("orders");
    stop.send().await.unwrap();
    world.pass(minutes(10)).await;
    let asleep = latest().await;
    world.pass(days(2)).await;
    assert_eq!(latest().await, asleep);
}
