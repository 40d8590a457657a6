//! Statements.

use std::time::Duration;

use insta::assert_snapshot;
use mysql_async::prelude::Queryable as _;
use run_job::{database::Holder, supervise, turn::Ended};
use serde_json::{Value, json};

use crate::stage::{Stage, Terms, words};

const T: &str = "CREATE TABLE t (id INT PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 0), (2, 0)";

fn statement(sql: &str) -> Value {
    json!({"statement": {"sql": sql}})
}

#[tokio::test]
async fn a_statement_is_done_once_and_its_rows_are_counted() {
    let stage = Stage::of("updates", statement("UPDATE t SET n = n + 1"), T).await;
    for _ in 0..2 {
        let ended = stage.turn(Terms::default()).await;
        assert!(matches!(ended, Some(Ended::Through)), "{ended:?}");
        assert_eq!(
            (
                stage.tally().await,
                stage.ask("SELECT SUM(n) FROM {}.t").await
            ),
            ((1, 2, 0), vec!["2".to_owned()])
        );
    }
}

#[tokio::test]
async fn a_statement_of_a_run_that_another_has_is_undone() {
    let stage = Stage::of("undone", statement("UPDATE t SET n = n + 1"), T).await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let stranger = Holder("a-stranger".to_owned());
    let ended = stage
        .turn_as(&mut session, &stranger, Terms::default())
        .await;
    assert!(matches!(ended, Ended::NotOurs), "{ended:?}");
    assert_eq!(stage.ask("SELECT SUM(n) FROM {}.t").await, ["0"]);
    assert_eq!(stage.tally().await, (0, 0, 0));
}

#[tokio::test]
async fn one_that_commits_by_itself_is_sent_by_its_holder_and_done() {
    for (name, sql) in [
        ("truncates", "TRUNCATE TABLE t"),
        ("optimizes", "OPTIMIZE TABLE t"),
        ("alters", "ALTER TABLE t ADD COLUMN m INT, FORCE"),
    ] {
        let stage = Stage::of(name, statement(sql), T).await;
        let ended = stage.turn(Terms::default()).await;
        assert!(matches!(ended, Some(Ended::Through)), "{name}: {ended:?}");
        let run = stage.run().await;
        assert_eq!(
            (run.tally.steps, run.place.sent.as_deref()),
            (1, Some("invocation-0")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn one_that_waits_for_a_lock_in_vain_is_left_to_the_next_tick() {
    for (name, sql) in [
        ("waits_row", "UPDATE t SET n = 5"),
        ("waits_table", "ALTER TABLE t FORCE"),
    ] {
        let stage = Stage::of(name, statement(sql), T).await;
        let mut other = stage.server.login(name, "a-password").await.unwrap();
        other.query_drop("BEGIN").await.unwrap();
        other
            .query_drop(format!("UPDATE {name}.t SET n = 1 WHERE id = 2"))
            .await
            .unwrap();
        let ended = stage.turn(Terms::default()).await;
        assert!(matches!(ended, Some(Ended::Left(_))), "{name}: {ended:?}");
        assert_eq!(stage.run().await.place.sent, None);
        other.query_drop("ROLLBACK").await.unwrap();
        assert!(
            matches!(stage.turn(Terms::default()).await, Some(Ended::Through)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_error_fails_the_run_and_changes_nothing() {
    let stage = Stage::of(
        "doubles",
        statement("INSERT INTO t VALUES (3, 0), (1, 0)"),
        T,
    )
    .await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"it failed with error 1062 (23000); it changed nothing");
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.t").await, ["2"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_statement_is_known_before_it_is_run() {
    let mut stage = Stage::of("prepares", statement("DO 1"), T).await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let mut said = Vec::new();
    for sql in [
        "DELETE FROM t WHERE id > 0",
        "OPTIMIZE TABLE t",
        "DELETE FROM t; DELETE FROM t",
        "SET GLOBAL x = 1",
        "DELETE FORM t",
        "DELETE FROM nothing",
        "DELETE FROM t WHERE x = 1",
        "INSERT INTO mysql.user SELECT * FROM mysql.user",
        "CREATE PROCEDURE p() DO 1",
    ] {
        stage.job.statement = serde_json::from_value(json!({ "sql": sql })).unwrap();
        let outlook = supervise::outlook(&mut session, &stage.job).await.unwrap();
        let refused = outlook.refused.concat();
        said.push(if refused.is_empty() {
            outlook.would
        } else {
            refused.split(';').next().unwrap().to_owned()
        });
    }
    assert_snapshot!(said.join("\n"), @r"
    run the statement, in one transaction with the ledger's note, for 10m at most
    run the statement, which commits by itself, for 10m at most
    statement.sql: expected one statement, got several
    statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP or RENAME
    statement.sql: the server cannot read it (1064, 42000)
    statement.sql: a table in it does not exist (1146, 42S02)
    statement.sql: a column in it does not exist (1054, 42S22)
    statement.sql: the job's user lacks the right INSERT for it (1142)
    statement.sql: the server does not prepare such a statement
    ");
}
