//! Listings that show a moment ago.

use aws_sdk_rds::Client;
use simulated_aws::Percent;

use crate::world::{World, seconds};

/// Listings are always stale, by up to a minute.
fn stale(world: &mut simulated_aws::Whim) {
    world.stale = Percent(100);
    world.stale_up_to = seconds(60);
}

async fn statuses(client: &Client) -> Vec<String> {
    let listing = client.describe_db_cluster_snapshots().send().await.unwrap();
    let snapshots = listing.db_cluster_snapshots.unwrap_or_default();
    snapshots
        .into_iter()
        .map(|one| one.status.unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_listing_may_not_show_a_new_snapshot_but_after_a_while_it_does() {
    let world = World::with_readers(0, stale);
    world.pass(seconds(600)).await;
    let create = world.client.create_db_cluster_snapshot();
    let create = create
        .db_cluster_identifier("orders")
        .db_cluster_snapshot_identifier("new");
    create.send().await.unwrap();
    let (mut without, mut with) = (0, 0);
    for _ in 0..200 {
        match statuses(&world.client).await.len() {
            0 => without += 1,
            _ => with += 1,
        }
    }
    assert!(without > 20, "{without} of 200 were stale");
    assert!(with > 0, "the clock stands still");
    world.pass(seconds(60)).await;
    for _ in 0..100 {
        assert_eq!(statuses(&world.client).await, ["creating"]);
    }
}

#[tokio::test(start_paused = true)]
async fn asking_for_one_snapshot_is_as_stale_as_a_listing() {
    let world = World::with_readers(0, stale);
    world.pass(seconds(600)).await;
    let rds = &world.client;
    let create = rds
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    create
        .db_cluster_snapshot_identifier("new")
        .send()
        .await
        .unwrap();
    let one = rds
        .describe_db_cluster_snapshots()
        .db_cluster_snapshot_identifier("new");
    let mut missed = 0;
    for _ in 0..50 {
        if let Err(error) = one.clone().send().await {
            let error = error.into_service_error();
            assert!(error.is_db_cluster_snapshot_not_found_fault(), "{error}");
            missed += 1;
        }
    }
    assert!(missed > 10, "{missed}");
    // What is created a second time is refused by the truth, not by what is shown.
    let again = rds
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    let again = again.db_cluster_snapshot_identifier("new").send().await;
    let error = again.unwrap_err().into_service_error();
    assert!(
        error.is_db_cluster_snapshot_already_exists_fault(),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_listing_may_show_what_is_gone_but_not_for_longer() {
    let world = World::with_readers(0, stale);
    world.add_snapshot("old");
    world.pass(seconds(600)).await;
    let delete = world.client.delete_db_cluster_snapshot();
    delete
        .db_cluster_snapshot_identifier("old")
        .send()
        .await
        .unwrap();
    let before = statuses(&world.client).await;
    assert!(before.len() == 1, "{before:?}");
    world.pass(seconds(100)).await;
    for _ in 0..100 {
        assert_eq!(statuses(&world.client).await, [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn fresh_listings_show_the_truth() {
    let world = World::with_readers(0, |whim| whim.stale_up_to = seconds(60));
    world.add_snapshot("old");
    for _ in 0..50 {
        assert_eq!(statuses(&world.client).await, ["available"]);
    }
}
