//! The lag of a real replica, in whatever state it is.

use std::time::Duration;

use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Pair;
use run_job::database::Signal;
use tokio::time::{Instant, sleep};

use crate::scene::{client, open, read, until, user};

const LAG: Signal<'_> = Signal::ReplicaLag;
const PAUSE: Duration = Duration::from_millis(1_400);

/// A pair with a table; `finely` may read the lag in microseconds, `coarsely` in seconds.
pub async fn pair() -> Pair {
    let pair = Pair::start().await;
    let writer = &pair.writer;
    let table = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INT PRIMARY KEY, n INT); \
                 INSERT shop.orders VALUES (1, 0), (2, 0)";
    writer.root(table).await;
    let read = "SELECT ON performance_schema.*";
    user(writer, "finely", &[read]).await;
    user(writer, "coarsely", &["REPLICATION CLIENT ON *.*"]).await;
    user(writer, "job", &[read, "PROCESS ON *.*", "SELECT ON shop.*"]).await;
    user(writer, "app", &["ALL ON *.*"]).await;
    pair.caught_up().await;
    pair
}

/// Keeps the applier from changing row 1 for as long as the session is in its transaction.
pub async fn hold_up(pair: &Pair) -> Conn {
    let mut holder = client(&pair.replica, "app").await;
    for sql in [
        "START TRANSACTION",
        "SELECT * FROM shop.orders WHERE id = 1 FOR SHARE",
    ] {
        holder.query_drop(sql).await.unwrap();
    }
    holder
}

pub async fn change(pair: &Pair) {
    let change = "UPDATE shop.orders SET n = n + 1 WHERE id = 1";
    pair.writer.root(change).await;
}

#[tokio::test]
async fn a_replica_that_has_applied_everything_is_not_behind_however_long_ago_it_was() {
    let pair = pair().await;
    for user in ["finely", "coarsely"] {
        let mut session = open(&pair.replica, user).await;
        sleep(PAUSE).await;
        assert_eq!(read(&mut session, LAG).await, Ok(0.0), "{user}");
    }
}

/// With four appliers, as MySQL has by default.
#[tokio::test]
async fn what_is_being_applied_tells_the_lag_to_the_millisecond() {
    let pair = pair().await;
    let workers = pair.replica.root("SELECT @@replica_parallel_workers").await;
    assert_eq!(workers, [["4"]]);
    let mut finely = open(&pair.replica, "finely").await;
    let mut coarsely = open(&pair.replica, "coarsely").await;
    let mut holder = hold_up(&pair).await;
    let earliest = Instant::now();
    change(&pair).await;
    let latest = Instant::now();
    for _ in 0..4 {
        sleep(Duration::from_millis(350)).await;
        let at_least = latest.elapsed().as_secs_f64() * 1_000.0;
        let lag = read(&mut finely, LAG).await.unwrap();
        let at_most = earliest.elapsed().as_secs_f64() * 1_000.0;
        assert!(
            at_least <= lag && lag <= at_most,
            "{at_least} {lag} {at_most}"
        );
    }
    let lag = read(&mut coarsely, LAG).await.unwrap();
    assert!([1_000.0, 2_000.0].contains(&lag), "{lag}");
    holder.query_drop("ROLLBACK").await.unwrap();
    pair.caught_up().await;
    assert_eq!(read(&mut finely, LAG).await, Ok(0.0));
}

#[tokio::test]
async fn what_waits_behind_the_first_counts_from_the_first() {
    let pair = pair().await;
    let mut finely = open(&pair.replica, "finely").await;
    let mut holder = hold_up(&pair).await;
    change(&pair).await;
    sleep(PAUSE).await;
    change(&pair).await;
    let lag = read(&mut finely, LAG).await.unwrap();
    assert!(lag > 1_400.0, "{lag}");
    holder.query_drop("ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn a_replica_that_is_delayed_on_purpose_is_behind() {
    let pair = pair().await;
    let delay = "STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 4; \
                 START REPLICA SQL_THREAD";
    pair.replica.root(delay).await;
    let mut finely = open(&pair.replica, "finely").await;
    change(&pair).await;
    sleep(PAUSE).await;
    change(&pair).await;
    sleep(PAUSE).await;
    let lag = read(&mut finely, LAG).await.unwrap();
    assert!((1_400.0..4_500.0).contains(&lag), "{lag}");
    until("it is over", async || {
        read(&mut finely, LAG).await == Ok(0.0)
    })
    .await;
}

#[tokio::test]
async fn replication_that_does_not_run_has_no_lag_that_can_be_read() {
    let pair = pair().await;
    for (sql, sentence) in [
        (
            "STOP REPLICA SQL_THREAD",
            "replication does not apply what it received",
        ),
        ("STOP REPLICA IO_THREAD", "replication is stopped"),
        (
            "START REPLICA SQL_THREAD",
            "replication does not receive from its source",
        ),
    ] {
        pair.replica.root(sql).await;
        change(&pair).await;
        for user in ["finely", "coarsely"] {
            let lag = read(&mut open(&pair.replica, user).await, LAG).await;
            assert_eq!(lag, Err(sentence.to_owned()), "{user} after {sql}");
        }
    }
    pair.replica.root("START REPLICA").await;
    pair.caught_up().await;
    let lag = read(&mut open(&pair.replica, "finely").await, LAG).await;
    assert_eq!(lag, Ok(0.0));
}
