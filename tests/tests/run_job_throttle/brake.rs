//! The lag stays within its limit where a replica applies more slowly than the job works.

use std::{pin::pin, time::Duration};

use jobs::policy::Lag;
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Pair;
use run_job::{
    database::Signal,
    throttle::{Own, Verdict},
};
use secrets::Secret;
use tokio::time::{Instant, sleep};

use crate::{
    lag::pair,
    scene::{PASSWORD, client, gate, limits, open, read},
};

/// The soft limit, in milliseconds.
const SOFT: f64 = 2_000.0;
/// How many steps there are, and how long each takes on the writer.
const STEPS: u32 = 25;
const STEP: Duration = Duration::from_millis(50);
/// How long each takes on the replica, which has the number 2: four times as long.
const APPLIED: &str = "CREATE FUNCTION shop.applied() RETURNS INT DETERMINISTIC BEGIN \
                       IF @@server_id = 2 THEN DO SLEEP(0.2); END IF; RETURN 1; END";

/// A session whose changes the replica makes slowly: they reach it as statements, so it sleeps in
/// them, and not as rows.
async fn worker(pair: &Pair) -> Conn {
    let mut worker = client(&pair.writer, "app").await;
    for sql in [APPLIED, "SET SESSION binlog_format = 'STATEMENT'"] {
        worker.query_drop(sql).await.unwrap();
    }
    worker
}

async fn step(work: &mut Conn) {
    let change = "UPDATE shop.orders SET n = n + shop.applied() WHERE id = 1";
    work.query_drop(change).await.unwrap();
    sleep(STEP).await;
}

/// The largest lag until `work` is done and the replica has caught up, in milliseconds.
async fn largest(pair: &Pair, work: impl Future<Output = ()>) -> f64 {
    let mut session = open(&pair.replica, "job").await;
    let (mut work, mut largest, mut done) = (pin!(work), 0.0_f64, false);
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
async fn the_lag_stays_within_its_soft_limit_where_it_would_not_by_itself() {
    let pair = pair().await;
    let mut work = worker(&pair).await;
    let started = Instant::now();
    let unhindered = largest(&pair, async {
        for _ in 0..STEPS {
            step(&mut work).await;
        }
    });
    let (unhindered, took) = (unhindered.await, started.elapsed());
    println!("without a gate: {unhindered:.0} ms behind, over after {took:?}");
    assert!(
        unhindered > SOFT,
        "the replica is not slow: {unhindered} ms"
    );
    pair.caught_up().await;

    let limits = limits(|all| {
        all.replica_lag = Some(Lag {
            soft_ms: Some(2_000),
            ..Lag::default()
        });
    });
    let password = Secret::new(PASSWORD);
    let readers = [("orders-reader-1", pair.replica.port())];
    let mut gate = gate(&pair.writer, &readers, &password, &limits);
    let started = Instant::now();
    let gated = largest(&pair, async {
        for _ in 0..STEPS {
            while let Verdict::Wait { again, .. } = gate.pass(Own::default()).await {
                sleep(again).await;
            }
            step(&mut work).await;
        }
    });
    let (gated, later) = (gated.await, started.elapsed());
    println!("with a gate: {gated:.0} ms behind, over after {later:?}");
    assert!(gated < SOFT, "{gated} ms, where {SOFT} ms was the limit");
    // The replica is kept busy: it is not much later through than without a gate.
    assert!(later < took * 2, "{later:?} after {took:?}");
}
