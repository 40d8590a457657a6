//! The function killed, or its connection cut, at every message it sends to the server.

use nightshift_tests::mysql::Cut;
use serde_json::{Value, json};

use crate::scene::{PURGE, Scene, action};

const CUTS: [Cut; 2] = [Cut::BeforeForwarding, Cut::AfterForwarding];

struct Way {
    name: &'static str,
    back: &'static str,
    there: [bool; 3],
}

const OVER: Way = Way {
    name: "cut-over",
    back: "roll-back",
    there: [false, true, true],
};
const BACK: Way = Way {
    name: "roll-back",
    back: "cut-over",
    there: [true, false, false],
};

async fn goes(scene: &Scene, way: &str) -> Value {
    let run = scene.call(&action(way, &json!({}))).await;
    let report = run.value().clone();
    scene.relay.all_closed().await;
    report
}

/// At every message, on both sides of the server's work: whatever the call came to, the EVENT and the
/// schedule are never both enabled, the next call brings it to its end, and the EVENT is as it was
/// made.
async fn at_every_message(way: &Way, killed: bool) {
    let scene = Scene::of(PURGE).await;
    let made = scene.made().await;
    if way.name == "roll-back" {
        goes(&scene, way.back).await;
    }
    let before = scene.relay.count();
    goes(&scene, way.name).await;
    let messages = scene.relay.count() - before;
    assert!(messages > 10, "{messages}");
    for (n, cut) in (1..=messages).flat_map(|n| CUTS.map(|cut| (n, cut))) {
        goes(&scene, way.back).await;
        let case = format!("{} {cut:?} {n} of {messages}, killed: {killed}", way.name);
        let axe = killed.then(|| scene.function.killer());
        scene.relay.cut_at(n, cut, axe);
        let _run = scene.call(&action(way.name, &json!({}))).await;
        scene.relay.all_closed().await;
        if !scene.relay.has_cut() {
            // A run that looked once less often while it waited sends fewer messages.
            assert!(n + 4 > messages, "{case}: no such message");
            scene.relay.cut_at(usize::MAX, cut, None);
        }
        let [event, schedule, _] = scene.enabled().await;
        assert!(!(event && schedule), "{case}: both are enabled");
        goes(&scene, way.name).await;
        assert_eq!(scene.enabled().await, way.there, "{case}");
        assert_eq!(scene.made().await, made, "{case}");
    }
}

#[tokio::test]
async fn a_cut_over_that_is_killed_at_any_message_is_finished_by_the_next() {
    at_every_message(&OVER, true).await;
}

#[tokio::test]
async fn a_roll_back_that_is_killed_at_any_message_is_finished_by_the_next() {
    at_every_message(&BACK, true).await;
}

#[tokio::test]
async fn a_cut_over_whose_connection_is_cut_at_any_message_leaves_no_doubt() {
    at_every_message(&OVER, false).await;
}

#[tokio::test]
async fn a_roll_back_whose_connection_is_cut_at_any_message_leaves_no_doubt() {
    at_every_message(&BACK, false).await;
}
