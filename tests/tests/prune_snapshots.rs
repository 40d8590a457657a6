//! prune-snapshots' real binary in the local cloud.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::time::Duration;

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

struct Night {
    cloud: Cloud,
    tonight: Timestamp,
}

impl Night {
    async fn falls() -> Self {
        let cloud = Cloud::start().await;
        cloud.inbox().await;
        let night = Self {
            cloud,
            tonight: Timestamp::from_second(payload::now().as_second()).unwrap(),
        };
        night.begin().await;
        night
    }

    /// Ten nights of one cluster, and beside them everything that is not to be touched.
    async fn begin(&self) {
        self.cloud.reset().await;
        let mut snapshots: Vec<Value> = (0..10)
            .map(|day| taken(ORDERS, self.tonight, day))
            .collect();
        snapshots.extend(self.untouchable());
        let seed = json!({"clusters": [cluster(ORDERS)], "snapshots": snapshots});
        self.cloud.rds().seed(seed).await;
    }

    fn untouchable(&self) -> Vec<Value> {
        let old = |name: &str, changes: Value| {
            but(
                but(taken(ORDERS, self.tonight, 200), json!({"id": name})),
                changes,
            )
        };
        let mut held = taken(ORDERS, self.tonight, 200);
        held["tags"]["nightshift:hold"] = json!("audit");
        vec![
            held,
            old("before-the-migration", json!({"tags": {"owner": "alice"}})),
            old("rds:automated", json!({"type": "automated", "tags": {}})),
            old("gone-nightly-20260101", json!({"cluster": "gone"})),
            old(
                "weekly",
                json!({"tags": {"nightshift:managed-by": "nightshift", "nightshift:schedule": "weekly"}}),
            ),
        ]
    }

    fn event(&self, more: Value) -> Value {
        let policy = but(
            json!({"schedule": "nightly", "keep": {"daily": 6}, "min_keep": 3}),
            more,
        );
        scheduled(&policy, self.tonight)
    }

    async fn function(&self, mode: &str) -> Lambda {
        let settings = self
            .cloud
            .settings()
            .mode(mode)
            .inbox(self.cloud.inbox().await);
        Lambda::start("prune-snapshots", settings).await
    }

    /// The six newest nights are left, and everything that is not to be touched.
    async fn assert_pruned(&self, context: &str) {
        let mut expected: Vec<Value> = (0..6).map(|day| taken(ORDERS, self.tonight, day)).collect();
        expected.extend(self.untouchable());
        let mut expected: Vec<String> = expected
            .iter()
            .map(|s| s["id"].as_str().unwrap().into())
            .collect();
        expected.sort();
        assert_eq!(self.cloud.rds().snapshot_ids().await, expected, "{context}");
    }
}

#[tokio::test]
async fn what_no_rule_keeps_is_deleted_and_nothing_else_is_touched() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    let first = function.invoke(&night.event(json!({})), LIMIT).await;
    assert_eq!(first.value()["outcome"], "success", "{}", first.value());
    night.assert_pruned("after one run").await;
    let second = function.invoke(&night.event(json!({})), LIMIT).await;
    assert_eq!(second.value()["outcome"], "nothing");
    night.assert_pruned("after two runs").await;
    let mails = night.cloud.proxy().mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].subject,
        "[OK] prune-snapshots: tech-n-ai-aurora-cluster: deleted 4"
    );
}

#[tokio::test]
async fn two_runs_at_once_delete_each_snapshot_once() {
    let night = Night::falls().await;
    let (one, two) = (night.function("apply").await, night.function("apply").await);
    for _ in 0..5 {
        night.begin().await;
        let event = night.event(json!({}));
        let (first, second) = tokio::join!(one.invoke(&event, LIMIT), two.invoke(&event, LIMIT));
        for run in [&first, &second] {
            let outcome = run.value()["outcome"].as_str().unwrap();
            assert!(["success", "nothing"].contains(&outcome), "{}", run.value());
        }
        night.assert_pruned("after two runs at once").await;
    }
}

#[tokio::test]
async fn whichever_call_fails_once_the_same_are_deleted() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    let event = night.event(json!({}));
    function.invoke(&event, LIMIT).await;
    let calls = night.cloud.proxy().calls().len();
    assert_eq!(calls, 7, "two listings, four deletions, a mail");
    for fault in passing_faults() {
        for nth in 1..=calls {
            let context = format!("{fault:?} at call {nth}");
            night.begin().await;
            night
                .cloud
                .proxy()
                .inject(When::any().nth(nth), fault.clone());
            let run = function.invoke(&event, LIMIT).await;
            assert_eq!(
                run.value()["outcome"],
                "success",
                "{context}: {}",
                run.value()
            );
            night.assert_pruned(&context).await;
        }
    }
}

#[tokio::test]
async fn whenever_the_process_dies_the_retry_finishes() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    let event = night.event(json!({}));
    for nth in 1..=7 {
        for after in [false, true] {
            let killer = function.killer();
            let death = if after {
                Fault::KillAfter(killer)
            } else {
                Fault::KillBefore(killer)
            };
            night.begin().await;
            night.cloud.proxy().inject(When::any().nth(nth), death);
            let run = function.invoke_async(&event, LIMIT).await;
            assert!(run.last().result.is_ok(), "{run:?}");
            night
                .assert_pruned(&format!("died at call {nth}, after its effect: {after}"))
                .await;
        }
    }
}

