//! One trigger, delivered once, twice, late, or with a policy that makes no sense.

use super::*;

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
async fn a_tick_takes_what_was_busy_and_repeats_no_news() {
    let night = Night::falls().await;
    let function = night.function("apply").await;
    let busy = json!({"status": "backing-up"});
    night.cloud.rds().patch("cluster", ORDERS, busy).await;
    let run = function.invoke(&night.event, LIMIT).await;
    assert_eq!(run.value()["outcome"], "partial");
    let mut tick = night.event.clone();
    tick["tick"] = json!(true);
    let sent = night.cloud.proxy().mails().len();
    let run = function.invoke(&tick, LIMIT).await;
    assert_eq!(run.value()["outcome"], "partial", "still busy");
    assert_eq!(night.cloud.proxy().mails().len(), sent, "which is no news");
    let ready = json!({"status": "available"});
    night.cloud.rds().patch("cluster", ORDERS, ready).await;
    let run = function.invoke(&tick, LIMIT).await;
    assert_eq!(run.value()["outcome"], "success");
    night.assert_taken("by the tick").await;
    assert_eq!(night.cloud.proxy().mails().len(), sent + 1);
}
