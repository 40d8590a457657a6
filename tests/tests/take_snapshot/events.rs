//! What RDS says about the snapshots afterwards.

use super::*;

#[tokio::test]
async fn an_available_snapshot_closes_the_run_without_a_mail() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    function.invoke(&night.event, LIMIT).await;
    let sent = night.cloud.proxy().mails().len();
    let id = night.tonights(ORDERS);
    night
        .cloud
        .rds()
        .patch("snapshot", &id, json!({"status": "available"}))
        .await;
    let run = function.invoke(&finished(&id), LIMIT).await;
    assert_eq!(run.value()["outcome"], "nothing");
    assert!(
        run.value()["rows"][0]["reason"]
            .as_str()
            .unwrap()
            .starts_with("available after ")
    );
    assert_eq!(night.cloud.proxy().mails().len(), sent);
    let measured = run
        .records()
        .into_iter()
        .find(|record| record["SnapshotSeconds"].is_number());
    assert!(
        measured.is_some_and(|record| record["_aws"].is_object()),
        "{:?}",
        run.log
    );
}

#[tokio::test]
async fn a_snapshot_that_rds_could_not_make_is_mailed() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    function.invoke(&night.event, LIMIT).await;
    let id = night.tonights(ORDERS);
    night
        .cloud
        .rds()
        .patch("snapshot", &id, json!({"status": "failed"}))
        .await;
    let run = function.invoke(&finished(&id), LIMIT).await;
    assert_eq!(run.value()["outcome"], "needs-person");
    let mails = night.cloud.proxy().mails();
    assert!(
        mails.last().unwrap().subject.contains("needs"),
        "{}",
        mails.last().unwrap().subject
    );
}

fn finished(id: &str) -> Value {
    let policy = json!({"schedule": "nightly"});
    let event = json!({
        "version": "0", "id": "844e2571-85d4-695f-b930-0153b71dcb42", "source": "aws.rds",
        "detail-type": "RDS DB Cluster Snapshot Event", "time": payload::now().to_string(),
        "account": "123456789012", "region": "eu-central-1", "resources": [],
        "detail": {
            "EventCategories": ["backup"], "SourceType": "CLUSTER_SNAPSHOT", "SourceIdentifier": id,
            "Message": "Manual cluster snapshot created", "EventID": "RDS-EVENT-0075",
        },
    });
    payload::from_rule(&policy, &event)
}