#[tokio::test]
async fn a_listing_with_a_page_missing_deletes_nothing() {
    let night = Night::falls().await;
    let many: Vec<Value> = (10..260)
        .map(|day| taken(ORDERS, night.tonight, day))
        .collect();
    night.cloud.rds().seed(json!({"snapshots": many})).await;
    let second_page = When::action("DescribeDBClusterSnapshots").nth(2);
    night.cloud.proxy().inject(
        second_page,
        Fault::Error {
            status: 400,
            code: "InvalidParameterValue",
            message: "marker",
        },
    );
    let lifted = json!({"max_deletes": 1000, "max_delete_percent": 100});
    let before = night.cloud.rds().inventory().await;
    let run = night
        .function("apply")
        .await
        .invoke(&night.event(lifted), LIMIT)
        .await;
    assert_eq!(run.error().error_type, "NonRetryable");
    assert_eq!(night.cloud.rds().inventory().await, before);
}

#[tokio::test]
async fn a_plan_that_breaks_a_rail_is_refused_whole() {
    let night = Night::falls().await;
    let before = night.cloud.rds().inventory().await;
    let run = night
        .function("apply")
        .await
        .invoke(&night.event(json!({"max_deletes": 3})), LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "refused");
    assert_eq!(night.cloud.rds().inventory().await, before);
    let text = night.cloud.proxy().mails()[0].email().to_owned();
    assert!(text.contains("max-deletes"), "{text}");
    assert!(
        text.contains("set policy.max_deletes to 4 for one run"),
        "{text}"
    );
}

#[tokio::test]
async fn broken_backups_stop_the_pruning() {
    let night = Night::falls().await;
    for day in 0..2 {
        let id = taken(ORDERS, night.tonight, day)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        night
            .cloud
            .rds()
            .patch("snapshot", &id, json!({"status": "failed"}))
            .await;
    }
    let run = night
        .function("apply")
        .await
        .invoke(&night.event(json!({})), LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "refused");
    assert_eq!(night.cloud.proxy().effects("DeleteDBClusterSnapshot"), 0);
}

#[tokio::test]
async fn mode_plan_says_the_same_and_touches_nothing() {
    let night = Night::falls().await;
    let before = night.cloud.rds().inventory().await;
    let run = night
        .function("plan")
        .await
        .invoke(&night.event(json!({})), LIMIT)
        .await;
    assert_eq!(
        run.value()["headline"],
        "tech-n-ai-aurora-cluster: would delete 4"
    );
    assert_eq!(night.cloud.rds().inventory().await, before);
    assert_eq!(night.cloud.proxy().effects("DeleteDBClusterSnapshot"), 0);
}

#[tokio::test]
async fn a_run_cut_short_by_its_deadline_says_so_and_the_next_takes_the_rest() {
    let night = Night::falls().await;
    let slow = Fault::Stall(Duration::from_secs(3));
    night
        .cloud
        .proxy()
        .inject(When::action("DeleteDBClusterSnapshot"), slow);
    let many: Vec<Value> = (10..20)
        .map(|day| taken(ORDERS, night.tonight, day))
        .collect();
    night.cloud.rds().seed(json!({"snapshots": many})).await;
    let event = night.event(json!({"max_delete_percent": 100}));
    let function = night.function("apply").await;
    let run = function.invoke(&event, Duration::from_secs(10)).await;
    assert_eq!(run.value()["outcome"], "partial", "{}", run.value());
    let rows = run.value()["rows"].as_array().unwrap();
    let with = |outcome: &str| rows.iter().filter(|row| row["outcome"] == outcome).count();
    assert!(with("done") >= 4 && with("left") >= 1, "{}", run.value());
    let gone = 25 - night.cloud.rds().snapshot_ids().await.len();
    assert!(gone >= with("done"), "what the report calls done is done");
    night.cloud.proxy().heal();
    let next = function.invoke(&event, LIMIT).await;
    assert_eq!(next.value()["outcome"], "success");
    night.assert_pruned("after the next run").await;
}

#[tokio::test]
async fn ten_thousand_snapshots_take_their_pages_and_deletions_and_no_call_more() {
    let night = Night::falls().await;
    let many: Vec<Value> = (10..10_000)
        .map(|day| {
            let seed = taken(ORDERS, night.tonight, day % 3_000);
            but(seed, json!({"id": format!("many-{day}")}))
        })
        .collect();
    night.cloud.rds().seed(json!({"snapshots": many})).await;
    let all = night.cloud.rds().snapshot_ids().await.len();
    let event = night
        .event(json!({"keep": {"daily": 2_950}, "max_deletes": 10_000, "max_delete_percent": 100}));
    let run = night.function("plan").await.invoke(&event, LIMIT).await;
    let deletes = run.value()["headline"]
        .as_str()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .parse::<usize>()
        .unwrap();
    assert!(deletes > 6_000, "{}", run.value()["headline"]);
    let pages = night.cloud.proxy().actions();
    let pages = |action: &str| pages.iter().filter(|called| *called == action).count();
    assert_eq!(pages("rds:DescribeDBClusterSnapshots"), all.div_ceil(100));
    assert_eq!(pages("rds:DescribeDBClusters"), 1);
    assert_eq!(
        night.cloud.proxy().calls().len(),
        all.div_ceil(100) + 2,
        "and one mail"
    );
}
