//! take-snapshot's real binary in the local cloud.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use jiff::Timestamp;
use nightshift_tests::{
    cloud::Cloud,
    fault::{Fault, When},
    lambda::Lambda,
    payload::{self, scheduled},
    scenario::{LIMIT, but, cluster, passing_faults, taken},
};
use serde_json::{Value, json};

const ORDERS: &str = "tech-n-ai-aurora-cluster";
const BOTH: &str = "billing and tech-n-ai-aurora-cluster: created 2";

struct Night {
    cloud: Cloud,
    tonight: Timestamp,
    event: Value,
}

impl Night {
    /// Two clusters with last night's snapshots, and tonight's trigger.
    async fn falls() -> Self {
        let cloud = Cloud::start().await;
        cloud.inbox().await;
        let tonight = Timestamp::from_second(payload::now().as_second()).unwrap();
        let event = scheduled(&json!({"schedule": "nightly"}), tonight);
        let night = Self {
            cloud,
            tonight,
            event,
        };
        night.begin().await;
        night
    }

    async fn begin(&self) {
        self.cloud.reset().await;
        let seed = json!({
            "clusters": [cluster(ORDERS), cluster("billing")],
            "snapshots": [taken(ORDERS, self.tonight, 1), taken("billing", self.tonight, 1)],
        });
        self.cloud.rds().seed(seed).await;
    }

    async fn function(&self, mode: &str) -> Lambda {
        let settings = self
            .cloud
            .settings()
            .mode(mode)
            .inbox(self.cloud.inbox().await);
        Lambda::start("take-snapshot", settings).await
    }

    fn tonights(&self, cluster: &str) -> String {
        format!("{cluster}-nightly-{}", self.tonight.strftime("%Y%m%d"))
    }

    /// Tonight's snapshots are there, each once, beside last night's.
    async fn assert_taken(&self, context: &str) {
        let mut expected = vec![self.tonights(ORDERS), self.tonights("billing")];
        let last = |cluster| {
            taken(cluster, self.tonight, 1)["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        expected.extend([last(ORDERS), last("billing")]);
        expected.sort();
        assert_eq!(self.cloud.rds().snapshot_ids().await, expected, "{context}");
    }
}

#[tokio::test]
async fn one_trigger_delivered_twice_takes_one_snapshot_and_tells_once() {
    let night = Night::falls().await;
    let function = night.function("apply").await;

    let first = function.invoke(&night.event, LIMIT).await;
    assert_eq!(first.value()["outcome"], "success");
    let second = function.invoke(&night.event, LIMIT).await;
    assert_eq!(second.value()["outcome"], "nothing");

    night.assert_taken("after two deliveries").await;
    let mails = night.cloud.proxy().mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].subject,
        "[OK] take-snapshot: billing and tech-n-ai-aurora-cluster: created 2"
    );
    let inventory = night.cloud.rds().inventory().await;
    let snapshots = inventory["snapshots"].as_array().unwrap();
    let tonights = snapshots
        .iter()
        .find(|s| s["id"] == night.tonights(ORDERS))
        .unwrap();
    let tags = &tonights["tags"];
    assert_eq!(tags["nightshift:managed-by"], "nightshift");
    assert_eq!(tags["nightshift:schedule"], "nightly");
    assert_eq!(tags["nightshift:taken-for"], night.tonight.to_string());
    assert_eq!(tags["team"], "payments");
}

#[tokio::test]
async fn one_trigger_delivered_twice_at_once_takes_one_snapshot() {
    let night = Night::falls().await;
    let (one, two) = (night.function("apply").await, night.function("apply").await);
    for round in 0..5 {
        night.begin().await;
        let (first, second) = tokio::join!(
            one.invoke(&night.event, LIMIT),
            two.invoke(&night.event, LIMIT)
        );
        for run in [&first, &second] {
            let outcome = run.value()["outcome"].as_str().unwrap();
            assert!(["success", "nothing"].contains(&outcome), "{}", run.value());
        }
        let created = |run: &Value| {
            run["rows"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["outcome"] == "done")
                .count()
        };
        assert_eq!(
            created(first.value()) + created(second.value()),
            2,
            "told once each, round {round}"
        );
        night.assert_taken("after two deliveries at once").await;
    }
}

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
async fn mode_plan_says_the_same_and_touches_nothing() {
    let night = Night::falls().await;
    let before = night.cloud.rds().inventory().await;
    let run = night
        .function("plan")
        .await
        .invoke(&night.event, LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "planned");
    assert_eq!(
        run.value()["headline"],
        "billing and tech-n-ai-aurora-cluster: would create 2"
    );
    assert_eq!(night.cloud.rds().inventory().await, before);
    assert_eq!(night.cloud.proxy().effects("CreateDBClusterSnapshot"), 0);
    assert_eq!(
        night.cloud.proxy().mails().len(),
        1,
        "the team reads a night's decisions before anything acts"
    );
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

#[tokio::test]
async fn an_expired_trigger_does_nothing_and_says_so() {
    let night = Night::falls().await;
    let old = night.tonight - jiff::SignedDuration::from_hours(7);
    let event = scheduled(&json!({"schedule": "nightly"}), old);
    let run = night.function("apply").await.invoke(&event, LIMIT).await;
    assert_eq!(run.value()["outcome"], "expired");
    assert_eq!(night.cloud.proxy().actions(), ["sns:Publish"]);
    assert!(
        night.cloud.proxy().mails()[0]
            .email()
            .contains("expires after 6h")
    );
}

#[tokio::test]
async fn a_bad_policy_is_one_clear_error_before_anything_is_touched() {
    let night = Night::falls().await;
    let event = scheduled(&json!({"schedule": "nightly", "rop": "26h"}), night.tonight);
    let run = night.function("apply").await.invoke(&event, LIMIT).await;
    assert_eq!(run.error().error_type, "NonRetryable");
    assert!(
        run.error()
            .error_message
            .starts_with("policy.rop: unknown field rop; known here: schedule")
    );
    assert_eq!(night.cloud.proxy().actions(), Vec::<String>::new());
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
