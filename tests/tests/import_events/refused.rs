//! What must be so before an EVENT is handed over or back; where it is not, nothing is touched.

use serde_json::{Value, json};

use crate::scene::{PURGE, Scene, USER, action, job};

async fn said(scene: &Scene, action: &Value) -> String {
    let before = scene.enabled().await;
    let rows = scene.rows(action).await;
    assert_eq!(scene.enabled().await, before, "{rows:?}");
    rows.join("\n")
}

async fn over(scene: &Scene) -> String {
    said(scene, &action("cut-over", &json!({}))).await
}

#[tokio::test]
async fn a_job_must_have_proven_itself() {
    let scene = Scene::of(PURGE).await;
    scene
        .mysql
        .root("UPDATE nightshift.job SET proven_at = UTC_TIMESTAMP() - INTERVAL 8 DAY")
        .await;
    let late = over(&scene).await;
    assert!(
        late.contains("more than 7d ago: invoke run-job once"),
        "{late}"
    );
    scene
        .mysql
        .root("UPDATE nightshift.job SET proven_at = UTC_TIMESTAMP(), proven_spec = 'x'")
        .await;
    insta::assert_snapshot!(over(&scene).await, @r#"alert shop.purge_logs -: the policy of the job purge-logs is another one than at its last plan run: invoke run-job once with the policy of the schedule purge-logs and "mode": "plan", and read what it says"#);
    scene.mysql.root("DELETE FROM nightshift.job").await;
    insta::assert_snapshot!(over(&scene).await, @r#"alert shop.purge_logs -: the job purge-logs has not proven itself: invoke run-job once with the policy of the schedule purge-logs and "mode": "plan", and read what it says"#);
    scene.proven(&job()).await;
    scene
        .mysql
        .root("UPDATE nightshift.job SET paused = 1, paused_why = 'month end'")
        .await;
    insta::assert_snapshot!(over(&scene).await, @"alert shop.purge_logs -: the job purge-logs is paused (month end): lift the pause first");
    scene.mysql.root("DROP DATABASE nightshift").await;
    let none = over(&scene).await;
    assert!(
        none.contains("there is no ledger in which it could"),
        "{none}"
    );
}

#[tokio::test]
async fn the_schedules_must_be_the_jobs_and_the_job_the_events() {
    let scene = Scene::of(PURGE).await;
    let with = async |more: Value| said(&scene, &action("cut-over", &more)).await;
    insta::assert_snapshot!(with(json!({"schedule": "purge-log"})).await, @"alert shop.purge_logs -: there is no schedule purge-log");
    insta::assert_snapshot!(with(json!({"tick": "tick"})).await, @"alert shop.purge_logs -: there is no schedule tick");
    insta::assert_snapshot!(with(json!({"event": "shop.purge_log"})).await, @"alert shop.purge_log -: there is no EVENT shop.purge_log that 'events'@'%' may see; it sees the EVENTs of shop: correct the name, or grant it EVENT on the schema");
    let mut other = job();
    other["replaces_event"] = "shop.other".into();
    scene.schedule("jobs", "other", &other, false).await;
    insta::assert_snapshot!(with(json!({"schedule": "jobs/other"})).await, @r#"alert shop.purge_logs -: the job purge-logs replaces shop.other: say "replaces_event": "shop.purge_logs" in its policy, so that it never runs beside the EVENT"#);
    let mut other = job();
    other["cluster"] = "billing".into();
    scene.schedule("jobs", "billing", &other, false).await;
    insta::assert_snapshot!(with(json!({"schedule": "jobs/billing"})).await, @"alert shop.purge_logs -: the job purge-logs is for the cluster billing");
    let mut other = job();
    other["purge"]["older_than"] = "60d".into();
    scene.schedule("jobs", "other-tick", &other, true).await;
    insta::assert_snapshot!(with(json!({"tick": "jobs/other-tick"})).await, @"alert shop.purge_logs -: the schedule jobs/other-tick has another policy than purge-logs: give both the same");
    scene.schedule("jobs", "second", &job(), false).await;
    insta::assert_snapshot!(with(json!({"tick": "jobs/second"})).await, @r#"alert shop.purge_logs -: the input of the schedule jobs/second does not say "tick": true"#);
    insta::assert_snapshot!(with(json!({"schedule": "jobs/purge-logs-tick", "tick": null})).await, @"alert shop.purge_logs -: the schedule of the job purge-logs is one of ticks, which begin nothing: name its schedule, and this one as tick");
}

#[tokio::test]
async fn without_the_rights_for_it_nothing_is_touched() {
    let scene = Scene::of(PURGE).await;
    let made = scene.made().await;
    scene
        .mysql
        .root(&format!("REVOKE PROCESS ON *.* FROM {USER}@'%'"))
        .await;
    insta::assert_snapshot!(over(&scene).await, @"alert shop.purge_logs -: 'events'@'%' cannot see whether the EVENT is being executed: grant it PROCESS");
    scene
        .mysql
        .root(&format!(
            "GRANT PROCESS ON *.* TO {USER}@'%'; REVOKE SET_ANY_DEFINER ON *.* FROM {USER}@'%'"
        ))
        .await;
    insta::assert_snapshot!(over(&scene).await, @r"
    disable the EVENT shop.purge_logs failed: the job purge-logs takes its place; all else of the EVENT stays as it is -> the right SUPER OR SET_ANY_DEFINER is missing (1227)
    enable the schedule purge-logs left: the EVENT is disabled and not being executed -> the step before it did not come off
    enable the schedule jobs/purge-logs-tick left: what a run leaves, its tick goes on with -> the step before it did not come off
    ");
    assert_eq!(scene.made().await, made);
}

#[tokio::test]
async fn a_schedule_that_may_not_be_enabled_gives_the_event_back() {
    let scene = Scene::of(PURGE).await;
    let made = scene.made().await;
    // Scheduler refuses to put back a schedule whose end is over by then.
    let gone = "default/purge-logs";
    scene.account(|account| {
        let mut schedule = account.scheduler.schedules.get(gone).unwrap().clone();
        schedule.configuration["ScheduleExpression"] = "cron(nonsense)".into();
        account.scheduler.schedules.put(
            nightshift_tests::payload::now(),
            gone.to_owned(),
            schedule,
        );
    });
    let rows = scene.rows(&action("cut-over", &json!({}))).await;
    assert!(
        rows[0].starts_with("enable the schedule purge-logs failed")
            && rows[0].contains("ValidationException"),
        "{rows:#?}"
    );
    assert!(
        rows.iter().any(|row| row == "enable the EVENT shop.purge_logs done: the schedule was not enabled, so the EVENT has its place again"),
        "{rows:#?}"
    );
    assert_eq!(scene.enabled().await, [true, false, false]);
    assert_eq!(scene.made().await, made);
}

/// To enable such an EVENT would execute it at once, or drop it.
#[tokio::test]
async fn an_event_whose_time_is_over_is_not_handed_back() {
    for schedule in [
        "AT NOW() + INTERVAL 2 SECOND",
        "EVERY 1 HOUR STARTS NOW() + INTERVAL 1 SECOND ENDS NOW() + INTERVAL 2 SECOND",
    ] {
        let event = format!(
            "CREATE DEFINER = app@'%' EVENT shop.purge_logs ON SCHEDULE {schedule} DISABLE \
             DO DELETE FROM logs"
        );
        let scene = Scene::of(&event).await;
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let back = said(&scene, &action("roll-back", &json!({}))).await;
        insta::allow_duplicates!(
            insta::assert_snapshot!(back, @"alert shop.purge_logs -: the EVENT's time is over: to enable it would execute or drop it at once; make it anew by hand if it is still wanted")
        );
    }
}
