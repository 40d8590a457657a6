//! Snapshots are copied and restored.

use aws_sdk_rds::error::ProvideErrorMetadata;
use simulated_aws::{Percent, rds::Snapshot};

use crate::world::{World, minutes};

fn world(copies_broken: u8) -> World {
    let world = World::with_readers(0, |whim| whim.copies_broken = Percent(copies_broken));
    world.outside(|rds, at| {
        let mut source = Snapshot::new(at.place, "source", "orders", at.now);
        source.tags.insert("team".into(), "a".into());
        rds.add_snapshot(source, at);
    });
    world
}

async fn copy(world: &World, source: &str, target: &str) -> Result<String, String> {
    let copy = world.client.copy_db_cluster_snapshot();
    let copy = copy.source_db_cluster_snapshot_identifier(source);
    let copy = copy
        .target_db_cluster_snapshot_identifier(target)
        .copy_tags(true);
    let copied = copy
        .send()
        .await
        .map_err(|e| e.code().unwrap().to_owned())?;
    Ok(copied.db_cluster_snapshot.unwrap().status.unwrap())
}

async fn delete(world: &World, id: &str) -> Result<(), String> {
    let delete = world.client.delete_db_cluster_snapshot();
    let deleted = delete.db_cluster_snapshot_identifier(id).send().await;
    deleted.map(drop).map_err(|e| e.code().unwrap().to_owned())
}

fn status(world: &World, id: &str) -> Option<String> {
    world.rds(|rds| {
        rds.snapshots
            .get(id)
            .map(|snapshot| snapshot.status.clone())
    })
}

const BUSY: Result<(), &str> = Err("InvalidDBClusterSnapshotStateFault");

#[tokio::test(start_paused = true)]
async fn a_copy_is_a_manual_snapshot_with_the_tags_and_names_its_source() {
    let world = world(0);
    assert_eq!(copy(&world, "source", "Copy").await, Ok("copying".into()));
    world.pass(minutes(10)).await;
    let listing = world.client.describe_db_cluster_snapshots();
    let listing = listing
        .db_cluster_snapshot_identifier("copy")
        .send()
        .await
        .unwrap();
    let copy = &listing.db_cluster_snapshots()[0];
    let source = "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:source";
    assert_eq!(copy.source_db_cluster_snapshot_arn(), Some(source));
    assert_eq!(
        (copy.status(), copy.snapshot_type()),
        (Some("available"), Some("manual"))
    );
    assert_eq!(copy.db_cluster_identifier(), Some("orders"));
    assert_eq!(copy.tag_list()[0].key(), Some("team"));
}

#[tokio::test(start_paused = true)]
async fn a_source_is_kept_until_its_copies_are_complete() {
    let world = world(0);
    copy(&world, "source", "copy-1").await.unwrap();
    copy(&world, "source", "copy-2").await.unwrap();
    assert_eq!(delete(&world, "source").await, BUSY.map_err(str::to_owned));
    world.pass(minutes(10)).await;
    assert_eq!(delete(&world, "source").await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn or_its_deletion_breaks_the_copies_if_aws_feels_like_it() {
    let world = world(100);
    copy(&world, "source", "copy-1").await.unwrap();
    copy(&world, "source", "copy-2").await.unwrap();
    assert_eq!(delete(&world, "source").await, Ok(()));
    assert_eq!(status(&world, "copy-1").as_deref(), Some("failed"));
    world.pass(minutes(10)).await;
    assert_eq!(status(&world, "copy-1").as_deref(), Some("failed"));
    assert_eq!(status(&world, "copy-2").as_deref(), Some("failed"));
    assert_eq!(status(&world, "source"), None);
    assert_eq!(delete(&world, "copy-1").await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn deleting_an_unfinished_copy_ends_the_copying_and_frees_the_source() {
    let world = world(0);
    copy(&world, "source", "copy-1").await.unwrap();
    assert_eq!(delete(&world, "copy-1").await, Ok(()));
    assert_eq!(delete(&world, "source").await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_copy_of_the_same_name_does_not_inherit_the_end_of_the_one_before() {
    let world = World::with_readers(0, |whim| whim.snapshot_takes = (minutes(5), minutes(5)));
    world.add_snapshot("source");
    copy(&world, "source", "copy").await.unwrap();
    world.pass(minutes(4)).await;
    world.outside(|rds, at| rds.delete_snapshot("copy", at));
    copy(&world, "source", "copy").await.unwrap();
    world.pass(minutes(2)).await;
    assert_eq!(status(&world, "copy").as_deref(), Some("copying"));
    world.pass(minutes(3)).await;
    assert_eq!(status(&world, "copy").as_deref(), Some("available"));
}

#[tokio::test(start_paused = true)]
async fn five_copies_may_be_under_way() {
    let world = world(0);
    for number in 1..=5 {
        copy(&world, "source", &format!("copy-{number}"))
            .await
            .unwrap();
    }
    assert_eq!(
        copy(&world, "source", "copy-6").await,
        Err("SnapshotQuotaExceeded".into())
    );
    world.pass(minutes(10)).await;
    assert_eq!(copy(&world, "source", "copy-6").await, Ok("copying".into()));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_available_can_not_be_copied() {
    let world = world(0);
    copy(&world, "source", "copy-1").await.unwrap();
    let unfinished = copy(&world, "copy-1", "copy-2").await;
    assert_eq!(unfinished, Err("InvalidDBClusterSnapshotStateFault".into()));
}

#[tokio::test(start_paused = true)]
async fn a_restore_gives_a_cluster_without_instances_and_holds_its_snapshot() {
    let world = world(0);
    let restore = world.client.restore_db_cluster_from_snapshot();
    let restore = restore
        .db_cluster_identifier("Restored")
        .engine("aurora-mysql");
    restore.snapshot_identifier("source").send().await.unwrap();
    assert_eq!(delete(&world, "source").await, BUSY.map_err(str::to_owned));
    world.pass(minutes(20)).await;
    let clusters = world
        .client
        .describe_db_clusters()
        .db_cluster_identifier("restored");
    let clusters = clusters.send().await.unwrap();
    assert_eq!(clusters.db_clusters()[0].status(), Some("available"));
    assert_eq!(clusters.db_clusters()[0].db_cluster_members().len(), 0);
    assert_eq!(delete(&world, "source").await, Ok(()));
}
