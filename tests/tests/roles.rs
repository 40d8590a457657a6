//! Each role allows what its function calls, and nothing it does not call.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::{collections::BTreeSet, fs, process::Command};

use jiff::Timestamp;
use nightshift_tests::{
    cloud::Cloud,
    lambda::Lambda,
    payload::{self, scheduled},
    repo,
    scenario::{LIMIT, but, cluster, taken},
};
use serde_json::{Value, json};

/// The actions the template gives the function itself, all its parts deployed.
fn allowed(function: &str) -> BTreeSet<String> {
    let output = Command::new(repo::python())
        .arg(repo::root().join("tests/infra/roles.py"))
        .arg(repo::infra().join(format!("functions/{function}.yaml")))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let statements: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let own = statements
        .iter()
        .filter(|statement| statement["by"] == "function");
    let actions = own.flat_map(|statement| statement["actions"].as_array().unwrap());
    actions
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

/// The actions the function really calls over these triggers.
async fn called(cloud: &Cloud, function: &str, events: &[Value]) -> BTreeSet<String> {
    let settings = cloud.settings().mode("apply").inbox(cloud.inbox().await);
    let function = Lambda::start(function, settings).await;
    for event in events {
        let run = function.invoke(event, LIMIT).await;
        assert!(run.result.is_ok(), "{run:?}");
    }
    cloud.proxy().actions().into_iter().collect()
}

/// A cluster to take a snapshot of, one that sleeps, and ten nights to prune.
async fn cloud(tonight: Timestamp) -> Cloud {
    let cloud = Cloud::start().await;
    cloud.inbox().await;
    let asleep = but(cluster("asleep"), json!({"status": "stopped"}));
    let snapshots: Vec<Value> = (1..10).map(|day| taken("orders", tonight, day)).collect();
    let seed = json!({"clusters": [cluster("orders"), asleep], "snapshots": snapshots});
    cloud.rds().seed(seed).await;
    cloud
}

#[tokio::test]
async fn take_snapshot_calls_what_its_role_allows_and_nothing_else() {
    let tonight = payload::now();
    let event = scheduled(&json!({"schedule": "nightly"}), tonight);
    let called = called(&cloud(tonight).await, "take-snapshot", &[event]).await;
    assert_eq!(called, allowed("take-snapshot"));
}

#[tokio::test]
async fn prune_snapshots_calls_what_its_role_allows_and_nothing_else() {
    let tonight = payload::now();
    let policy = json!({"schedule": "nightly", "keep": {"daily": 6}, "rpo": "48h"});
    let called = called(
        &cloud(tonight).await,
        "prune-snapshots",
        &[scheduled(&policy, tonight)],
    )
    .await;
    assert_eq!(called, allowed("prune-snapshots"));
}

#[tokio::test]
async fn report_failure_calls_what_its_role_allows_and_nothing_else() {
    let file = repo::events().join("report-failure/timed-out.json");
    let record = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let called = called(&cloud(payload::now()).await, "report-failure", &[record]).await;
    assert_eq!(called, allowed("report-failure"));
}
