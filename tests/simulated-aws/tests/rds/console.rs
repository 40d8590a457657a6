//! What happens outside any call.

use simulated_aws::rds::{Cluster, Instance};

use crate::world::{World, minutes, seconds};

#[tokio::test(start_paused = true)]
async fn somebody_at_the_console_can_do_anything() {
    let world = World::with_readers(1, |_| ());
    world.add_snapshot("old");
    world.effects();
    world.outside(|rds, at| {
        rds.set_cluster_status("orders", "maintenance", at);
        rds.set_snapshot_status("old", "failed", at);
        rds.add_instance(Instance::new(at.place, "extra", "orders", at.now), at);
        let arn = rds.clusters.get("orders").unwrap().arn.clone();
        assert!(rds.tag(&arn, "team", "a", at));
        assert!(!rds.tag(
            "arn:aws:rds:eu-central-1:123456789012:cluster:none",
            "a",
            "b",
            at
        ));
        rds.delete_snapshot("old", at);
    });
    assert_eq!(world.members(), ["orders-1", "orders-2", "extra"]);
    assert_eq!(world.told(), ["available, maintenance"]);
    world.outside(|rds, at| {
        rds.begin_automated_snapshot("orders", at);
        rds.delete_cluster("orders", at)
    });
    world.pass(seconds(1)).await;
    world.rds(|rds| assert!(rds.instances.is_empty() && rds.snapshots.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn what_is_found_on_its_way_gets_there() {
    let world = World::plain();
    let states = [
        ("creating", "available"),
        ("starting", "available"),
        ("stopping", "stopped"),
        ("backing-up", "available"),
        ("upgrading", "upgrading"),
        ("deleting", "gone"),
    ];
    world.outside(|rds, at| {
        for (from, _) in states {
            let mut cluster = Cluster::new(at.place, from, at.now);
            cluster.status = from.into();
            rds.add_cluster(cluster, at);
        }
        rds.begin_automated_snapshot("creating", at);
    });
    world.pass(minutes(20)).await;
    world.rds(|rds| {
        for (from, to) in states {
            let is = rds.clusters.get(from);
            let is = is.map_or("gone", |cluster| &cluster.status);
            assert_eq!(is, to, "{from}");
        }
        let automated = rds.snapshots.get("rds:creating-2026-11-21-02-00").unwrap();
        assert_eq!(
            (automated.status.as_str(), automated.kind.as_str()),
            ("available", "automated")
        );
    });
    let told = world.told();
    for event in [
        "0168 rds:creating-2026-11-21-02-00",
        "0169 rds:creating-2026-11-21-02-00",
    ] {
        assert!(told.contains(&event.to_owned()), "{told:?}");
    }
}
