//! What happens in a night without Nightshift: RDS finishes snapshots, people delete them. Each
//! changes the cloud first and then says so with the event that AWS sends.

use std::fs;
use std::net::SocketAddr;

use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::run::{Woken, emit};
use super::servers::Servers;
use super::{event, secret};
use crate::cloud::{Cloud, Ministack, Rds};
use crate::http::{self, Request};
use crate::lambda::{ACCOUNT, REGION};
use crate::repo;
use crate::stack::Schedule;
use crate::wire::to_form;

/// Who deletes a snapshot by hand.
pub const PERSON: &str = "alice";

/// All clusters, snapshots and secrets, whether each schedule is enabled, and MySQL's EVENTs.
pub async fn inventory(cloud: &Cloud, servers: &Servers) -> Value {
    let (mut inventory, ministack) = (cloud.rds().inventory().await, cloud.ministack().await);
    inventory["secrets"] = secret::inventory(ministack).await;
    for each in ministack.schedules().await {
        let text = |key: &str| each[key].as_str().unwrap_or_default().to_owned();
        let name = format!("{}/{}", text("GroupName"), text("Name"));
        inventory["schedules"][name] = text("State").into();
    }
    let [writer, _] = servers.both();
    inventory["events"] = event::all(writer).await;
    inventory
}

/// The state of a schedule in an inventory.
#[must_use]
pub fn schedule<'a>(inventory: &'a Value, name: &str) -> &'a str {
    inventory["schedules"][name].as_str().unwrap_or("not there")
}

/// What an inventory has of an EVENT.
#[must_use]
pub fn event<'a>(inventory: &'a Value, name: &str, what: &str) -> &'a str {
    let mut events = inventory["events"].as_array().into_iter().flatten();
    let found = events.find(|event| event["name"] == name);
    found
        .and_then(|event| event[what].as_str())
        .unwrap_or("not there")
}

/// Whether Scheduler leaves a schedule alone when its hour comes.
pub async fn is_disabled(cloud: &Cloud, schedule: &Schedule) -> bool {
    let Schedule { group, name, .. } = schedule;
    cloud.ministack().await.schedule(group, name).await["State"] == "DISABLED"
}

/// RDS began to make these snapshots at `time`. In the cloud it was a moment ago: the night has
/// its own clock.
pub async fn began(rds: &Rds, snapshots: &[String], time: Timestamp) {
    for (number, id) in snapshots.iter().enumerate() {
        let seconds = 31 + 2 * i64::try_from(number).expect("a handful");
        let created = (time + SignedDuration::from_secs(seconds)).to_string();
        rds.patch("snapshot", id, json!({"created": created})).await;
    }
}

/// RDS has finished a snapshot, its cluster is available again, and an event says so.
pub async fn finished(
    rds: &Rds,
    ministack: &Ministack,
    (id, cluster): (&str, &str),
    time: Timestamp,
) -> Woken {
    let done = json!({"status": "available", "percent": 100});
    rds.patch("snapshot", id, done).await;
    rds.patch("cluster", cluster, json!({"status": "available"}))
        .await;

    let mut event = recorded("take-snapshot", "snapshot-available");
    let arn = format!("arn:aws:rds:{REGION}:{ACCOUNT}:cluster-snapshot:{id}");
    event["time"] = time.to_string().into();
    event["resources"] = json!([arn]);
    event["detail"]["SourceArn"] = arn.into();
    event["detail"]["SourceIdentifier"] = id.into();
    event["detail"]["Date"] = time.to_string().into();
    emit(ministack, &event).await
}

/// Somebody has deleted a snapshot, and `CloudTrail` has seen it.
pub async fn deleted(
    rds: &Rds,
    ministack: &Ministack,
    (id, cluster): (&str, &str),
    time: Timestamp,
) -> Woken {
    delete(rds.address(), id).await;

    let mut event = recorded("take-snapshot", "snapshot-deleted-by-somebody");
    event["time"] = time.to_string().into();
    let detail = &mut event["detail"];
    detail["eventTime"] = time.to_string().into();
    detail["requestParameters"]["dBClusterSnapshotIdentifier"] = id.into();
    detail["responseElements"]["dBClusterSnapshotIdentifier"] = id.into();
    detail["responseElements"]["dBClusterIdentifier"] = cluster.into();
    emit(ministack, &event).await
}

/// An event as AWS sent it, from the function's folder in `events/`.
#[must_use]
pub fn recorded(function: &str, case: &str) -> Value {
    let path = repo::events().join(format!("{function}/{case}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut payload: Value =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    payload["event"].take()
}

async fn delete(to: SocketAddr, id: &str) {
    let body = to_form(&[
        ("Action", "DeleteDBClusterSnapshot"),
        ("Version", "2014-10-31"),
        ("DBClusterSnapshotIdentifier", id),
    ]);
    let scope = format!("{PERSON}/20000101/{REGION}/rds/aws4_request");
    let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let request = Request::new(Method::POST, "/", body)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", &signature);
    let answer = http::send(to, request).await;
    let answer = answer.unwrap_or_else(|e| panic!("DeleteDBClusterSnapshot: {e}"));
    assert!(answer.status.is_success(), "{id}: {}", answer.text());
}
