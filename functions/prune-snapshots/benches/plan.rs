//! How long the decision takes over ten thousand snapshots: at most 50 ms on one core.

use std::hint::black_box;

use aurora_model::{Cluster, ClusterStatus, Snapshot, SnapshotKind, SnapshotStatus, Tags, tags};
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use prune_snapshots::{
    plan::{Observation, plan},
    policy::Policy,
};
use serde_json::json;

/// When all of this is.
fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(500_000)
}

/// `per_cluster` snapshots of each of `clusters`, `every` so many hours, all of them good.
fn history(clusters: usize, per_cluster: usize, every: i64) -> Observation {
    let now = now();
    let ids: Vec<String> = (0..clusters)
        .map(|number| format!("shop-aurora-cluster-{number:03}"))
        .collect();
    let snapshot = |cluster: &String, number: usize| Snapshot {
        id: format!("{cluster}-nightly-{number:05}"),
        cluster: cluster.clone(),
        kind: SnapshotKind::Manual,
        status: SnapshotStatus::Available,
        created: Some(
            now - SignedDuration::from_hours(every * i64::try_from(number).unwrap_or_default() + 1),
        ),
        tags: Tags::from_iter([
            (tags::MANAGED_BY, tags::NIGHTSHIFT),
            (tags::SCHEDULE, "nightly"),
            (tags::TAKEN_FOR, "2026-11-20T02:00:00Z"),
            ("team", "shop"),
        ]),
    };
    let snapshots = ids
        .iter()
        .flat_map(|id| (0..per_cluster).map(move |number| snapshot(id, number)));
    Observation {
        snapshots: snapshots.collect(),
        clusters: ids
            .iter()
            .map(|id| Cluster {
                id: id.clone(),
                arn: format!("arn:aws:rds:eu-central-1:123456789012:cluster:{id}"),
                status: ClusterStatus::Available,
                tags: Tags::from_iter([(tags::SNAPSHOT, "nightly")]),
                latest_restorable: None,
            })
            .collect(),
    }
}

#[expect(
    clippy::expect_used,
    reason = "without a policy there is nothing to measure"
)]
fn benchmark(criterion: &mut Criterion) {
    let json = json!({
        "schedule": "nightly", "time_zone": "Europe/Berlin",
        "keep": {"last": 3, "within": "48h", "hourly": 24, "daily": 7, "weekly": 8, "monthly": 12, "yearly": 3},
    });
    let policy: Policy = handler::policy::parse(&json).expect("a valid policy");
    for (name, observation) in [
        ("10,000 snapshots of 1 cluster", history(1, 10_000, 1)),
        ("10,000 snapshots of 25 clusters", history(25, 400, 24)),
        ("10,000 snapshots of 500 clusters", history(500, 20, 24)),
    ] {
        let now = now();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| plan(black_box(&policy), black_box(&observation), now));
        });
    }
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
