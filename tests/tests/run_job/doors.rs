//! The way in: the writer RDS names, whatever the secret says.

use std::time::Duration;

use serde_json::json;

use crate::scene::{Scene, said};

/// The scene's secret names a host that is nobody's: the others would not pass else.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_behind_the_endpoint_is_not_worked_on() {
    let scene = Scene::job(json!({})).await;
    scene.asked("SET GLOBAL super_read_only = ON").await;
    let tick = scene.event(0, true);
    let run = scene.function.invoke(&tick, Duration::from_secs(12)).await;
    assert!(said(&run).contains("is read-only"), "{run:?}");
    let schedule = scene.event(1, false);
    let run = scene
        .function
        .invoke(&schedule, Duration::from_secs(12))
        .await;
    assert_eq!(run.error().error_type, "Retryable");
    scene
        .asked("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF")
        .await;
    scene.schedule(1).await;
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_not_there_needs_a_person() {
    let scene = Scene::job(json!({"cluster": "nobodys"})).await;
    let run = said(&scene.schedule(1).await);
    assert!(run.contains("there is no cluster nobodys"), "{run}");
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_opens_no_door_needs_a_person() {
    let scene = Scene::job(json!({})).await;
    scene
        .asked("ALTER USER job@'%' IDENTIFIED BY 'another'")
        .await;
    let run = said(&scene.schedule(1).await);
    assert!(run.contains("job may not log in (1045)"), "{run}");
    assert_eq!(scene.mails().len(), 1);
}
