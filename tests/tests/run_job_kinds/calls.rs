//! Procedures.

use std::time::Duration;

use insta::assert_snapshot;
use nightshift_tests::mysql::Cut;
use run_job::{supervise, turn::Ended};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::stage::{Stage, Terms, words};

const MARKS: &str = "CREATE TABLE marks (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(100))";

fn call(procedure: &str, more: &Value) -> Value {
    let mut call = json!({"procedure": procedure});
    for (field, value) in more.as_object().unwrap() {
        call[field] = value.clone();
    }
    json!({ "call": call })
}

async fn stage(name: &'static str, body: &str, more: Value) -> Stage {
    let sql = format!("{MARKS}; CREATE PROCEDURE work{body}");
    Stage::of(name, call("work", &more), &sql).await
}

#[tokio::test]
async fn a_procedure_is_called_with_its_arguments_and_all_its_answers_are_read() {
    let body = "(a VARCHAR(20), b DECIMAL(30, 10), c BOOL, d INT, e BIGINT UNSIGNED) BEGIN \
                SELECT 1; SELECT REPEAT('x', 100000) FROM mysql.help_topic, mysql.help_category LIMIT 200; \
                INSERT INTO marks (what) VALUES (CONCAT_WS('|', a, b, c, IFNULL(d, 'none'), e)); END";
    let arguments =
        json!({"arguments": ["o'neil", 0.1, true, null, 18_446_744_073_709_551_615_u64]});
    let stage = stage("arguments", body, arguments).await;
    let ended = stage.turn(Terms::default()).await;
    assert!(matches!(ended, Some(Ended::Through)), "{ended:?}");
    let marks = stage.ask("SELECT what FROM {}.marks").await;
    assert_eq!(marks, ["o'neil|0.1000000000|1|none|18446744073709551615"]);
    assert_eq!(stage.tally().await, (1, 1, 0));
    assert!(matches!(
        stage.turn(Terms::default()).await,
        Some(Ended::Through)
    ));
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["1"]);
}

#[tokio::test]
async fn an_error_is_told_by_its_number_and_never_by_its_text() {
    let body = "() BEGIN INSERT INTO marks () VALUES (); \
                SIGNAL SQLSTATE '45001' SET MESSAGE_TEXT = 's3cret', MYSQL_ERRNO = 5001; END";
    let stage = stage("signals", body, json!({})).await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"it failed with error 5001 (45001); what it had committed stays");
}

#[tokio::test]
async fn a_transaction_that_is_left_open_is_rolled_back_and_told() {
    let body = "() BEGIN SET autocommit = 0; SET time_zone = '+05:00'; INSERT INTO marks () VALUES (); END";
    let stage = stage("left_open", body, json!({})).await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"the procedure ended within a transaction of its own, which was rolled back: what it had not committed is undone. Let it COMMIT at its end");
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["0"]);
}

#[tokio::test]
async fn while_a_lost_call_still_runs_nobody_begins_it_again() {
    for (name, lost, calls) in [("lost_report", "report", "1"), ("lost_again", "again", "2")] {
        let body = "() BEGIN INSERT INTO marks (what) VALUES ('begun'); DO SLEEP(6); \
                    INSERT INTO marks (what) VALUES ('done'); END";
        let stage = stage(name, body, json!({"lost": lost})).await;
        // The client goes without a word while the procedure runs.
        let begun = "SELECT COUNT(*) FROM {}.marks";
        let begins = async {
            while stage.ask(begun).await != ["1"] {
                sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            ended = stage.turn(Terms::default()) => panic!("{ended:?}"),
            () = begins => {}
        }
        assert!(
            stage.turn(Terms::default()).await.is_none(),
            "the lock is held"
        );
        assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["1"]);
        stage.until_none_runs().await;
        let ended = stage.to_the_end(Terms::default()).await;
        if lost == "report" {
            let why = words(Some(ended));
            assert!(
                why.starts_with("it was sent by the invocation invocation-0, and whether"),
                "{why}"
            );
        } else {
            assert!(matches!(ended, Ended::Through), "{ended:?}");
        }
        let whole = stage
            .ask("SELECT COUNT(*) FROM {}.marks WHERE what = 'done'")
            .await;
        assert_eq!(whole, [calls]);
    }
}

#[tokio::test]
async fn a_call_whose_connection_is_cut_is_away_and_not_failed() {
    let body = "() BEGIN INSERT INTO marks () VALUES (); END";
    let stage = stage("cut_away", body, json!({})).await;
    let cut = Some((1, Cut::BeforeForwarding));
    let ended = stage
        .turn(Terms {
            cut,
            ..Terms::default()
        })
        .await;
    assert!(matches!(ended, Some(Ended::Away(_))), "{ended:?}");
    assert!(matches!(
        stage.to_the_end(Terms::default()).await,
        Ended::Through
    ));
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_known_before_it_is_made() {
    let body = "(IN a INT, OUT b INT) SQL SECURITY INVOKER SET b = a";
    let mut stage = stage("looks", body, json!({"arguments": [1, [2]]})).await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let mut said = Vec::new();
    said.extend(
        supervise::outlook(&mut session, &stage.job)
            .await
            .unwrap()
            .refused,
    );
    for (procedure, more) in [
        ("work", json!({"arguments": [1]})),
        ("other", json!({})),
        ("plain", json!({"budget": "0s"})),
        ("plain", json!({"budget": "20m"})),
    ] {
        stage
            .sql("DROP PROCEDURE IF EXISTS plain; CREATE PROCEDURE plain() SQL SECURITY INVOKER DO 1")
            .await;
        let kind = call(procedure, &more);
        stage.job.call = serde_json::from_value(kind["call"].clone()).unwrap();
        let outlook = supervise::outlook(&mut session, &stage.job).await.unwrap();
        said.extend([outlook.refused, outlook.notes].concat());
        if procedure == "plain" {
            said.push(outlook.would);
        }
    }
    assert_snapshot!(said.join("\n"), @r"
    call.arguments[1]: b is OUT; a job passes values IN only
    call.arguments: the procedure takes 2, got 1
    call.procedure: there is no procedure looks.other, or the job's user may not execute it (GRANT EXECUTE ON PROCEDURE)
    call.budget: expected more than 0s
    call looks.plain, for 0s at most
    call.budget: 20m is longer than a Lambda function may run (15m): the work is ended when the function's time is up
    call looks.plain, for 20m at most
    ");
}
