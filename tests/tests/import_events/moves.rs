//! Handing an EVENT over to its job, and back.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::scene::{PURGE, Scene, action, rows, until};

#[tokio::test]
async fn an_event_is_handed_over_and_comes_back_as_it_was_made() {
    let scene = Scene::of(PURGE).await;
    let made = scene.made().await;
    assert!(
        made[0][1].contains("ANSI_QUOTES") && made[0][4] == "latin1",
        "{made:?}"
    );
    assert_eq!(scene.enabled().await, [true, false, false]);

    let over = action("cut-over", &json!({}));
    let report = scene.call(&over).await;
    let report = report.value();
    insta::assert_snapshot!(rows(report).join("\n"), @r"
    disable the EVENT shop.purge_logs done: the job purge-logs takes its place; all else of the EVENT stays as it is
    enable the schedule purge-logs done: the EVENT is disabled and not being executed
    enable the schedule jobs/purge-logs-tick done: what a run leaves, its tick goes on with
    ");
    insta::assert_snapshot!(report["notes"][0]["text"].as_str().unwrap(), @"Where a template makes the schedule purge-logs, write State: ENABLED there too: its next deployment may set the state it has there.");
    assert_eq!(scene.enabled().await, [false, true, true]);
    assert_eq!(scene.made().await, made);
    insta::assert_snapshot!(scene.rows(&over).await.join("\n"), @"keep shop.purge_logs -: the job purge-logs runs it; the EVENT is disabled");

    let back = action("roll-back", &json!({}));
    insta::assert_snapshot!(scene.rows(&back).await.join("\n"), @r"
    disable the schedule jobs/purge-logs-tick done: there is nothing to go on with
    disable the schedule purge-logs done: the EVENT takes the place of the job purge-logs again
    enable the EVENT shop.purge_logs done: as it was made: definer, zone, sql_mode, schedule
    ");
    assert_eq!(scene.enabled().await, [true, false, false]);
    assert_eq!(scene.made().await, made);
    insta::assert_snapshot!(scene.rows(&back).await.join("\n"), @"keep shop.purge_logs -: the EVENT is enabled; the job purge-logs is not scheduled");
}

#[tokio::test]
async fn in_mode_plan_it_says_what_it_would_do_and_touches_nothing() {
    let scene = Scene::of(PURGE).await;
    let altered = "SELECT LAST_ALTERED FROM information_schema.EVENTS";
    let before = scene.mysql.root(altered).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let over = action("cut-over", &json!({}));
    let report = scene.call_with(&over, &json!({"mode": "plan"})).await;
    let report = report.value();
    assert_eq!(report["outcome"], "planned");
    assert_eq!(report["rows"].as_array().unwrap().len(), 3);
    assert_eq!(scene.enabled().await, [true, false, false]);
    assert_eq!(scene.mysql.root(altered).await, before);
}

/// Fires as soon as it is made, and again in an hour.
fn sleeper(seconds: u32) -> String {
    format!(
        "CREATE DEFINER = app@'%' EVENT shop.purge_logs ON SCHEDULE EVERY 1 HOUR \
         DO DO SLEEP({seconds})"
    )
}

async fn begun(scene: &Scene) {
    let sql = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP%'";
    until("the EVENT is executed", async || {
        scene.mysql.root(sql).await == [["1"]]
    })
    .await;
}

#[tokio::test]
async fn an_execution_under_way_is_waited_for_before_the_job_is_scheduled() {
    let scene = Scene::of(&sleeper(6)).await;
    begun(&scene).await;
    let began = Instant::now();
    let over = action("cut-over", &json!({"wait": "30s"}));
    let report = scene.call(&over).await;
    assert_eq!(report.value()["outcome"], "success", "{report:?}");
    assert!(began.elapsed() > Duration::from_secs(4), "it did not wait");
    assert_eq!(scene.enabled().await, [false, true, true]);
}

#[tokio::test]
async fn an_execution_that_takes_longer_gets_its_event_back() {
    let scene = Scene::of(&sleeper(30)).await;
    begun(&scene).await;
    let made = scene.made().await;
    let over = action("cut-over", &json!({"wait": "1s"}));
    insta::assert_snapshot!(scene.rows(&over).await.join("\n"), @r"
    enable the schedule purge-logs busy: the EVENT is disabled and not being executed -> after 1s the EVENT is still being executed
    enable the schedule jobs/purge-logs-tick left: what a run leaves, its tick goes on with -> the step before it did not come off
    disable the EVENT shop.purge_logs done: the job purge-logs takes its place; all else of the EVENT stays as it is
    enable the EVENT shop.purge_logs done: the schedule was not enabled, so the EVENT has its place again
    ");
    assert_eq!(scene.enabled().await, [true, false, false]);
    assert_eq!(scene.made().await, made);
}

#[tokio::test]
async fn while_the_job_is_at_work_nothing_is_handed_back() {
    let scene = Scene::of(PURGE).await;
    let over = action("cut-over", &json!({}));
    assert_eq!(scene.call(&over).await.value()["outcome"], "success");
    let mut worker = scene.mysql.login("app", "app-and-all").await.unwrap();
    let lock = "SELECT GET_LOCK('nightshift.job.purge-logs', 0)";
    mysql_async::prelude::Queryable::query_drop(&mut worker, lock)
        .await
        .unwrap();
    let back = action("roll-back", &json!({"wait": "1s"}));
    insta::assert_snapshot!(scene.rows(&back).await.join("\n"), @"wait shop.purge_logs -: the job purge-logs is at work and was so for 1s: nothing was touched; try again once it has ended, or pause the job");
    assert_eq!(scene.enabled().await, [false, true, true]);
    worker.disconnect().await.unwrap();
    assert_eq!(scene.call(&back).await.value()["outcome"], "success");
    assert_eq!(scene.enabled().await, [true, false, false]);
}

#[tokio::test]
async fn a_second_call_for_the_same_event_waits_its_turn() {
    let scene = Scene::of(&sleeper(30)).await;
    let mut other = scene.mysql.login("app", "app-and-all").await.unwrap();
    let lock = "SELECT GET_LOCK('nightshift.event.shop.purge_logs', 0)";
    mysql_async::prelude::Queryable::query_drop(&mut other, lock)
        .await
        .unwrap();
    let over = action("cut-over", &json!({}));
    insta::assert_snapshot!(scene.rows(&over).await.join("\n"), @"wait shop.purge_logs -: another call has this EVENT in hand; try again once it is over");
    assert_eq!(scene.enabled().await, [true, false, false]);
    other.disconnect().await.unwrap();
}

/// What a call leaves that died between the two.
#[tokio::test]
async fn an_event_that_nobody_runs_is_handed_on_by_either_call() {
    for (way, then) in [
        ("cut-over", [false, true, true]),
        ("roll-back", [true, false, false]),
    ] {
        let scene = Scene::of(PURGE).await;
        let made = scene.made().await;
        let disable = "ALTER DEFINER = app@'%' EVENT shop.purge_logs DISABLE";
        let as_made = "SET NAMES latin1 COLLATE latin1_german1_ci";
        scene.mysql.root(&format!("{as_made}; {disable}")).await;
        assert_eq!(scene.enabled().await, [false, false, false]);
        let run = scene.call(&action(way, &json!({}))).await;
        assert_eq!(run.value()["outcome"], "success", "{way}");
        assert_eq!(scene.enabled().await, then, "{way}");
        assert_eq!(scene.made().await, made, "{way}");
    }
}

/// `CloudFormation` cannot say so: whoever enables the schedule does.
#[tokio::test]
async fn an_event_that_is_dropped_once_it_is_over_leaves_a_schedule_that_is_deleted_then() {
    for (completion, then) in [("NOT PRESERVE", "DELETE"), ("PRESERVE", "NONE")] {
        let ends = "STARTS '2020-01-01 03:00:00' ENDS CURRENT_TIMESTAMP + INTERVAL 9 DAY";
        let preserve = format!("{ends} ON COMPLETION {completion}");
        let event = PURGE.replace("STARTS '2020-01-01 03:00:00'", &preserve);
        let scene = Scene::of(&event).await;
        let run = scene.call(&action("cut-over", &json!({}))).await;
        assert_eq!(run.value()["outcome"], "success", "{completion}: {run:?}");
        let [schedule, tick] = scene.account(|account| {
            ["default/purge-logs", "jobs/purge-logs-tick"].map(|name| {
                let schedule = account.scheduler.schedules.get(name).unwrap();
                schedule.configuration["ActionAfterCompletion"].clone()
            })
        });
        assert_eq!(
            (schedule, tick),
            (then.into(), "NONE".into()),
            "{completion}"
        );
    }
}
