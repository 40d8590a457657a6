//! Work is ended on the server when its time is up.

use std::time::Duration;

use run_job::{supervise, turn::Ended};
use serde_json::json;
use tokio::time::Instant;

use crate::stage::{Stage, Terms, words};

const SECOND: Duration = Duration::from_secs(1);
const SLOW: &str = "CREATE TABLE marks (id INT AUTO_INCREMENT PRIMARY KEY); \
                    CREATE PROCEDURE slow() SQL SECURITY INVOKER BEGIN INSERT INTO marks VALUES (); DO SLEEP(30); \
                    INSERT INTO marks VALUES (); END";

#[tokio::test]
async fn a_call_that_takes_longer_than_its_budget_is_ended_on_the_server() {
    let kind = json!({"call": {"procedure": "slow", "budget": "1s"}});
    let stage = Stage::of("slow_call", kind, SLOW).await;
    let began = Instant::now();
    let why = words(stage.turn(Terms::default()).await);
    assert_eq!(
        why,
        "it took longer than its time (budget 1s) and was ended on the server; what it had committed stays"
    );
    assert!(began.elapsed() < 20 * SECOND);
    assert_eq!(stage.running().await, 0);
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["1"]);
    assert_eq!(stage.tally().await, (0, 0, 0));
}

#[tokio::test]
async fn a_call_with_the_rights_of_another_account_is_ended_by_awss_procedure() {
    let kind = json!({"call": {"procedure": "slow", "budget": "1s"}});
    let sql = SLOW.replace("SQL SECURITY INVOKER", "");
    let stage = Stage::of("definer_call", kind, &sql).await;
    let mut session = stage.open(30 * SECOND).await.unwrap();
    let notes = |outlook: run_job::turn::Outlook| outlook.notes.concat();
    let note = notes(supervise::outlook(&mut session, &stage.job).await.unwrap());
    assert!(
        note.contains("GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query"),
        "{note}"
    );
    stage
        .sql(
            "CREATE PROCEDURE mysql.rds_kill_query(thread BIGINT) KILL QUERY thread; \
             GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query TO definer_call@'%'",
        )
        .await;
    assert_eq!(
        notes(supervise::outlook(&mut session, &stage.job).await.unwrap()),
        ""
    );
    let why = words(stage.turn(Terms::default()).await);
    assert!(why.contains("and was ended on the server"), "{why}");
    assert_eq!(stage.running().await, 0);
}

#[tokio::test]
async fn a_noted_statement_that_is_ended_changes_nothing() {
    let sql = "INSERT INTO marks SELECT SLEEP(10) + 7";
    let kind = json!({"statement": {"sql": sql, "budget": "1s"}});
    let stage = Stage::of("slow_insert", kind, SLOW).await;
    let why = words(stage.turn(Terms::default()).await);
    assert_eq!(
        why,
        "it took longer than its time (budget 1s) and was ended on the server; it changed nothing"
    );
    assert_eq!(stage.running().await, 0);
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["0"]);
}

#[tokio::test]
async fn a_budget_longer_than_the_sessions_limits_holds_for_a_select_as_well() {
    let kind = json!({"statement": {"sql": "SELECT SLEEP(12)", "budget": "20s"}});
    let stage = Stage::of("slow_select", kind, "DO 1").await;
    let ended = stage.turn(Terms::default()).await;
    assert!(matches!(ended, Some(Ended::Through)), "{ended:?}");
}

#[tokio::test]
async fn work_does_not_begin_with_less_time_than_its_budget_unless_there_is_never_more() {
    let kind = json!({"call": {"procedure": "slow", "budget": "1m"}});
    let stage = Stage::of("late_call", kind, SLOW).await;
    let time = 5 * SECOND;
    let left = stage
        .turn(Terms {
            time,
            ..Terms::default()
        })
        .await;
    assert!(
        matches!(&left, Some(Ended::Left(why)) if why == "the function's time is up before its budget of 60s would be" || why == "the function's time is up before its budget of 1m would be"),
        "{left:?}"
    );
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.marks").await, ["0"]);
    let began = Instant::now();
    let ended = stage
        .turn(Terms {
            time,
            longest: true,
            ..Terms::default()
        })
        .await;
    assert!(words(ended).starts_with("it took longer than its time"));
    assert!(
        began.elapsed() < time + 10 * SECOND,
        "{:?}",
        began.elapsed()
    );
    assert_eq!(stage.running().await, 0);
}
