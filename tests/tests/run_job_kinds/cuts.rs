//! The connection is cut at every message of a run, before and after the server has it: what is
//! there in the end is the same.

use nightshift_tests::mysql::Cut;
use run_job::turn::Ended;
use serde_json::{Value, json};

use crate::{
    partitions::{by_date, keep_a_day},
    stage::{Stage, Terms},
};

/// Plays the run with a cut at each of its messages. `found` asks for what is there in the end.
async fn at_every_message(name: &'static str, kind: Value, sql: &str, again: &str, found: &[&str]) {
    let mut stage = Stage::of(name, kind, sql).await;
    assert!(matches!(
        stage.turn(Terms::default()).await,
        Some(Ended::Through)
    ));
    let messages = stage.messages().await;
    let expected = (all(&stage, found).await, stage.tally().await);
    let mut cuts = 0;
    for message in 1..=messages {
        for side in [Cut::BeforeForwarding, Cut::AfterForwarding] {
            stage.sql(&format!("{again}; {sql}")).await;
            stage = stage.begun().await;
            let cut = Some((message, side));
            let ended = stage
                .to_the_end(Terms {
                    cut,
                    ..Terms::default()
                })
                .await;
            assert!(
                matches!(ended, Ended::Through),
                "{message} {side:?}: {ended:?}"
            );
            cuts += usize::from(stage.relay.has_cut());
            let found = (all(&stage, found).await, stage.tally().await);
            assert_eq!(found, expected, "cut at {message}, {side:?}");
        }
    }
    assert!(cuts > messages, "{cuts} cuts of {messages} messages");
}

async fn all(stage: &Stage, found: &[&str]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for sql in found {
        all.push(stage.ask(sql).await);
    }
    all
}

const PARTITIONS: &str = "SELECT PARTITION_NAME FROM information_schema.PARTITIONS \
     WHERE TABLE_SCHEMA = '{}' AND TABLE_NAME = 'logs' ORDER BY PARTITION_ORDINAL_POSITION";
const IDS: &str = "SELECT GROUP_CONCAT(id ORDER BY id) FROM {}.logs";

#[tokio::test]
async fn a_rotation_that_drops_ends_as_one_without_cuts() {
    let kind = keep_a_day(json!("drop"));
    at_every_message(
        "cut_drop",
        kind,
        &by_date(false),
        "DROP TABLE logs",
        &[PARTITIONS, IDS],
    )
    .await;
}

#[tokio::test]
async fn a_rotation_that_exchanges_ends_as_one_without_cuts() {
    let kind = keep_a_day(json!({"exchange-into": "cut_swap"}));
    let again = "DROP TABLE logs, logs_p20261119, logs_p20261120";
    let archive = "SELECT GROUP_CONCAT(id ORDER BY id) FROM (SELECT id FROM {}.logs_p20261119 \
                   UNION ALL SELECT id FROM {}.logs_p20261120) AS a";
    let tables = "SHOW TABLES FROM {}";
    at_every_message(
        "cut_swap",
        kind,
        &by_date(true),
        again,
        &[PARTITIONS, IDS, archive, tables],
    )
    .await;
}

#[tokio::test]
async fn a_statement_takes_effect_exactly_once() {
    let kind = json!({"statement": {"sql": "INSERT INTO hourly (n) SELECT COUNT(*) FROM hourly"}});
    let sql = "CREATE TABLE hourly (id INT AUTO_INCREMENT PRIMARY KEY, n INT)";
    let found = ["SELECT COUNT(*), MAX(n) FROM {}.hourly"];
    at_every_message("cut_once", kind, sql, "DROP TABLE hourly", &found).await;
}

#[tokio::test]
async fn a_call_that_may_be_lost_is_either_reported_or_called_again_and_never_done_twice_unsaid() {
    let sql = "CREATE TABLE marks (id INT AUTO_INCREMENT PRIMARY KEY); \
               CREATE PROCEDURE mark() INSERT INTO marks VALUES ()";
    let again = "DROP TABLE marks; DROP PROCEDURE mark";
    let mut stage = Stage::of("cut_call", json!({"call": {"procedure": "mark"}}), sql).await;
    assert!(matches!(
        stage.turn(Terms::default()).await,
        Some(Ended::Through)
    ));
    let messages = stage.messages().await;
    let (mut through, mut reported) = (0, 0);
    for message in 1..=messages {
        for side in [Cut::BeforeForwarding, Cut::AfterForwarding] {
            stage.sql(&format!("{again}; {sql}")).await;
            stage = stage.begun().await;
            let cut = Some((message, side));
            let ended = stage
                .to_the_end(Terms {
                    cut,
                    ..Terms::default()
                })
                .await;
            let marks = stage.ask("SELECT COUNT(*) FROM {}.marks").await;
            match ended {
                Ended::Through => {
                    through += 1;
                    assert_eq!(marks, ["1"], "{message} {side:?}");
                }
                Ended::Failed(why) => {
                    reported += 1;
                    assert!(why.contains("whether it ended well is not known"), "{why}");
                    assert!(
                        marks == ["0"] || marks == ["1"],
                        "{message} {side:?}: {marks:?}"
                    );
                }
                other => panic!("{message} {side:?}: {other:?}"),
            }
        }
    }
    assert!(through > 4 && reported > 4, "{through} {reported}");
}
