//! The ledger: whose it is, which version, which rights it takes.

use crate::scene::{DOCUMENTED, Scene, said};

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_make_the_ledger_is_told_what_to_do() {
    let scene = Scene::of(DOCUMENTED).await;
    let run = said(&scene.schedule(1).await);
    assert!(
        run.contains("infra/ledger.sql") && run.contains("GRANT SELECT, INSERT, UPDATE"),
        "{run}"
    );
    assert_eq!(scene.rows().await, "6");
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_rights_are_all_that_a_job_needs() {
    let scene = Scene::of(DOCUMENTED).await;
    scene.ledger().await;
    scene.schedule(1).await;
    assert_eq!(scene.rows().await, "2");
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
    assert_eq!(scene.log().await, ["purge-logs SUCCESS"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_on_the_ledger_that_is_missing_is_named() {
    let scene = Scene::of(DOCUMENTED).await;
    scene.ledger().await;
    scene
        .asked("REVOKE INSERT ON nightshift.* FROM job@'%'")
        .await;
    let run = said(&scene.schedule(1).await);
    assert!(
        run.contains("INSERT") && run.contains("infra/ledger.sql"),
        "{run}"
    );
    assert_eq!(scene.rows().await, "6");
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_another_version_is_left_alone() {
    let scene = Scene::of(DOCUMENTED).await;
    scene.ledger().await;
    scene
        .asked("ALTER TABLE nightshift.job COMMENT = 'nightshift ledger 99'")
        .await;
    let run = said(&scene.schedule(1).await);
    assert!(run.contains("not of version 1"), "{run}");
    assert_eq!(scene.rows().await, "6");
    assert_eq!(scene.runs().await.len(), 0);
}
