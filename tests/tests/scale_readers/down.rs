//! Fewer readers.

use std::time::Duration;

use nightshift_tests::fault::{Fault, When};

use super::{alarms::direct, *};

/// It is emptied by one run and deleted by a later one; no time is given for it, so it need not be
/// empty by then.
#[tokio::test]
async fn a_reader_is_emptied_first_and_deleted_by_a_later_run() {
    let scene = Scene::with(&[reader(2, false), reader(3, true)]).await;
    scene.alarm("readers-idle", "ALARM").await;
    let policy = policy(json!({"drain": {"max_wait": "0s"}}));
    let function = scene.function("apply", &policy).await;
    let run = function
        .invoke(&direct("readers-idle", "ALARM"), LIMIT)
        .await;
    assert_eq!(headline(&run), format!("{ORDERS}: drained 1"));
    assert_eq!(scene.readers().await.len(), 2);
    let run = function.invoke(&tick(&policy), LIMIT).await;
    assert_eq!(headline(&run), format!("{ORDERS}: deleted 1"));
    assert_eq!(
        scene.readers().await,
        [format!("{ORDERS}-2")],
        "the one of others stays"
    );
    let run = function.invoke(&tick(&policy), LIMIT).await;
    assert_eq!(run.value()["outcome"], "nothing", "{}", run.value());
}

#[tokio::test]
async fn load_that_comes_back_brings_it_back() {
    let scene = Scene::with(&[reader(2, false), reader(3, true)]).await;
    scene.alarm("readers-idle", "ALARM").await;
    let policy = policy(json!({}));
    let function = scene.function("apply", &policy).await;
    function
        .invoke(&direct("readers-idle", "ALARM"), LIMIT)
        .await;
    let tagged = scene.cloud.rds().inventory().await.to_string();
    assert!(tagged.contains("nightshift:draining-since"), "{tagged}");
    scene.alarm("readers-idle", "OK").await;
    scene.alarm("readers-busy", "ALARM").await;
    let run = function
        .invoke(&direct("readers-busy", "ALARM"), LIMIT)
        .await;
    assert_eq!(headline(&run), format!("{ORDERS}: returned 1"));
    let tagged = scene.cloud.rds().inventory().await.to_string();
    assert!(!tagged.contains("nightshift:draining-since"), "{tagged}");
    assert_eq!(scene.readers().await.len(), 2);
}

#[tokio::test]
async fn one_that_has_become_the_writer_is_not_deleted() {
    let mut going = reader(3, true);
    going["tags"]["nightshift:draining-since"] = json!(minutes_ago(60));
    let scene = Scene::with(&[reader(2, false), going]).await;
    scene.alarm("readers-idle", "ALARM").await;
    for (nth, writer) in [(1, false), (3, true)] {
        let role = json!({"writer": writer});
        let id = format!("{ORDERS}-{nth}");
        scene.cloud.rds().patch("instance", &id, role).await;
    }
    let policy = policy(json!({}));
    let function = scene.function("apply", &policy).await;
    let run = function.invoke(&tick(&policy), LIMIT).await;
    assert_eq!(
        headline(&run),
        format!("{ORDERS}: returned 1"),
        "{}",
        run.value()
    );
    assert_eq!(scene.cloud.proxy().effects("DeleteDBInstance"), 0);
}

/// A scene in which the reader 3 has been emptied for an hour, and the policy to delete it.
async fn emptied() -> (Scene, Lambda) {
    let mut going = reader(3, true);
    going["tags"]["nightshift:draining-since"] = json!(minutes_ago(60));
    let scene = Scene::with(&[reader(2, false), going]).await;
    scene.alarm("readers-idle", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    (scene, function)
}

#[tokio::test]
async fn a_deletion_that_rds_refuses_is_no_change_that_the_flap_limit_counts() {
    let (scene, function) = emptied().await;
    let refused = || When::action("DeleteDBInstance");
    let busy = Fault::Error {
        status: 400,
        code: "InvalidDBClusterStateFault",
        message: "The cluster is busy.",
    };
    let policy = policy(json!({}));
    for fault in [Fault::AccessDenied, busy] {
        scene.cloud.proxy().inject(refused(), fault);
        for _ in 0..3 {
            let run = function.invoke(&tick(&policy), LIMIT).await;
            assert_ne!(run.value()["outcome"], "success", "{}", run.value());
        }
        scene.cloud.proxy().heal();
    }
    let inventory = scene.cloud.rds().inventory().await;
    let noted = &inventory["clusters"][0]["tags"]["nightshift:reader-changes"];
    assert_eq!(noted, "", "{inventory}");
    let run = function.invoke(&tick(&policy), LIMIT).await;
    assert_eq!(headline(&run), format!("{ORDERS}: deleted 1"));
}

/// Where two runs meet: one has the reader back, the other is about to delete it.
#[tokio::test]
async fn one_that_is_used_again_since_is_not_deleted() {
    let (scene, function) = emptied().await;
    let again = When::action("DescribeDBClusters").nth(2);
    let stall = Fault::Stall(Duration::from_secs(2));
    scene.cloud.proxy().inject(again, stall);
    let tags = json!({"tags": {"nightshift:managed-by": "nightshift"}});
    let used_again = async {
        // The clusters, instances, endpoints, alarms and connections, and then the cluster once more.
        scene.cloud.proxy().arrived(6).await;
        let id = format!("{ORDERS}-3");
        scene.cloud.rds().patch("instance", &id, tags).await;
    };
    let tick = tick(&policy(json!({})));
    let (run, ()) = tokio::join!(function.invoke(&tick, LIMIT), used_again);
    assert!(
        run.value().to_string().contains("no longer to go"),
        "{}",
        run.value()
    );
    assert_eq!(scene.cloud.proxy().effects("DeleteDBInstance"), 0);
    assert_eq!(scene.readers().await.len(), 2);
}
