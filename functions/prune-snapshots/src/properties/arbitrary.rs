//! Histories and policies, dense where rules and rails have their edges.

use aurora_model::{
    Cluster, ClusterStatus, Selector, Snapshot, SnapshotKind, SnapshotStatus, Span, Tags, Zone,
    tags,
};
use jiff::SignedDuration;
use proptest::{collection::vec, option::weighted, prelude::*, sample::select};
use serde_json::json;

use crate::{
    plan::Observation,
    policy::{Keep, Policy},
    testing::{cluster, now, observed, policy, snapshot, tagged},
};

const ZONES: [&str; 4] = [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
];

pub fn zones() -> impl Strategy<Value = &'static str> {
    select(ZONES.as_slice())
}

pub fn keeps() -> impl Strategy<Value = Keep> {
    let rule = || prop_oneof![2 => Just(0_u32), 3 => 1..9_u32];
    let within = select(vec![0, 0, 1, 48, 400]).prop_map(Span::hours);
    (rule(), within, rule(), rule(), rule(), rule(), rule())
        .prop_map(
            |(last, within, hourly, daily, weekly, monthly, yearly)| Keep {
                last,
                within,
                hourly,
                daily,
                weekly,
                monthly,
                yearly,
            },
        )
        .prop_filter("a rule", |keep| !keep.is_empty())
}

pub fn policies() -> impl Strategy<Value = Policy> {
    let selectors = weighted(
        0.5,
        select(vec![vec!["a"], vec!["A", "b", "gone"], vec!["typo", "c"]]),
    );
    let deletes = prop_oneof![0..9_u32, Just(1000)];
    let percents = prop_oneof![0..100_u8, Just(100)];
    let rpos = select(vec![26, 24 * 30, 24 * 3000]);
    (
        keeps(),
        selectors,
        1..6_u32,
        deletes,
        percents,
        rpos,
        zones(),
    )
        .prop_map(
            |(keep, ids, min_keep, max_deletes, max_delete_percent, rpo, zone)| Policy {
                clusters: ids.map(|ids| Selector::Ids(ids.into_iter().map(Into::into).collect())),
                keep,
                min_keep,
                max_deletes,
                max_delete_percent,
                rpo: Span::hours(rpo),
                time_zone: Zone::named(zone).unwrap(),
                ..policy(&json!({"last": 1}), &json!({}))
            },
        )
}

/// Hours and quarters of them before now, dense near now, a few of them in the future.
pub fn ages() -> impl Strategy<Value = SignedDuration> {
    prop_oneof![
        5 => (0..40_i64).prop_map(|nights| nights * 24 * 4 + 4),
        4 => -40..400_i64,
        4 => 0..30_000_i64,
        2 => 0..150_000_i64,
    ]
    .prop_map(|quarters| SignedDuration::from_mins(quarters * 15))
}

fn snapshots() -> impl Strategy<Value = Snapshot> {
    let mostly = |usual: &'static str, others: &'static [&'static str]| prop_oneof![12 => Just(usual), 2 => select(others)];
    let kinds = mostly("manual", &["automated", "awsbackup", "shared", "other"]);
    let statuses = mostly(
        "available",
        &["failed", "failed", "creating", "copying", "deleting", "odd"],
    );
    let schedules = mostly("nightly", &["weekly", "foreign"]);
    let clusters = select(vec!["a", "a", "b", "c", "gone", "lost"]);
    let created = weighted(0.95, ages());
    (
        kinds,
        statuses,
        schedules,
        clusters,
        created,
        weighted(0.1, Just("")),
        weighted(0.1, Just("2026-01-01T00:00:00Z")),
    )
        .prop_map(|(kind, status, schedule, cluster, age, hold, drill)| {
            let mut one = Snapshot {
                cluster: cluster.into(),
                kind: SnapshotKind::parse(kind),
                status: SnapshotStatus::parse(status),
                created: age.map(|age| now() - age),
                ..tagged(snapshot("", now()), tags::SCHEDULE, schedule)
            };
            if schedule == "foreign" {
                one.tags = Tags::default();
            }
            for (key, value) in [(tags::HOLD, hold), (tags::DRILL_PASSED, drill)] {
                if let Some(value) = value {
                    one = tagged(one, key, value);
                }
            }
            one
        })
}

pub fn observations() -> impl Strategy<Value = Observation> {
    let clusters = vec((any::<bool>(), any::<bool>()), 3).prop_map(|flags| {
        let cluster = |(id, (selected, stopped)): (&str, (bool, bool))| Cluster {
            status: if stopped {
                ClusterStatus::Stopped
            } else {
                ClusterStatus::Available
            },
            tags: if selected {
                cluster(id).tags
            } else {
                Tags::default()
            },
            ..cluster(id)
        };
        ["a", "b", "c"]
            .into_iter()
            .zip(flags)
            .map(cluster)
            .collect::<Vec<_>>()
    });
    (clusters, vec(snapshots(), 0..70)).prop_map(|(clusters, mut snapshots)| {
        for (number, snapshot) in snapshots.iter_mut().enumerate() {
            snapshot.id = format!("s{number}");
        }
        observed(clusters, snapshots)
    })
}
