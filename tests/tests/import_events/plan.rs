//! What would take the place of each EVENT, as the team reads it.

use jobs::Job;
use serde_json::{Value, json};

use crate::scene::{PURGE, Scene, rows};

/// The note about an EVENT.
pub fn note<'a>(report: &'a Value, event: &str) -> &'a str {
    let notes = report["notes"].as_array().unwrap().iter();
    let mut texts = notes.map(|note| note["text"].as_str().unwrap());
    texts.find(|text| text.starts_with(event)).unwrap()
}

/// What stands under a title.
pub fn part<'a>(text: &'a str, title: &str) -> &'a str {
    let mut parts = text.split("\n\n").filter(|part| part.starts_with(title));
    parts.next().unwrap().split_once(":\n").unwrap().1
}

#[tokio::test]
async fn each_event_is_written_as_a_job_with_its_schedule_and_nothing_is_changed() {
    let scene = Scene::of(PURGE).await;
    scene
        .mysql
        .root(
            "CREATE EVENT shop.count ON SCHEDULE EVERY 1 HOUR STARTS '2020-01-01 00:00:00' DISABLE DO CALL count_hits(1); \
             CREATE DATABASE web; CREATE EVENT web.hidden ON SCHEDULE EVERY 1 DAY DO DO 1",
        )
        .await;
    let made = scene.made().await;
    let run = scene.call(&json!({"plan": {}})).await;
    let report = run.value();
    assert_eq!(report["outcome"], "planned", "{report:#}");
    let said = rows(report).join("\n");
    insta::assert_snapshot!(said, @r"
    import shop.count planned: becomes the job shop-count (call), 2 differences in meaning
    import shop.purge_logs planned: becomes the job shop-purge-logs (purge), 2 differences in meaning
    ");
    let sees = report["notes"][0]["text"].as_str().unwrap();
    assert!(
        sees.starts_with("'events'@'%' sees the EVENTs of shop; 2 EVENTs as of "),
        "{sees}"
    );
    assert!(!format!("{report}").contains("web.hidden"));

    let text = note(report, "shop.purge_logs");
    let policy = part(text, "The policy of the job");
    let job: Job = serde_json::from_str(policy).unwrap();
    assert_eq!(job.replaces_event.as_deref(), Some("shop.purge_logs"));
    assert_eq!(job.purge.unwrap().older_than.unwrap().to_string(), "30d");
    assert!(
        part(text, "Its schedule").contains("Location: ../job.yaml"),
        "{text}"
    );
    assert_eq!(part(text, "The next firings").lines().count(), 5);
    assert!(part(text, "shop.purge_logs, as the server has it").contains("DO DELETE FROM logs"));
    assert_eq!(scene.enabled().await, [true, false, false]);
    assert_eq!(scene.made().await, made);
}

#[tokio::test]
async fn an_event_that_is_asked_for_and_not_seen_is_said_to_be_missing() {
    let scene = Scene::of(PURGE).await;
    let wish = json!({"plan": {"events": ["shop.purge_logs", "web.hidden"]}});
    let said = scene.rows(&wish).await;
    assert_eq!(said.len(), 2, "{said:#?}");
    insta::assert_snapshot!(said[0], @"alert web.hidden -: there is no such EVENT that 'events'@'%' may see: correct the name, or grant it EVENT on the schema");
}
