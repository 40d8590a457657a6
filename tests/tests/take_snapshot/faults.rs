//! What fails between the function and AWS, and when.

use super::*;

#[tokio::test]
async fn whichever_call_fails_once_nothing_is_lost_or_done_twice() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    function.invoke(&night.event, LIMIT).await;
    let calls = night.cloud.proxy().calls().len();
    assert!(
        calls >= 6,
        "two listings, the quota, two creations, a mail: {calls}"
    );
    for fault in passing_faults() {
        for nth in 1..=calls {
            let context = format!("{fault:?} at call {nth}");
            night.begin().await;
            night
                .cloud
                .proxy()
                .inject(When::any().nth(nth), fault.clone());
            let run = function.invoke(&night.event, LIMIT).await;
            assert_eq!(
                run.value()["outcome"],
                "success",
                "{context}: {}",
                run.value()
            );
            assert_eq!(run.value()["headline"], BOTH, "{context}");
            night.assert_taken(&context).await;
            let mails = night.cloud.proxy().effects("Publish");
            let repeated = matches!(fault, Fault::CutAfter) && nth == calls;
            assert_eq!(
                mails,
                if repeated { 2 } else { 1 },
                "{context}: a lost answer may repeat a mail, nothing else"
            );
        }
    }
}

#[tokio::test]
async fn whenever_the_process_dies_the_retry_finishes_the_night() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    function.invoke(&night.event, LIMIT).await;
    let calls = night.cloud.proxy().calls().len();
    for nth in 1..=calls {
        for after in [false, true] {
            let killer = function.killer();
            let death = if after {
                Fault::KillAfter(killer)
            } else {
                Fault::KillBefore(killer)
            };
            night.begin().await;
            night.cloud.proxy().inject(When::any().nth(nth), death);
            let run = function.invoke_async(&night.event, LIMIT).await;
            assert!(run.attempts[0].result.is_err(), "died at call {nth}");
            assert!(run.last().result.is_ok(), "{run:?}");
            let context = format!("died at call {nth}, after its effect: {after}");
            night.assert_taken(&context).await;
            // The mail is the last call: dying after it has it sent twice, never not at all.
            let twice = after && nth == calls;
            let mails = night.cloud.proxy().effects("Publish");
            assert_eq!(mails, if twice { 2 } else { 1 }, "{context}");
            assert_eq!(run.last().value()["headline"], BOTH, "{context}");
        }
    }
}

#[tokio::test]
async fn one_failing_cluster_never_stops_the_others() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    let to_orders = When::action("CreateDBClusterSnapshot").with("DBClusterIdentifier", ORDERS);
    night.cloud.proxy().inject(to_orders, Fault::AccessDenied);
    let run = function.invoke(&night.event, LIMIT).await;
    assert_eq!(run.value()["outcome"], "partial");
    let ids = night.cloud.rds().snapshot_ids().await;
    assert!(ids.contains(&night.tonights("billing")) && !ids.contains(&night.tonights(ORDERS)));
    let mails = night.cloud.proxy().mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].email().contains("FAILED"), "{}", mails[0].email());
    assert!(
        mails[0]
            .email()
            .contains("allow the call in the function's role"),
        "{}",
        mails[0].email()
    );
}

#[tokio::test]
async fn what_a_retry_cures_is_retried_by_lambda_and_mailed_by_report_failure_only() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    night
        .cloud
        .proxy()
        .inject(When::action("CreateDBClusterSnapshot"), Fault::Throttle);
    let run = function.invoke_async(&night.event, LIMIT).await;
    assert_eq!(run.last().error().error_type, "Retryable");
    assert_eq!(run.attempts.len(), 3);
    assert!(
        run.on_failure.is_some(),
        "the record goes to report-failure"
    );
    assert_eq!(night.cloud.proxy().mails().len(), 0);
    night.cloud.proxy().heal();
    let run = function.invoke(&night.event, LIMIT).await;
    assert_eq!(run.value()["outcome"], "success");
    night.assert_taken("after RDS has calmed down").await;
}

#[tokio::test]
async fn a_full_quota_is_a_severe_mail_that_says_what_to_do() {
    let night = Night::falls().await;
    night.cloud.rds().quota("ManualClusterSnapshots", 2).await;
    let run = night
        .function("apply")
        .await
        .invoke(&night.event, LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "failed");
    let mails = night.cloud.proxy().mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].attributes["severity"], "critical");
    let text = mails[0].email();
    assert!(
        text.contains("2 of 2 manual cluster snapshots are used"),
        "{text}"
    );
    assert!(text.contains("ask AWS for a higher quota"), "{text}");
}

#[tokio::test]
async fn a_failed_snapshot_is_tried_again_under_another_name() {
    let night = Night::falls().await;
    let failed = but(taken(ORDERS, night.tonight, 0), json!({"status": "failed"}));
    night.cloud.rds().seed(json!({"snapshots": [failed]})).await;
    let run = night
        .function("apply")
        .await
        .invoke(&night.event, LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "success");
    let again = format!("{}-r2", night.tonights(ORDERS));
    assert!(night.cloud.rds().snapshot_ids().await.contains(&again));
    let mails = night.cloud.proxy().mails();
    assert!(
        mails[0].email().contains("failed at RDS, so this is try 2"),
        "{}",
        mails[0].email()
    );
}

#[tokio::test]
async fn a_mail_that_fails_changes_nothing_about_the_run() {
    let night = Night::falls().await;
    night
        .cloud
        .proxy()
        .inject(When::action("Publish"), Fault::AccessDenied);
    let run = night
        .function("apply")
        .await
        .invoke(&night.event, LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "success");
    night.assert_taken("without a mail").await;
    assert_eq!(
        night
            .cloud
            .proxy()
            .calls()
            .iter()
            .filter(|call| call.action == "Publish")
            .count(),
        1
    );
    assert!(
        run.records()
            .iter()
            .any(|record| record["MailFailures"] == 1.0),
        "{:?}",
        run.log
    );
}
