//! scale-readers' real binary in the local cloud.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod alarms;
mod deployed;
mod down;
mod endpoints;
mod faults;
mod told;
mod up;

use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    cloud::Cloud,
    lambda::{Invocation, Lambda},
    payload::{self, scheduled},
    scenario::{LIMIT, but},
};
use serde_json::{Value, json};

const ORDERS: &str = "tech-n-ai-aurora-cluster";

/// A cluster with a writer and these readers, and alarms that are quiet.
struct Scene {
    cloud: Cloud,
}

/// A reader to seed; Nightshift made it where `ours`.
fn reader(nth: u8, ours: bool) -> Value {
    let tags = if ours {
        json!({"nightshift:managed-by": "nightshift", "team": "payments"})
    } else {
        json!({"team": "payments"})
    };
    json!({
        "id": format!("{ORDERS}-{nth}"), "class": "db.r6g.large", "writer": false, "tags": tags,
        "zone": "eu-central-1b", "created": "2026-01-01T00:00:00Z",
    })
}

fn policy(more: Value) -> Value {
    let policy = json!({
        "cluster": ORDERS, "min": 1, "max": 3,
        "out_alarms": ["readers-busy"], "in_alarms": ["readers-idle"], "stabilise": "0s",
    });
    but(policy, more)
}

impl Scene {
    async fn with(readers: &[Value]) -> Self {
        let cloud = Cloud::start().await;
        cloud.inbox().await;
        for alarm in ["readers-busy", "readers-idle"] {
            cloud.ministack().await.alarm(alarm, ORDERS, "OK").await;
        }
        let scene = Self { cloud };
        scene.begin(readers).await;
        scene
    }

    /// The cluster as at the beginning; the alarms stay as they are.
    async fn begin(&self, readers: &[Value]) {
        self.begin_with(readers, json!([])).await;
    }

    /// The same with these custom endpoints.
    async fn begin_with(&self, readers: &[Value], endpoints: Value) {
        self.cloud.reset().await;
        let mut instances = vec![json!({
            "id": format!("{ORDERS}-1"), "class": "db.r6g.large", "writer": true,
            "zone": "eu-central-1a", "created": "2026-01-01T00:00:00Z",
        })];
        instances.extend(readers.iter().cloned());
        let cluster = json!({
            "id": ORDERS, "status": "available", "engine": "aurora-mysql",
            "tags": {"team": "payments"}, "instances": instances, "endpoints": endpoints,
        });
        let seed = json!({"clusters": [cluster], "snapshots": []});
        self.cloud.rds().seed(seed).await;
    }

    async fn alarm(&self, name: &str, state: &str) {
        self.cloud.ministack().await.set_alarm(name, state).await;
    }

    async fn function(&self, mode: &str, policy: &Value) -> Lambda {
        let inbox = self.cloud.inbox().await;
        let settings = self.cloud.settings().mode(mode).inbox(inbox);
        Lambda::start("scale-readers", settings.policy(policy)).await
    }

    /// The names of the cluster's instances and their states, in their order.
    async fn instances(&self) -> Vec<(String, String)> {
        let inventory = self.cloud.rds().inventory().await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let clusters = inventory["clusters"].as_array().unwrap();
        let instances = clusters
            .iter()
            .flat_map(|it| it["instances"].as_array().unwrap());
        let named = instances.map(|it| (text(&it["id"]), text(&it["status"])));
        let mut named: Vec<_> = named.collect();
        named.sort();
        named
    }

    async fn readers(&self) -> Vec<String> {
        let all = self.instances().await.into_iter();
        let writer = format!("{ORDERS}-1");
        let there = all.filter(|(id, status)| *id != writer && status != "deleting");
        there.map(|(id, _)| id).collect()
    }
}

/// The tick, ten minutes after the last change that anybody could have made.
fn tick(policy: &Value) -> Value {
    let mut tick = scheduled(policy, now());
    tick["tick"] = json!(true);
    tick
}

fn now() -> Timestamp {
    Timestamp::from_second(payload::now().as_second()).unwrap()
}

fn minutes_ago(minutes: i64) -> String {
    (now() - SignedDuration::from_mins(minutes)).to_string()
}

fn headline(run: &Invocation) -> &str {
    run.value()["headline"].as_str().unwrap()
}
