//! Snapshots are taken, listed and deleted.

use simulated_aws::Effect;

use crate::world::{World, minutes, seconds};

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_created_then_available_then_deleted_then_gone() {
    let world = World::with_readers(0, |_| ());
    let rds = &world.client;
    let created = rds
        .create_db_cluster_snapshot()
        .db_cluster_identifier("Orders")
        .db_cluster_snapshot_identifier("Orders-Nightly")
        .send()
        .await
        .unwrap();
    let created = created.db_cluster_snapshot.unwrap();
    assert_eq!(
        created.db_cluster_snapshot_identifier(),
        Some("orders-nightly")
    );
    assert_eq!(created.status(), Some("creating"));
    assert_eq!(created.percent_progress(), Some(0));

    world.pass(minutes(1)).await;
    let half = status(&world).await;
    assert_eq!(half.0, "creating");
    assert!((10..=60).contains(&half.1), "{half:?}");
    world.pass(minutes(6)).await;
    assert_eq!(status(&world).await, ("available".into(), 100));

    rds.delete_db_cluster_snapshot()
        .db_cluster_snapshot_identifier("orders-nightly")
        .send()
        .await
        .unwrap();
    assert_eq!(status(&world).await.0, "deleting");
    world.pass(seconds(30)).await;
    assert_eq!(world.rds(|rds| rds.snapshots.len()), 0);

    let told: Vec<_> = world.effects().iter().filter_map(told).collect();
    assert_eq!(
        told,
        [
            "begun orders-nightly",
            "RDS-EVENT-0074 Creating manual cluster snapshot",
            "orders-nightly: creating, available",
            "RDS-EVENT-0075 Manual cluster snapshot created",
            "deleted orders-nightly",
            "RDS-EVENT-0041 Deleted manual snapshot",
        ]
    );
}

fn told(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::SnapshotCreated(snapshot) => format!("begun {}", snapshot.id),
        Effect::SnapshotDeleted(snapshot) => format!("deleted {}", snapshot.id),
        Effect::SnapshotChanged { snapshot, from } => {
            format!("{}: {from}, {}", snapshot.id, snapshot.status)
        }
        Effect::Event(event) => format!("{} {}", event.id, event.message),
        _ => return None,
    })
}

async fn status(world: &World) -> (String, i32) {
    let snapshots = world.client.describe_db_cluster_snapshots();
    let snapshots = snapshots.db_cluster_snapshot_identifier("orders-nightly");
    let snapshots = snapshots
        .send()
        .await
        .unwrap()
        .db_cluster_snapshots
        .unwrap();
    let snapshot = &snapshots[0];
    (
        snapshot.status().unwrap().into(),
        snapshot.percent_progress().unwrap(),
    )
}
