//! Statements with a limit of their own, and sessions that are as they were.

use std::time::Duration;

use aurora_sql::{Limits, SqlError, Statement};
use tokio::time::Instant;

use crate::server::{limited, one, shared, user};

const SECOND: Duration = Duration::from_secs(1);

fn short() -> Limits {
    Limits {
        statement: Duration::from_millis(400),
        ..Limits::default()
    }
}

fn statement(sql: &'static str) -> Statement {
    Statement::new("a test", sql)
}

#[tokio::test]
async fn a_statement_may_have_a_longer_or_shorter_limit_than_its_session() {
    let server = shared().await;
    user(&server, "longer").await;
    let mut session = limited(&server, "longer", short()).await;
    let sleep = statement("DO SLEEP(1)");
    assert_eq!(session.execute_within(&sleep, 5 * SECOND).await, Ok(0));
    let hinted = statement(
        "SELECT /*+ MAX_EXECUTION_TIME(5000) */ COUNT(*) FROM (SELECT 1) AS a WHERE SLEEP(1) = 0",
    );
    let rows = session.query_within(&hinted, 5 * SECOND).await.unwrap();
    assert_eq!(rows[0].integer(0), Ok(Some(1)));
    session.allow_selects(5 * SECOND).await.unwrap();
    let select = statement("SELECT COUNT(*) FROM (SELECT 1) AS a WHERE SLEEP(1) = 0");
    assert!(session.execute_within(&select, 5 * SECOND).await.is_ok());
    session.settle().await.unwrap();
    let began = Instant::now();
    let ended = session
        .execute_within(&statement("DO SLEEP(30)"), SECOND / 10)
        .await;
    assert!(matches!(ended, Err(SqlError::TimedOut { ended: true, .. })));
    assert!(began.elapsed() < 3 * SECOND);
}

#[tokio::test]
async fn a_session_is_settled_whatever_was_done_to_it_and_keeps_its_locks() {
    let server = shared().await;
    user(&server, "settles").await;
    server.root("CREATE TABLE settles.t (n INT)").await;
    let mut session = limited(&server, "settles", Limits::default()).await;
    assert_eq!(session.get_lock("kept", SECOND).await, Ok(true));
    assert_eq!(session.settle().await, Ok(false));
    for sql in [
        "SET autocommit = 0, sql_mode = 'ANSI_QUOTES', time_zone = '+05:00', max_execution_time = 7",
        "INSERT INTO t VALUES (1)",
    ] {
        session.execute(&statement(sql)).await.unwrap();
    }
    assert_eq!(session.settle().await, Ok(true));
    let settings = "SELECT CONCAT_WS(' ', @@autocommit, @@time_zone, @@max_execution_time, \
                    @@sql_mode LIKE '%ANSI%', IS_USED_LOCK('kept') = CONNECTION_ID(), \
                    (SELECT COUNT(*) FROM t))";
    assert_eq!(one(&mut session, settings).await, "1 +00:00 10000 0 1 0");
}

#[tokio::test]
async fn sets_of_rows_that_nobody_wants_are_read_and_an_error_behind_them_is_told() {
    let server = shared().await;
    user(&server, "sets").await;
    server
        .root(
            "CREATE PROCEDURE sets.answers(fails BOOL) BEGIN SELECT 1; SELECT 2 UNION SELECT 3; \
             IF fails THEN SIGNAL SQLSTATE '45000'; END IF; END",
        )
        .await;
    let mut session = limited(&server, "sets", Limits::default()).await;
    for prepared in [false, true] {
        let call = |fails: i64| {
            let call = Statement::new("a test", "CALL answers(");
            if prepared {
                call.sql("?)").bind(fails)
            } else {
                call.spelled(&fails.to_string()).sql(")")
            }
        };
        assert!(session.execute(&call(0)).await.is_ok());
        let error = session.execute(&call(1)).await.unwrap_err();
        assert!(
            matches!(error, SqlError::Refused { code: 1644, .. }),
            "{error}"
        );
        assert_eq!(one(&mut session, "SELECT 1").await, "1");
    }
}
