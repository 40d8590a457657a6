//! What `make plan` runs: a function from a laptop against the account in the environment.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::process::{Command, Output};

use nightshift_tests::{
    cloud::Cloud,
    lambda::{ACCOUNT, REGION},
    payload, repo,
    scenario::{cluster, taken},
};
use serde_json::json;
use tokio::task::spawn_blocking;

/// Runs the command, in an environment that would have a function act and send mail.
async fn plan(cloud: &Cloud, function: &str, event: &str) -> Output {
    let event = repo::events().join(function).join(event);
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    command.arg(function).arg(event).arg("--all").env_clear();
    command.envs([
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", ACCOUNT),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", &cloud.proxy().url()),
        ("MODE", "apply"),
        ("INBOX_TOPIC_ARN", cloud.inbox().await),
    ]);
    let run = spawn_blocking(move || command.output());
    run.await.unwrap().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).unwrap()
}

#[tokio::test]
async fn a_plan_says_what_tonight_would_bring_and_touches_nothing() {
    let cloud = Cloud::start().await;
    cloud.inbox().await;
    let now = payload::now();
    let past = (1..=12).map(|days| taken("orders", now, days));
    let seed = json!({"clusters": [cluster("orders")], "snapshots": past.collect::<Vec<_>>()});
    cloud.rds().seed(seed).await;
    let before = cloud.rds().inventory().await;

    let create = plan(&cloud, "take-snapshot", "schedule.json").await;
    let said = text(&create.stdout);
    assert!(create.status.success(), "{said}\n{}", text(&create.stderr));
    assert!(said.contains("orders: would create 1"), "{said}");

    let delete = plan(&cloud, "prune-snapshots", "rule.json").await;
    let said = text(&delete.stdout);
    assert!(delete.status.success(), "{said}\n{}", text(&delete.stderr));
    assert!(said.contains("orders: would delete "), "{said}");
    assert!(said.contains("  keep          orders-nightly-"), "{said}");

    assert_eq!(cloud.rds().inventory().await, before);
    assert!(cloud.proxy().mails().is_empty());
    let actions = cloud.proxy().actions();
    assert!(
        actions
            .iter()
            .all(|action| action.starts_with("rds:Describe"))
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_in_one_sentence() {
    let cloud = Cloud::start().await;
    let refused = plan(&cloud, "take-snapshot", "bad-unknown-field.json").await;
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert!(
        said.starts_with("error: policy.rop: unknown field"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1);
    assert!(cloud.proxy().calls().is_empty());
}
