//! For every account and policy: one snapshot a cluster and slot, and planning again after
//! applying plans nothing.

use aurora_model::{Cluster, Snapshot, SnapshotKind, SnapshotStatus, Tags, tags};
use proptest::prelude::*;
use serde_json::json;

use super::{cluster, on, ours, policy, seen};
use crate::plan::{Create, Observation, plan};

fn clusters() -> impl Strategy<Value = Vec<Cluster>> {
    let status = prop::sample::select(vec![
        "available",
        "available",
        "available",
        "backing-up",
        "stopped",
        "deleting",
        "migration-failed",
        "new-one",
    ]);
    let one = ("[a-c](-[a-c]){0,2}", status, any::<bool>()).prop_map(|(id, status, tagged)| {
        let mut cluster = cluster(&id, status);
        if !tagged {
            cluster.tags = Tags::default();
        }
        cluster
    });
    prop::collection::vec(one, 0..6).prop_map(|mut clusters| {
        clusters.sort_by(|a, b| a.id.cmp(&b.id));
        clusters.dedup_by(|a, b| a.id == b.id);
        clusters
    })
}

fn snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    let status = prop::sample::select(vec!["available", "creating", "failed", "deleting", "odd"]);
    let kind = prop::sample::select(vec![
        SnapshotKind::Manual,
        SnapshotKind::Automated,
        SnapshotKind::Shared,
    ]);
    let one = (
        "[a-c](-[a-c]){0,2}",
        "[a-c](-[a-c]){0,2}",
        19..22_u8,
        1..4_u8,
        status,
        kind,
        any::<bool>(),
    )
        .prop_map(|(named, cluster, day, attempt, status, kind, managed)| {
            let retry = if attempt > 1 {
                format!("-r{attempt}")
            } else {
                String::new()
            };
            let created = format!("2026-11-{day}T02:00:00Z");
            let mut snapshot = ours(
                &cluster,
                &format!("{named}-nightly-202611{day}{retry}"),
                &created,
                status,
            );
            snapshot.kind = kind;
            if !managed {
                snapshot.tags = Tags::default();
            }
            snapshot
        });
    prop::collection::vec(one, 0..12).prop_map(|mut snapshots| {
        snapshots.sort_by(|a, b| a.id.cmp(&b.id));
        snapshots.dedup_by(|a, b| a.id == b.id);
        snapshots
    })
}

fn applied(seen: &Observation, creates: &[Create]) -> Observation {
    let mut after = seen.clone();
    after
        .snapshots
        .extend(creates.iter().map(|create| Snapshot {
            id: create.new.id.clone(),
            cluster: create.new.cluster.clone(),
            kind: SnapshotKind::Manual,
            status: SnapshotStatus::Creating,
            created: None,
            tags: create.new.tags.clone(),
        }));
    after
}

proptest! {
    #[test]
    fn one_snapshot_for_each_ready_cluster_and_none_the_second_time(
        clusters in clusters(), snapshots in snapshots(), seed in any::<u64>(),
    ) {
        let (policy, time) = (policy(json!({})), on("2026-11-21T02:00:00Z"));
        let first = seen(clusters.clone(), snapshots.clone());
        let planned = plan(&policy, &first, time);

        let creates: Vec<Create> = planned.actions().map(|(_, create)| create.clone()).collect();
        for create in &creates {
            let cluster = clusters.iter().find(|cluster| cluster.id == create.new.cluster).unwrap();
            prop_assert_eq!(cluster.status.to_string(), "available");
            prop_assert_eq!(cluster.tags.get(tags::SNAPSHOT), Some("nightly"));
            prop_assert!(snapshots.iter().all(|snapshot| snapshot.id != create.new.id), "name taken");
            prop_assert!(create.new.tags.managed());
        }
        let mut once: Vec<&str> = creates.iter().map(|create| create.new.cluster.as_str()).collect();
        once.dedup();
        prop_assert_eq!(once.len(), creates.len());

        let after = applied(&first, &creates);
        prop_assert_eq!(plan(&policy, &after, time).actions().count(), 0);

        let mut shuffled = first.clone();
        shuffled.clusters.rotate_left(usize::try_from(seed % 7).unwrap() % clusters.len().max(1));
        shuffled.snapshots.reverse();
        prop_assert_eq!(plan(&policy, &shuffled, time), planned);
    }
}
