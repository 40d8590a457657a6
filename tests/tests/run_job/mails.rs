//! One run, one mail, whatever becomes of the mail.

use serde_json::json;

use crate::scene::{Scene, said};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_fails_is_sent_by_a_later_tick_and_then_no_more() {
    let scene = Scene::job(json!({})).await;
    let mute = scene.without_inbox().await;
    let run = scene.run(&mute, &scene.event(1, false)).await;
    assert!(
        run.log.iter().any(|line| line.contains("mail_failed")),
        "{run:?}"
    );
    assert_eq!(scene.runs().await, ["done 1 4 0"]);
    let tick = said(&scene.tick().await);
    assert!(tick.contains("deleted 4 rows"), "{tick}");
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
    scene.tick().await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with("orders: ran purge-logs"), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_found_nothing_is_no_mail() {
    let scene = Scene::job(json!({})).await;
    scene.asked("DELETE FROM shop.logs").await;
    scene.schedule(1).await;
    assert_eq!(scene.runs().await, ["done 1 0 1"]);
    assert_eq!(scene.mails().len(), 0);
}
