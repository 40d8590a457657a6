//! What happens in a night without Nightshift: RDS finishes snapshots, people delete them. Each
//! changes the cloud first and then says so with the event that AWS sends.

use std::fs;
use std::net::SocketAddr;

use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::run::{Woken, emit};
use super::secret;
use crate::cloud::{Cloud, Ministack, Rds};
use crate::http::{self, Request};
use crate::lambda::{ACCOUNT, REGION};
use crate::repo;
use crate::wire::to_form;

/// Who deletes a snapshot by hand.
pub const PERSON: &str = "alice";

/// All clusters, snapshots and secrets.
pub async fn inventory(cloud: &Cloud) -> Value {
    let mut inventory = cloud.rds().inventory().await;
    inventory["secrets"] = secret::inventory(cloud.ministack().await).await;
    inventory
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

    let mut event = recorded("snapshot-available");
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

    let mut event = recorded("snapshot-deleted-by-somebody");
    event["time"] = time.to_string().into();
    let detail = &mut event["detail"];
    detail["eventTime"] = time.to_string().into();
    detail["requestParameters"]["dBClusterSnapshotIdentifier"] = id.into();
    detail["responseElements"]["dBClusterSnapshotIdentifier"] = id.into();
    detail["responseElements"]["dBClusterIdentifier"] = cluster.into();
    emit(ministack, &event).await
}

/// An event as AWS sent it, from `events/take-snapshot/`.
fn recorded(case: &str) -> Value {
    let path = repo::events().join(format!("take-snapshot/{case}.json"));
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
