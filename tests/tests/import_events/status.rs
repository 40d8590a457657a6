//! Who runs what.

use serde_json::json;

use crate::scene::{PURGE, Scene, action, rows};

async fn said(scene: &Scene) -> String {
    let report = scene.call(&json!({"status": {}})).await;
    rows(report.value()).join("\n")
}

#[tokio::test]
async fn each_event_has_one_who_runs_it_or_says_that_it_has_none() {
    let scene = Scene::of(PURGE).await;
    insta::assert_snapshot!(said(&scene).await, @"");
    scene.call(&action("cut-over", &json!({}))).await;
    insta::assert_snapshot!(said(&scene).await, @"");
    scene.mysql.root("ALTER EVENT shop.purge_logs ENABLE").await;
    insta::assert_snapshot!(said(&scene).await, @"");
    scene.call(&action("roll-back", &json!({}))).await;
    scene
        .mysql
        .root("ALTER EVENT shop.purge_logs DISABLE")
        .await;
    insta::assert_snapshot!(said(&scene).await, @"");
}
