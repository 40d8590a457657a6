//! report-failure's real binary, fed with what the other functions' real failures leave behind.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::{fs, time::Duration};

use nightshift_tests::{
    cloud::Cloud,
    fault::{Fault, When},
    lambda::Lambda,
    mail::Mail,
    payload::{self, scheduled},
    repo,
    scenario::{LIMIT, cluster},
};
use serde_json::{Value, json};

async fn cloud() -> Cloud {
    let cloud = Cloud::start().await;
    cloud.inbox().await;
    cloud
        .rds()
        .seed(json!({"clusters": [cluster("orders")]}))
        .await;
    cloud
}

async fn function(cloud: &Cloud, name: &str) -> Lambda {
    let settings = cloud.settings().mode("apply").inbox(cloud.inbox().await);
    Lambda::start(name, settings).await
}

/// Hands `record` to report-failure and returns the one mail it sends.
async fn mail(cloud: &Cloud, record: &Value) -> Mail {
    let run = function(cloud, "report-failure")
        .await
        .invoke(record, LIMIT)
        .await;
    assert!(run.result.is_ok(), "{run:?}");
    let mut mails = cloud.proxy().mails();
    assert_eq!(mails.len(), 1, "exactly one mail");
    mails.remove(0)
}

fn assert_readable(mail: &Mail, says: &[&str]) {
    let text = mail.email();
    for words in says {
        assert!(text.contains(words), "{words:?} is missing in\n{text}");
    }
    assert!(
        !text.contains("{\"") && !text.contains("\":"),
        "no JSON for people:\n{text}"
    );
}

#[tokio::test]
async fn a_function_that_dies_each_time_is_told_of_once() {
    let cloud = cloud().await;
    let take = function(&cloud, "take-snapshot").await;
    let death = Fault::KillBefore(take.killer());
    cloud
        .proxy()
        .inject(When::action("DescribeDBClusters"), death);
    let event = scheduled(&json!({"schedule": "nightly"}), payload::now());
    let run = take.invoke_async(&event, LIMIT).await;
    let mail = mail(&cloud, &run.on_failure.unwrap()).await;
    assert_readable(&mail, &["take-snapshot", "3 tries", "nightly"]);
    assert_eq!(mail.attributes["function"], "take-snapshot");
}

#[tokio::test]
async fn a_function_that_runs_out_of_time_is_told_of_once() {
    let cloud = cloud().await;
    let prune = function(&cloud, "prune-snapshots").await;
    cloud
        .proxy()
        .inject(When::action("DescribeDBClusters"), Fault::Hang);
    let policy = json!({"schedule": "nightly", "keep": {"daily": 7}});
    let event = scheduled(&policy, payload::now());
    let run = prune.invoke_async(&event, Duration::from_secs(3)).await;
    let mail = mail(&cloud, &run.on_failure.unwrap()).await;
    assert_readable(&mail, &["prune-snapshots", "time was up"]);
}

#[tokio::test]
async fn a_policy_nobody_can_follow_is_told_with_its_remedy() {
    let cloud = cloud().await;
    let take = function(&cloud, "take-snapshot").await;
    let event = scheduled(
        &json!({"schedule": "nightly", "rop": "26h"}),
        payload::now(),
    );
    let run = take.invoke_async(&event, LIMIT).await;
    let mail = mail(&cloud, &run.on_failure.unwrap()).await;
    assert_readable(
        &mail,
        &["policy.rop: unknown field rop", "Correct the policy"],
    );
}

#[tokio::test]
async fn when_the_mail_cannot_be_sent_the_record_goes_back_to_lambda() {
    let cloud = cloud().await;
    cloud
        .proxy()
        .inject(When::action("Publish"), Fault::AccessDenied);
    let file = repo::events().join("report-failure/timed-out.json");
    let record = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let run = function(&cloud, "report-failure")
        .await
        .invoke(&record, LIMIT)
        .await;
    assert!(
        run.result.is_err(),
        "its dead-letter queue keeps what nobody was told: {run:?}"
    );
}
