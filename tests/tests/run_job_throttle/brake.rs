//! The lag stays within its limit where a replica applies more slowly than the job deletes.

use std::time::Duration;

use jobs::policy::Lag;
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Pair;
use run_job::{
    database::Signal,
    throttle::{Own, Verdict},
};
use secrets::Secret;
use tokio::time::{Instant, sleep};

use crate::scene::{PASSWORD, client, gate, limits, open, read, user};

/// Rows that one step deletes.
const STEP: u32 = 400;
/// The soft limit, in milliseconds.
const SOFT: f64 = 1_000.0;
/// Steps that are done in each way.
const STEPS: u32 = 60;

/// A table of rows to delete. The replica keeps seven indexes that the writer does not have, so it is
/// slower by far.
async fn table() -> Pair {
    let pair = Pair::start().await;
    let writer = &pair.writer;
    let table = "CREATE SCHEMA shop; CREATE TABLE shop.logs \
                 (id INT PRIMARY KEY, a CHAR(32), b CHAR(32), c CHAR(32))";
    writer.root(table).await;
    pair.caught_up().await;
    let indexes = "SET GLOBAL super_read_only = OFF; SET sql_log_bin = OFF; ALTER TABLE shop.logs \
                   ADD KEY (a), ADD KEY (b), ADD KEY (c), ADD KEY (a, b), ADD KEY (b, c), \
                   ADD KEY (c, a), ADD KEY (b, a); SET GLOBAL super_read_only = ON";
    pair.replica.root(indexes).await;
    let rows = 2 * STEP * STEPS;
    let fill = format!(
        "SET SESSION cte_max_recursion_depth = 1000000; INSERT shop.logs WITH RECURSIVE n AS \
         (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < {rows}) \
         SELECT id, LEFT(SHA2(id, 256), 32), LEFT(SHA2(id + 1, 256), 32), \
         LEFT(SHA2(id + 2, 256), 32) FROM n"
    );
    writer.root(&fill).await;
    let rights = ["PROCESS ON *.*", "SELECT ON performance_schema.*"];
    user(writer, "job", &rights).await;
    user(writer, "app", &["ALL ON shop.*"]).await;
    pair.caught_up().await;
    pair
}

async fn delete(work: &mut Conn, step: u32) {
    let (from, to) = (step * STEP, (step + 1) * STEP);
    let delete = format!("DELETE FROM shop.logs WHERE id > {from} AND id <= {to}");
    work.query_drop(delete).await.unwrap();
}

/// The largest lag until `work` is done and the replica has caught up, in milliseconds.
async fn largest(pair: &Pair, work: impl Future<Output = ()>) -> f64 {
    let mut session = open(&pair.replica, "job").await;
    let (mut work, mut largest) = (std::pin::pin!(work), 0.0_f64);
    let mut done = false;
    loop {
        let lag = read(&mut session, Signal::ReplicaLag).await.unwrap();
        largest = largest.max(lag);
        if done && lag == 0.0 {
            return largest;
        }
        tokio::select! {
            () = &mut work, if !done => done = true,
            () = sleep(Duration::from_millis(20)) => {}
        }
    }
}

#[tokio::test]
async fn the_lag_stays_within_its_soft_limit_where_it_would_not_without_a_brake() {
    let pair = table().await;
    let mut work = client(&pair.writer, "app").await;
    let started = Instant::now();
    let unhindered = largest(&pair, async {
        for step in 0..STEPS {
            delete(&mut work, step).await;
        }
    });
    let unhindered = unhindered.await;
    let took = started.elapsed();
    println!("without a gate: {unhindered:.0} ms behind, over after {took:?}");
    assert!(
        unhindered > 3.0 * SOFT,
        "the replica is not slow: {unhindered} ms"
    );
    pair.caught_up().await;

    let limits = limits(|all| {
        all.replica_lag = Some(Lag {
            soft_ms: Some(1_000),
            ..Lag::default()
        });
    });
    let password = Secret::new(PASSWORD);
    let readers = [("orders-reader-1", pair.replica.port())];
    let mut gate = gate(&pair.writer, &readers, &password, &limits);
    let started = Instant::now();
    let gated = largest(&pair, async {
        for step in STEPS..2 * STEPS {
            while let Verdict::Wait { again, .. } = gate.pass(Own::default()).await {
                sleep(again).await;
            }
            delete(&mut work, step).await;
        }
    });
    let gated = gated.await;
    println!(
        "with a gate: {gated:.0} ms behind, over after {:?}",
        started.elapsed()
    );
    assert!(gated < SOFT, "{gated} ms, where {SOFT} ms was the limit");
    // The replica is kept busy: it is hardly later through than without a gate.
    assert!(
        started.elapsed() < took * 2,
        "{:?} after {took:?}",
        started.elapsed()
    );
}
