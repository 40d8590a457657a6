//! The decision, as tables and properties.

mod happened;
mod plan;
mod policy;
mod properties;

use std::collections::BTreeMap;

use aurora_model::{
    Cluster, ClusterStatus, Quota, Snapshot, SnapshotKind, SnapshotStatus, Tags, tags,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    Policy,
    plan::{Observation, Occasion},
};

pub(crate) fn policy(more: Value) -> Policy {
    let mut json = json!({"schedule": "nightly"});
    if let (Some(json), Value::Object(more)) = (json.as_object_mut(), more) {
        json.extend(more);
    }
    handler::policy::parse(&json).unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn on(time: &str) -> Occasion<'static> {
    Occasion {
        time: at(time),
        request_id: "this-request",
    }
}

pub(crate) fn cluster(id: &str, status: &str) -> Cluster {
    Cluster {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-central-1:123456789012:cluster:{id}"),
        status: ClusterStatus::parse(status),
        tags: Tags::from_iter([(tags::SNAPSHOT, "nightly"), ("team", "payments")]),
        latest_restorable: None,
    }
}

pub(crate) fn ours(cluster: &str, id: &str, created: &str, status: &str) -> Snapshot {
    Snapshot {
        id: id.into(),
        cluster: cluster.into(),
        kind: SnapshotKind::Manual,
        status: SnapshotStatus::parse(status),
        created: Some(at(created)),
        tags: Tags::from_iter([
            (tags::MANAGED_BY, tags::NIGHTSHIFT),
            (tags::SCHEDULE, "nightly"),
        ]),
    }
}

pub(crate) fn seen(clusters: Vec<Cluster>, snapshots: Vec<Snapshot>) -> Observation {
    let quota = Some(Quota { used: 10, max: 100 });
    Observation {
        clusters,
        snapshots,
        quota,
        stopped: BTreeMap::new(),
    }
}
