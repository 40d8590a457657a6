//! A look in mode `plan`, which import-events wants of a job before it hands an EVENT over to it.

use serde_json::json;

use crate::scene::{DOCUMENTED, Scene, said};

const PROVEN: &str = "SELECT CONCAT_WS(' ', proven_spec, ABS(TIMESTAMPDIFF(SECOND, proven_at, UTC_TIMESTAMP())) < 60, \
     paused, failures, buffered) FROM nightshift.job";
const EVENT: &str = "CREATE EVENT shop.purge_logs ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL 1 DAY DO DELETE FROM shop.logs; \
     GRANT EVENT ON shop.* TO job@'%'";

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_finds_nothing_in_the_way_is_noted_and_changes_nothing_else() {
    let mut scene = Scene::job(json!({"mode": "plan", "replaces_event": "shop.purge_logs"})).await;
    scene.ledger().await;
    scene.asked(EVENT).await;
    let run = scene.schedule(1).await;
    assert_eq!(run.value()["outcome"], "planned", "{}", said(&run));
    let would = run.value()["rows"][0]["reason"].as_str().unwrap();
    let (would, until) = would.split_once("; the EVENT ").unwrap();
    assert!(would.contains("delete about"), "{would}");
    insta::assert_snapshot!(until, @"shop.purge_logs is still enabled and does the same work: the job does not run before that is disabled, by import-events with a cut-over, or by hand");
    let first = scene.asked(PROVEN).await;
    assert_eq!(first, [[format!("{} 1 0 0", scene.proof())]]);
    assert_eq!(
        (scene.rows().await.as_str(), scene.runs().await.len()),
        ("6", 0)
    );
    assert_eq!(scene.log().await.len(), 0);

    scene.change(json!({"chunk": {"first": 50}}));
    scene.schedule(0).await;
    let second = scene.asked(PROVEN).await;
    assert_eq!(second, [[format!("{} 1 0 0", scene.proof())]]);
    assert_ne!(first, second);

    scene
        .asked("UPDATE nightshift.job SET paused = 1, failures = 2")
        .await;
    scene.change(json!({"purge": {"table": "nowhere", "column": "at", "older_than": "30d"}}));
    scene.schedule(0).await;
    let unproven = scene.asked(PROVEN).await;
    assert_eq!(unproven, [[second[0][0].replace(" 1 0 0", " 1 1 2")]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_makes_no_ledger_and_says_that_it_is_not_noted() {
    let scene = Scene::job(json!({"mode": "plan", "replaces_event": "shop.purge_logs"})).await;
    scene.asked("GRANT EVENT ON shop.* TO job@'%'").await;
    let run = scene.schedule(1).await;
    insta::assert_snapshot!(run.value()["notes"][0]["text"].as_str().unwrap(), @"This look is not noted, and import-events hands shop.purge_logs over only to a job that has been looked at: there is no ledger: run infra/ledger.sql as an administrator; then look again.");
    let schemas =
        "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'nightshift'";
    assert_eq!(scene.asked(schemas).await, [["0"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_without_the_right_to_note_says_which_is_missing() {
    let more = json!({"mode": "plan", "replaces_event": "shop.purge_logs"});
    let scene = Scene::with(DOCUMENTED, more).await;
    scene.ledger().await;
    scene
        .asked(
            "GRANT EVENT ON shop.* TO job@'%'; REVOKE INSERT, UPDATE ON nightshift.* FROM job@'%'",
        )
        .await;
    let run = scene.schedule(1).await;
    assert_eq!(run.value()["outcome"], "planned", "{}", said(&run));
    insta::assert_snapshot!(run.value()["notes"][0]["text"].as_str().unwrap(), @"This look is not noted, and import-events hands shop.purge_logs over only to a job that has been looked at: GRANT INSERT, UPDATE ON `nightshift`.* to the user of the secret job-login; then look again.");
    assert_eq!(scene.asked("SELECT * FROM nightshift.job").await.len(), 0);
}
