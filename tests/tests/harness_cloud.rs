//! The local cloud starts, can be seeded, and keeps what is published.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

use hyper::Method;
use nightshift_tests::cloud::Cloud;
use nightshift_tests::http::{Request, send};
use nightshift_tests::wire::to_form;
use serde_json::{Value, json};

const RDS: &str = "AWS4-HMAC-SHA256 Credential=AK/20261121/eu-central-1/rds/aws4_request, \
                   SignedHeaders=host, Signature=0";
const SNS: &str = "AWS4-HMAC-SHA256 Credential=AK/20261121/eu-central-1/sns/aws4_request, \
                   SignedHeaders=host, Signature=0";

/// A call as a function would make it, through the proxy.
async fn call(cloud: &Cloud, authorization: &str, fields: &[(&str, &str)]) -> String {
    let address = cloud.proxy().url().replace("http://", "").parse().unwrap();
    let request = Request::new(Method::POST, "/", to_form(fields))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", authorization);
    let answer = send(address, request).await.unwrap();
    assert!(answer.status.is_success(), "{}", answer.text());
    answer.text()
}

#[tokio::test]
async fn rds_has_the_past_it_was_given_and_tells_who_called() {
    let cloud = Cloud::start().await;
    cloud
        .rds()
        .seed(json!({
            "clusters": [{"id": "a", "tags": {"nightshift:snapshot": "nightly"}}],
            "snapshots": [{"id": "old", "cluster": "a", "created": "2020-02-29T02:00:00Z"}],
        }))
        .await;
    let fields = [
        ("Action", "DescribeDBClusterSnapshots"),
        ("Version", "2014-10-31"),
    ];
    let answer = call(&cloud, RDS, &fields).await;
    assert!(answer.contains("2020-02-29T02:00:00"), "{answer}");
    assert_eq!(cloud.proxy().actions(), ["rds:DescribeDBClusterSnapshots"]);
    assert_eq!(cloud.rds().calls().await.len(), 1);

    cloud
        .rds()
        .patch("snapshot", "old", json!({"status": "failed"}))
        .await;
    cloud.rds().quota("ManualClusterSnapshots", 1).await;
    let inventory = cloud.rds().inventory().await;
    assert_eq!(inventory["snapshots"][0]["status"], "failed");
    assert_eq!(cloud.rds().snapshot_ids().await, ["old"]);

    cloud.reset().await;
    assert_eq!(cloud.rds().snapshot_ids().await, [""; 0]);
    assert!(cloud.proxy().calls().is_empty());
}

#[tokio::test]
async fn a_published_mail_reaches_proxy_inbox_and_queue() {
    let cloud = Cloud::start().await;
    let inbox = cloud.inbox().await.to_owned();
    let ministack = cloud.ministack().await;
    let raw = ministack.queue("raw").await;
    let enveloped = ministack.queue("enveloped").await;
    ministack.subscribe(&inbox, "raw", true).await;
    ministack.subscribe(&inbox, "enveloped", false).await;

    let message = json!({"default": "d", "email": "Dear team", "sqs": "{\"n\":1}"});
    let fields = [
        ("Action", "Publish"),
        ("Version", "2010-03-31"),
        ("TopicArn", &inbox),
        ("Subject", "Two snapshots taken"),
        ("MessageStructure", "json"),
        ("Message", &message.to_string()),
        ("MessageAttributes.entry.1.Name", "severity"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "info"),
    ];
    call(&cloud, SNS, &fields).await;

    let [mail] = &*cloud.proxy().mails() else {
        panic!("not one mail");
    };
    assert_eq!((&*mail.topic, mail.email()), (&*inbox, "Dear team"));
    assert_eq!(mail.attributes["severity"], "info");
    assert_eq!(ministack.mails().await[0]["bodies"]["email"], "Dear team");

    assert_eq!(ministack.receive(&raw).await[0]["Body"], "{\"n\":1}");
    let body = &ministack.receive(&enveloped).await[0]["Body"];
    let envelope: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    assert_eq!(envelope["Subject"], "Two snapshots taken");
    assert_eq!(envelope["Message"], "{\"n\":1}");
}
