//! The pause switch, by hand and by failures.

use serde_json::json;

use crate::scene::{DOCUMENTED, Scene, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_says_how_to_lift_it() {
    let scene = Scene::job(json!({})).await;
    scene.ledger().await;
    scene
        .asked("INSERT INTO nightshift.job (name, paused) VALUES ('purge-logs', 1)")
        .await;
    let run = said(&scene.schedule(2).await);
    assert!(run.contains("it is paused (no reason was given)"), "{run}");
    assert!(
        run.contains(
            "UPDATE nightshift.job SET paused = 0, failures = 0 WHERE name = 'purge-logs'"
        ),
        "{run}"
    );
    assert_eq!(scene.rows().await, "6");
    // Nobody knows since when: it is told, but not each night.
    assert_eq!(scene.mails().len(), 1);
    scene
        .asked("UPDATE nightshift.job SET paused = 0, failures = 0 WHERE name = 'purge-logs'")
        .await;
    scene.schedule(1).await;
    let runs = scene.runs().await;
    assert!(
        runs[0].starts_with("skipped 0 0 1 the job is paused"),
        "{runs:?}"
    );
    assert_eq!(runs[1], "done 1 4 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_as_many_failures_as_the_policy_bears_the_job_is_paused() {
    let scene = Scene::with(DOCUMENTED, json!({"pause_after": 2})).await;
    scene.ledger().await;
    scene
        .asked("REVOKE SELECT, DELETE ON shop.logs FROM job@'%'")
        .await;
    let first = scene.schedule(3).await;
    assert_eq!(first.value()["outcome"], "failed", "{}", said(&first));
    scene.schedule(2).await;
    let job = "SELECT CONCAT_WS(' ', paused, failures, paused_why) FROM nightshift.job";
    assert_eq!(scene.asked(job).await, [["1 2 its last 2 runs failed"]]);
    let third = said(&scene.schedule(1).await);
    assert!(third.contains("it is paused since"), "{third}");
    let mails = scene.mails();
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert!(
        mails[1].contains("CRITICAL: purge-logs is paused"),
        "{mails:?}"
    );
    assert!(scene.log().await[1].starts_with("purge-logs FAILED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_well_forgets_the_failures() {
    let scene = Scene::job(json!({})).await;
    scene.ledger().await;
    scene
        .asked("INSERT INTO nightshift.job (name, failures) VALUES ('purge-logs', 2)")
        .await;
    scene.schedule(1).await;
    assert_eq!(
        scene.asked("SELECT failures FROM nightshift.job").await,
        [["0"]]
    );
}
