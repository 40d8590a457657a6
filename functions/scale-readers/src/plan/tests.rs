//! Decisions, as a person would read them.

use std::collections::BTreeMap;

use aurora_model::{
    AlarmState, ClusterStatus, InstanceStatus, Member, Tags,
    reader::{CustomEndpoint, DbInstance, InstanceSettings, ReaderCluster},
    tags,
};
use cloudwatch::AlarmNow;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

mod fewer;
mod more;
mod safe;

const NOW: &str = "2026-11-21T03:10:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn at(now: &str) -> Occasion<'static> {
    Occasion {
        now: time(now),
        request_id: "this-request",
        daily: false,
    }
}

fn policy(more: Value) -> Policy {
    let mut policy = json!({
        "cluster": "orders", "min": 1, "max": 3, "out_alarms": ["busy"], "in_alarms": ["idle"],
    });
    let (Value::Object(all), Value::Object(more)) = (&mut policy, more) else {
        panic!("objects")
    };
    all.extend(more);
    handler::policy::parse(&policy).unwrap()
}

fn instance(id: &str, zone: &str) -> DbInstance {
    DbInstance {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-central-1:123456789012:db:{id}"),
        cluster: "orders".into(),
        status: InstanceStatus::Available,
        class: "db.r7g.large".into(),
        zone: Some(format!("eu-central-1{zone}")),
        created: Some(time("2026-01-01T00:00:00Z")),
        tags: Tags::default(),
        settings: InstanceSettings::default(),
    }
}

/// A reader that Nightshift made.
fn ours(id: &str, zone: &str, created: &str) -> DbInstance {
    let mut instance = instance(id, zone);
    instance.tags.set(tags::MANAGED_BY, tags::NIGHTSHIFT);
    instance.created = Some(time(created));
    instance
}

fn draining(mut instance: DbInstance, since: &str) -> DbInstance {
    instance.tags.set(tags::DRAINING_SINCE, since);
    instance
}

fn alarm(name: &str, state: AlarmState, since: &str) -> AlarmNow {
    AlarmNow {
        name: name.into(),
        state,
        since: time(since),
    }
}

/// The writer, these readers, and alarms that have been quiet all night.
fn seen(readers: Vec<DbInstance>) -> Observation {
    let mut instances = vec![instance("orders-1", "a")];
    instances.extend(readers);
    let member = |instance: &DbInstance| Member {
        id: instance.id.clone(),
        writer: instance.id == "orders-1",
    };
    Observation {
        cluster: ReaderCluster {
            id: "orders".into(),
            arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
            engine: "aurora-mysql".into(),
            status: ClusterStatus::Available,
            tags: Tags::default(),
            members: instances.iter().map(member).collect(),
            zones: ["a", "b", "c"]
                .map(|zone| format!("eu-central-1{zone}"))
                .into(),
            serverless: false,
        },
        instances,
        endpoints: Vec::new(),
        alarms: vec![
            alarm("busy", AlarmState::Ok, "2026-11-20T20:00:00Z"),
            alarm("idle", AlarmState::Ok, "2026-11-20T20:00:00Z"),
        ],
        connections: BTreeMap::new(),
    }
}

fn busy(mut seen: Observation) -> Observation {
    seen.alarms[0] = alarm("busy", AlarmState::Alarm, "2026-11-21T03:05:00Z");
    seen
}

fn idle(mut seen: Observation, since: &str) -> Observation {
    seen.alarms[1] = alarm("idle", AlarmState::Alarm, since);
    seen
}

/// The plan of the usual policy, as text.
fn said(seen: &Observation) -> String {
    with(json!({}), seen)
}

fn with(more: Value, seen: &Observation) -> String {
    plan(&policy(more), seen, at(NOW)).to_string()
}

fn endpoint(id: &str, members: &[&str], excluded: &[&str]) -> CustomEndpoint {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    CustomEndpoint {
        id: id.into(),
        readers_only: false,
        members: owned(members),
        excluded: owned(excluded),
    }
}
