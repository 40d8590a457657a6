//! Who runs what.

use serde_json::json;

use crate::scene::{PURGE, Scene, USER, action, rows};

/// The rows of a status, without the moments of the next runs, which depend on the day.
async fn said(scene: &Scene) -> String {
    let report = scene.call(&json!({"status": {}})).await;
    let rows = rows(report.value());
    let timeless = |row: &String| match row.split_once(" Next ") {
        Some((before, next)) => format!("{before} Next …{}", &next[next.len() - 4..]),
        None => row.clone(),
    };
    rows.iter().map(timeless).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn each_event_has_one_who_runs_it_or_says_that_it_has_none() {
    let scene = Scene::of(PURGE).await;
    insta::assert_snapshot!(said(&scene).await, @"keep shop.purge_logs -: the database runs it. Never executed here. Next …UTC.");
    scene.call(&action("cut-over", &json!({}))).await;
    insta::assert_snapshot!(said(&scene).await, @"keep shop.purge_logs -: the job purge-logs runs it, by the schedule purge-logs: cron(0 3 * * ? *) (UTC). It has not run yet. Next …UTC.");
    scene.mysql.root("ALTER EVENT shop.purge_logs ENABLE").await;
    insta::assert_snapshot!(said(&scene).await, @"alert shop.purge_logs -: it is enabled, and so is the schedule purge-logs of the job purge-logs, which refuses to run until the EVENT is disabled: disable the schedule, or cut over. Never executed here.");
    scene.call(&action("roll-back", &json!({}))).await;
    assert_eq!(scene.enabled().await, [true, false, false]);
    scene
        .mysql
        .root("ALTER EVENT shop.purge_logs DISABLE")
        .await;
    insta::assert_snapshot!(said(&scene).await, @"alert shop.purge_logs -: nobody runs it: it is disabled, and the schedule purge-logs of the job purge-logs is disabled too. The action cut-over finishes the move, roll-back takes it back");
}

#[tokio::test]
async fn an_event_that_cannot_fire_needs_a_person() {
    let scene = Scene::of(
        "CREATE DEFINER = app@'%' EVENT shop.hourly ON SCHEDULE EVERY 1 HOUR \
         STARTS '2020-01-01 00:30:00' DO DELETE FROM logs",
    )
    .await;
    let grant = format!("GRANT SELECT (User, Host, account_locked) ON mysql.user TO {USER}@'%'");
    scene.mysql.root(&grant).await;
    let first = async || said(&scene).await.lines().next().unwrap().to_owned();
    insta::assert_snapshot!(first().await, @"keep shop.hourly -: the database runs it. Never executed here. Next …UTC.");
    scene.mysql.root("ALTER USER app@'%' ACCOUNT LOCK").await;
    insta::assert_snapshot!(first().await, @"alert shop.hourly -: it is enabled but cannot fire: its definer 'app'@'%' is locked: ALTER USER … ACCOUNT UNLOCK. Never executed here.");
    scene.mysql.root("RENAME USER app@'%' TO gone@'%'").await;
    insta::assert_snapshot!(first().await, @"alert shop.hourly -: it is enabled but cannot fire: its definer 'app'@'%' does not exist: ALTER DEFINER = … EVENT gives it another. Never executed here.");
    scene.mysql.root("SET GLOBAL event_scheduler = OFF").await;
    insta::assert_snapshot!(first().await, @"alert shop.hourly -: it is enabled but cannot fire: event_scheduler is OFF: set it to ON in the cluster's parameter group. Never executed here.");
}

#[tokio::test]
async fn the_ledger_tells_of_the_jobs_runs_and_its_pause() {
    let scene = Scene::of(PURGE).await;
    scene.call(&action("cut-over", &json!({}))).await;
    scene
        .mysql
        .root(
            "INSERT INTO nightshift.job_run (job, slot, state, began_at, ended_at, spec, holder, place, error_message) \
             VALUES ('purge-logs', '2026-11-20 03:00:00', 'failed', '2026-11-20 03:00:01', '2026-11-20 03:07:00', '', '', '{}', 'no rights'), \
             ('purge-logs', '2026-11-21 03:00:00', 'running', '2026-11-21 03:00:01', NULL, '', '', '{}', NULL)",
        )
        .await;
    insta::assert_snapshot!(said(&scene).await, @"keep shop.purge_logs -: the job purge-logs runs it, by the schedule purge-logs: cron(0 3 * * ? *) (UTC). Last run failed 2026-11-20 03:07 UTC: no rights. The run of 2026-11-21 03:00 UTC is not over. Next …UTC.");
    scene
        .mysql
        .root("UPDATE nightshift.job SET paused = 1, paused_why = 'month end'")
        .await;
    insta::assert_snapshot!(said(&scene).await, @"alert shop.purge_logs -: the job purge-logs is to run it but is paused: month end. Last run failed 2026-11-20 03:07 UTC: no rights. The run of 2026-11-21 03:00 UTC is not over.");
}
