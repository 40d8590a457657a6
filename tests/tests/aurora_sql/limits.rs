//! What takes too long is ended, here and on the server.

use std::time::Duration;

use aurora_sql::{Limits, Options, Session, SqlError, Statement};
use nightshift_tests::mysql::Mysql;
use secrets::Secret;
use tokio::time::{Instant, sleep};

use crate::server::{PASSWORD, at, limited, one, options, shared, user};

const SECOND: Duration = Duration::from_secs(1);

fn short() -> Limits {
    Limits {
        statement: Duration::from_millis(400),
        lock_wait: Duration::from_secs(20),
        ..Limits::default()
    }
}

fn statement(sql: &'static str) -> Statement {
    Statement::new("a test", sql)
}

/// How many statements of `user` still run.
async fn running(server: &Mysql, user: &str) -> String {
    let sql = format!(
        "SELECT COUNT(*) FROM performance_schema.processlist WHERE user = '{user}' AND command IN ('Query', 'Execute')"
    );
    server.root(&sql).await[0][0].clone()
}

fn ended<T>(answer: Result<T, SqlError>) -> bool {
    match answer {
        Err(SqlError::TimedOut { ended, what }) => {
            assert_eq!(what, "a test");
            ended
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not ended"),
    }
}

#[tokio::test]
async fn a_select_is_ended_by_the_server_and_the_session_goes_on() {
    let server = shared().await;
    user(&server, "selects").await;
    let mut session = limited(&server, "selects", short()).await;
    for sql in [
        "SELECT SLEEP(30)",
        "SELECT COUNT(*) FROM (SELECT 1 UNION SELECT 2) AS two WHERE SLEEP(30) = 0",
    ] {
        let started = Instant::now();
        assert!(ended(session.query(&statement(sql)).await));
        assert!(started.elapsed() < 2 * SECOND);
        assert_eq!(running(&server, "selects").await, "0");
    }
    assert_eq!(one(&mut session, "SELECT 1").await, "1");
}

#[tokio::test]
async fn what_the_server_does_not_end_is_ended_from_a_second_session() {
    let server = shared().await;
    user(&server, "does").await;
    let mut session = limited(&server, "does", short()).await;
    let started = Instant::now();
    assert!(ended(session.execute(&statement("DO SLEEP(30)")).await));
    assert!(started.elapsed() < 3 * SECOND);
    assert_eq!(running(&server, "does").await, "0");
    let over = session.execute(&statement("DO 1")).await.unwrap_err();
    assert!(
        over.to_string().ends_with("(the session is over)"),
        "{over}"
    );
}

#[tokio::test]
async fn a_statement_that_waits_for_a_row_is_ended_and_changes_nothing() {
    let server = shared().await;
    user(&server, "waits").await;
    server
        .root("CREATE TABLE waits.t (n INT PRIMARY KEY); INSERT INTO waits.t VALUES (1)")
        .await;
    let mut holder = limited(&server, "waits", Limits::default()).await;
    holder.execute(&statement("BEGIN")).await.unwrap();
    holder
        .execute(&statement("UPDATE t SET n = 2"))
        .await
        .unwrap();

    let mut waiter = limited(&server, "waits", short()).await;
    assert!(ended(
        waiter.execute(&statement("UPDATE t SET n = 3")).await
    ));
    assert_eq!(running(&server, "waits").await, "0");

    let mut limits = short();
    (limits.statement, limits.lock_wait) = (Duration::from_secs(20), SECOND);
    let mut waiter = limited(&server, "waits", limits).await;
    let row = waiter.execute(&statement("UPDATE t SET n = 4")).await;
    assert_eq!(row, Err(SqlError::Locked { code: 1205 }));
    let definition = waiter
        .execute(&statement("ALTER TABLE t ADD COLUMN m INT"))
        .await;
    assert_eq!(definition, Err(SqlError::Locked { code: 1205 }));

    holder.execute(&statement("ROLLBACK")).await.unwrap();
    assert_eq!(one(&mut holder, "SELECT n FROM t").await, "1");
}

#[tokio::test]
async fn no_statement_goes_beyond_the_end_of_the_session() {
    let server = shared().await;
    user(&server, "until").await;
    let (at, options) = (at(&server), options(&server));
    let until = Instant::now() + SECOND;
    let password = Secret::new(PASSWORD);
    let opened = Session::open(&at, "until", &password, None, &options, until).await;
    let mut session = opened.unwrap();
    assert!(ended(session.execute(&statement("DO SLEEP(30)")).await));
    assert!(Instant::now() < until + SECOND);
    assert_eq!(running(&server, "until").await, "0");

    let late = Session::open(&at, "until", &password, None, &options, until).await;
    assert!(matches!(late.err(), Some(SqlError::Unreachable { .. })));
}

#[tokio::test]
async fn where_nobody_can_end_it_the_error_says_that_it_was_left_running() {
    let server = shared().await;
    user(&server, "stays").await;
    let mut session = limited(&server, "stays", short()).await;
    server.root("ALTER USER stays@'%' ACCOUNT LOCK").await;
    assert!(!ended(session.execute(&statement("DO SLEEP(8)")).await));
    assert_eq!(running(&server, "stays").await, "1");
}

#[tokio::test]
async fn a_lock_is_held_by_one_session_and_free_when_that_is_over() {
    let server = shared().await;
    user(&server, "locks").await;
    let name = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/database-AbCdEf";
    let mut first = limited(&server, "locks", Limits::default()).await;
    let limits = Limits {
        statement: Duration::from_millis(300),
        ..Limits::default()
    };
    let mut second = limited(&server, "locks", limits).await;
    assert_eq!(first.get_lock(name, Duration::ZERO).await, Ok(true));
    assert_eq!(second.get_lock(name, SECOND).await, Ok(false));
    assert_eq!(second.release_lock(name).await, Ok(false));
    assert_eq!(first.release_lock(name).await, Ok(true));
    assert_eq!(second.get_lock(name, SECOND).await, Ok(true));
    second.close().await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(first.get_lock(name, SECOND).await, Ok(true));
}

#[tokio::test]
async fn what_is_refused_or_missing_is_told_without_the_servers_words() {
    let server = shared().await;
    let sql = "CREATE USER poor@'%' IDENTIFIED BY 'a-password'; CREATE SCHEMA poor";
    server.root(sql).await;
    let poor = Options {
        limits: Limits::default(),
        ..options(&server)
    };
    let (at, until) = (at(&server), Instant::now() + 60 * SECOND);
    let opened = Session::open(&at, "poor", &Secret::new(PASSWORD), None, &poor, until).await;
    let mut session = opened.unwrap();
    for (sql, sentence) in [
        (
            "SELECT * FROM mysql.user",
            "the right SELECT is missing (1142)",
        ),
        ("CREATE USER x", "the right CREATE USER is missing (1227)"),
        (
            "GRANT SELECT ON *.* TO poor",
            "the right for a test is missing (1045)",
        ),
        (
            "nonsense 's3cret'",
            "a test was refused with error 1064 (42000)",
        ),
        ("DO ?", "a test was refused with error 1064 (42000)"),
    ] {
        let error = session.execute(&statement(sql)).await.unwrap_err();
        assert_eq!(error.to_string(), sentence, "{sql}");
    }
    assert_eq!(one(&mut session, "SELECT 1").await, "1");
    let unbound = statement("DO ? + ?").bind(1_u64);
    let error = session.execute(&unbound).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a test was refused with error 2031 (HY000)"
    );
}
