//! The signals of one server, with what they are made of.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use nightshift_tests::mysql::Mysql;
use run_job::database::{Readings, Signal};
use tokio::time::sleep;

use crate::scene::{beside, client, open, read, until, user};

async fn server() -> Mysql {
    let server = Mysql::start().await;
    let table = "CREATE SCHEMA shop; CREATE TABLE shop.orders \
                 (id INT PRIMARY KEY, state VARCHAR(20), KEY (state)); \
                 INSERT shop.orders VALUES (1, 'open'), (2, 'open'), (3, 'paid')";
    server.root(table).await;
    let rights = [
        "PROCESS ON *.*",
        "SELECT ON performance_schema.data_locks",
        "SELECT ON performance_schema.data_lock_waits",
    ];
    user(&server, "job", &rights).await;
    user(&server, "app", &["ALL ON shop.*"]).await;
    server
}

#[tokio::test]
async fn the_history_list_grows_while_somebody_keeps_an_old_snapshot_open() {
    let server = server().await;
    let mut job = open(&server, "job").await;
    let mut reader = client(&server, "app").await;
    let snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
    reader.query_drop(snapshot).await.unwrap();
    let before = read(&mut job, Signal::HistoryListLength).await.unwrap();
    let mut app = client(&server, "app").await;
    for id in 0..300 {
        let change = format!("UPDATE shop.orders SET state = 's{id}' WHERE id = 3");
        app.query_drop(change).await.unwrap();
    }
    let open = read(&mut job, Signal::HistoryListLength).await.unwrap();
    assert!(open - before >= 300.0, "{before} and then {open}");
    reader.query_drop("COMMIT").await.unwrap();
    // Purge takes its time on a server that is idle.
    until("purge goes on", async || {
        let change = "UPDATE shop.orders SET state = 'paid' WHERE id = 3";
        app.query_drop(change).await.unwrap();
        read(&mut job, Signal::HistoryListLength).await.unwrap() < open - 100.0
    })
    .await;
}

#[tokio::test]
async fn threads_that_run_are_counted_but_for_ours() {
    let server = server().await;
    let mut job = open(&server, "job").await;
    // The job's own work, as the user `job`.
    let work = client(&server, "job").await;
    let running = Signal::ThreadsRunning { without: work.id() };
    let before = read(&mut job, running).await.unwrap();
    let mut sleepers = vec![beside(work, "DO SLEEP(5)")];
    for _ in 0..3 {
        sleepers.push(beside(client(&server, "app").await, "DO SLEEP(5)"));
    }
    until("three more run", async || {
        read(&mut job, running).await == Ok(before + 3.0)
    })
    .await;
    let with_ours = Signal::ThreadsRunning { without: 0 };
    assert_eq!(read(&mut job, with_ours).await, Ok(before + 4.0));
}

/// One waits for a row that was locked by reading it, one for a row that nothing but its insertion
/// locks, and one for somebody else.
#[tokio::test]
async fn those_are_counted_who_wait_for_a_lock_of_the_job() {
    let server = server().await;
    let mut gate = open(&server, "job").await;
    let mut work = client(&server, "app").await;
    let mut other = client(&server, "app").await;
    for sql in [
        "START TRANSACTION",
        "DELETE FROM shop.orders WHERE id = 1",
        "INSERT shop.orders VALUES (4, 'new')",
    ] {
        work.query_drop(sql).await.unwrap();
    }
    for sql in ["START TRANSACTION", "DELETE FROM shop.orders WHERE id = 3"] {
        other.query_drop(sql).await.unwrap();
    }
    let holder = work.id();
    let waiting = Signal::LockWaits { holder };
    assert_eq!(read(&mut gate, waiting).await, Ok(0.0));
    let mut waiters = Vec::new();
    for sql in [
        "UPDATE shop.orders SET state = 'paid' WHERE id = 1",
        "SELECT * FROM shop.orders WHERE state = 'new' FOR UPDATE",
        "UPDATE shop.orders SET state = 'open' WHERE id = 3",
    ] {
        waiters.push(beside(client(&server, "app").await, sql));
    }
    until("two wait", async || {
        read(&mut gate, waiting).await == Ok(2.0)
    })
    .await;
    let holder = other.id();
    until("one waits for somebody else", async || {
        read(&mut gate, Signal::LockWaits { holder }).await == Ok(1.0)
    })
    .await;
    let holder = gate.connection();
    assert_eq!(read(&mut gate, Signal::LockWaits { holder }).await, Ok(0.0));
    work.query_drop("ROLLBACK").await.unwrap();
    sleep(Duration::from_millis(200)).await;
    assert_eq!(read(&mut gate, waiting).await, Ok(0.0));
}

#[tokio::test]
async fn a_query_of_the_teams_own_must_answer_one_number() {
    let server = server().await;
    let mut job = open(&server, "job").await;
    for (sql, number) in [
        ("SELECT 12.5", 12.5),
        (
            "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE 1 = 0",
            0.0,
        ),
        ("SELECT -1e3", -1_000.0),
        ("SELECT ' 7 '", 7.0),
    ] {
        assert_eq!(
            read(&mut job, Signal::Query(sql)).await,
            Ok(number),
            "{sql}"
        );
    }
    for (sql, why) in [
        ("SELECT NULL", "it answers NULL, expected a number"),
        (
            "SELECT 1 UNION ALL SELECT 2",
            "it answers 2 rows, expected one",
        ),
        ("SELECT 1 WHERE 1 = 0", "it answers no row, expected one"),
        ("SELECT 1, 2", "it answers 2 columns, expected one"),
        ("SELECT 'many'", "its answer is no number"),
        ("SELECT 'inf'", "its answer is no number"),
        (
            "SELECT * FROM shop.orders",
            "the right for the policy's query is missing (1142)",
        ),
        (
            "SELECT 1 FROM",
            "asking the policy's query was refused with error 1064 (42000)",
        ),
    ] {
        assert_eq!(
            read(&mut job, Signal::Query(sql)).await,
            Err(why.to_owned()),
            "{sql}"
        );
    }
    assert_eq!(read(&mut job, Signal::Query("SELECT 1")).await, Ok(1.0));
}
