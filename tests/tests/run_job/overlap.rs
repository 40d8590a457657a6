//! A schedule that fires while the last run is not over, and a run whose policy changed.

use serde_json::json;

use crate::scene::{Scene, said, stamp};

/// A window that is shut keeps the run from going on.
fn shut() -> serde_json::Value {
    let hour = |minutes_ago: i64| {
        let at = crate::scene::slot(minutes_ago);
        at.strftime("%H:%M").to_string()
    };
    json!([{"from": hour(-120), "to": hour(-180)}])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_during_a_run_is_left_out_and_told_once() {
    let mut scene = Scene::job(json!({"windows": shut()})).await;
    scene.ledger().await;
    scene.open(30, &scene.spec()).await;
    scene.schedule(2).await;
    scene.schedule(2).await;
    scene.tick().await;
    let runs = scene.runs().await;
    assert!(runs[1].starts_with("skipped 0 0 1 the run of"), "{runs:?}");
    assert_eq!(scene.mails().len(), 1, "{:?}", scene.mails());
    assert!(
        scene.mails()[0].starts_with("orders: skipped purge-logs"),
        "{:?}",
        scene.mails()
    );
    scene.change(json!({"windows": []}));
    scene.tick().await;
    assert!(scene.runs().await[0].starts_with("done 2 4 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_during_a_run_is_kept_where_the_policy_says_so() {
    let mut scene = Scene::job(json!({"windows": shut(), "overlap": "buffer_one"})).await;
    scene.ledger().await;
    scene.open(30, &scene.spec()).await;
    scene.schedule(3).await;
    scene.schedule(2).await;
    let kept = scene.asked("SELECT buffered FROM nightshift.job").await;
    assert_eq!(kept, [[format!("{}.000", stamp(2))]]);
    let runs = scene.runs().await;
    assert!(
        runs[1].starts_with("skipped") && runs[1].contains("came before it was begun"),
        "{runs:?}"
    );
    scene.change(json!({"windows": []}));
    scene.tick().await;
    scene.tick().await;
    let runs = scene.runs().await;
    assert!(
        runs[0].starts_with("done") && runs[2].starts_with("done"),
        "{runs:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_another_policy_is_stopped_with_what_it_had_done() {
    let scene = Scene::job(json!({})).await;
    scene.ledger().await;
    scene.open(30, "another").await;
    scene
        .asked("UPDATE nightshift.job_run SET rows_gone = 7, steps = 1")
        .await;
    let run = said(&scene.schedule(1).await);
    let runs = scene.runs().await;
    assert!(
        runs[0].starts_with("stopped 2 7 1 the policy says something else now"),
        "{runs:?} {run}"
    );
    assert!(run.contains("deleted 7 rows"), "{run}");
    assert!(runs[1].starts_with("done 1 4 1"), "{runs:?}");
    assert!(scene.log().await[0].starts_with("purge-logs STOPPED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_still_goes_on_in_the_server_is_not_begun_again() {
    let scene = Scene::job(json!({})).await;
    let mut elsewhere = scene
        .pair
        .writer
        .login("job", crate::scene::PASSWORD)
        .await
        .unwrap();
    let had: Option<i64> = mysql_async::prelude::Queryable::query_first(
        &mut elsewhere,
        "SELECT GET_LOCK('nightshift.job.purge-logs', 0)",
    )
    .await
    .unwrap();
    assert_eq!(had, Some(1));
    let run = said(&scene.schedule(1).await);
    assert!(run.contains("still goes on in the server"), "{run}");
    assert_eq!(scene.rows().await, "6");
    mysql_async::Conn::disconnect(elsewhere).await.unwrap();
    scene.tick().await;
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
}
