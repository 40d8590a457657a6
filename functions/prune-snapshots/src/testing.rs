//! Short ways to say a history, for the tests of this crate.

use aurora_model::{
    Cluster, ClusterStatus, Plan, Snapshot, SnapshotKind, SnapshotStatus, Tags, tags,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    plan::{Delete, Observation},
    policy::Policy,
};

/// A Friday, an hour after the nightly snapshot.
pub fn now() -> Timestamp {
    "2026-11-20T03:00:00Z".parse().unwrap()
}

pub fn hours_ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

/// `nightly`, keeping what `keep` says, with rails that let it; `change` overrides.
pub fn policy(keep: &Value, change: &Value) -> Policy {
    let mut json = json!({
        "schedule": "nightly", "keep": keep, "min_keep": 1, "max_deletes": 1000, "max_delete_percent": 100,
    });
    let fields = json.as_object_mut().unwrap();
    fields.extend(change.as_object().unwrap().clone());
    handler::policy::parse(&json).unwrap()
}

/// A cluster that the default policy selects.
pub fn cluster(id: &str) -> Cluster {
    Cluster {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-central-1:123456789012:cluster:{id}"),
        status: ClusterStatus::Available,
        tags: Tags::from_iter([(tags::SNAPSHOT, "nightly")]),
        latest_restorable: None,
    }
}

/// A good snapshot of `orders`, made by Nightshift for `nightly`.
pub fn snapshot(id: &str, created: Timestamp) -> Snapshot {
    Snapshot {
        id: id.into(),
        cluster: "orders".into(),
        kind: SnapshotKind::Manual,
        status: SnapshotStatus::Available,
        created: Some(created),
        tags: Tags::from_iter([
            (tags::MANAGED_BY, tags::NIGHTSHIFT),
            (tags::SCHEDULE, "nightly"),
        ]),
    }
}

/// `snapshot` with one more tag.
pub fn tagged(mut snapshot: Snapshot, key: &str, value: &str) -> Snapshot {
    let tags = snapshot.tags.iter().chain([(key, value)]);
    snapshot.tags = tags.collect();
    snapshot
}

/// The good snapshots `n0` (an hour old), `n1` (a day older) and so on, one a night.
pub fn nights(number: i64) -> Vec<Snapshot> {
    (0..number)
        .map(|night| snapshot(&format!("n{night}"), hours_ago(24 * night + 1)))
        .collect()
}

pub fn observed(clusters: Vec<Cluster>, snapshots: Vec<Snapshot>) -> Observation {
    Observation {
        clusters,
        snapshots,
    }
}

/// The plan for `orders` with these snapshots.
pub fn planned(policy: &Policy, snapshots: Vec<Snapshot>) -> Plan<Delete> {
    crate::plan::plan(policy, &observed(vec![cluster("orders")], snapshots), now())
}
