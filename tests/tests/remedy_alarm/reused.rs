//! The connection's id is another one's between the look and the end.

use std::time::Duration;

use nightshift_tests::fault::{Fault, When};
use serde_json::json;
use tokio::time::sleep;

use crate::scene::{App, Scene, ended, long_enough, said};

/// The note on the cluster comes after the look and before the end: while it is on its way, the server is
/// restarted, and somebody else gets the id.
#[tokio::test]
async fn whoever_has_the_victim_s_id_after_a_restart_is_left_alone() {
    let rule = json!({"longer_than": "10s", "only": {"users": ["app"]}});
    let scene = Scene::with(json!({"idle_transactions": rule}), &[]).await;
    let writer = &scene.pair.writer;
    // It would take ids of its own when it connects again.
    scene.pair.replica.root("STOP REPLICA").await;
    writer.restart().await;
    let culprit = App::on(writer, "app").await.does("BEGIN").await;
    let culprit = culprit.does("DELETE FROM shop.orders WHERE id = 2").await;
    long_enough().await;
    let note = When::action("AddTagsToResource").once();
    scene
        .proxy
        .inject(note, Fault::Stall(Duration::from_secs(20)));
    let (run, heir) = tokio::join!(scene.alarm("CPUUtilization", "orders-0"), async {
        sleep(Duration::from_secs(4)).await;
        writer.restart().await;
        loop {
            let heir = App::on(writer, "app").await;
            if heir.id >= culprit.id {
                let heir = heir.does("BEGIN").await;
                return heir.does("DELETE FROM shop.orders WHERE id = 3").await;
            }
        }
    });
    assert_eq!(heir.id, culprit.id, "the id was not had again");
    assert!(heir.lives().await, "{:#?}", said(&run));
    assert_eq!(ended(&run), [""; 0], "{:#?}", said(&run));
}
