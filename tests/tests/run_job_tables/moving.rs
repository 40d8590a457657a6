//! Others write into the table while it is walked.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aurora_sql::SqlError;
use mysql_async::prelude::Queryable as _;
use nightshift_tests::mysql::Mysql;
use run_job::database::Done;

use crate::scene::{CUTOFF, Scene};

const ROWS: &str = "CREATE TABLE t (n INT NOT NULL AUTO_INCREMENT PRIMARY KEY, created_at DATETIME, KEY by_age (created_at)); \
     INSERT INTO t SELECT 2 * n, IF(n % 3, '2026-01-01', '2026-12-01') FROM (SELECT a.n + 20 * b.n AS n FROM \
       (WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 20) SELECT n FROM r) a, \
       (WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 100) SELECT n FROM r) b) x";

/// Adds old rows, and moves rows across the cutoff, until it is told to stop: how many it added.
async fn disturb(server: Arc<Mysql>, schema: &'static str, stop: Arc<AtomicBool>) -> u64 {
    let mut session = server.login("walker", "walker-and-all").await.unwrap();
    let mut random = fastrand::Rng::with_seed(3);
    let mut added = 0;
    while !stop.load(Ordering::Relaxed) {
        let n = 2 * random.u32(21..2_020);
        let insert = format!(
            "INSERT IGNORE INTO {schema}.t VALUES ({}, '2026-02-02')",
            n + 1
        );
        session.query_drop(insert).await.unwrap();
        added += session.affected_rows();
        let month = random.u8(1..13);
        let update = format!(
            "UPDATE {schema}.t SET created_at = '2026-{month:02}-05' WHERE n BETWEEN {n} AND {n} + 9"
        );
        // We may be the ones against whom a deadlock is resolved.
        let _ = session.query_drop(update).await;
    }
    added
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_come_and_move_meanwhile_are_counted_once_or_left_to_the_next_run() {
    for (schema, index) in [("m_primary", "PRIMARY"), ("m_index", "by_age")] {
        let mut scene = Scene::new(schema, ROWS).await;
        scene.index = index;
        let before = scene.numbers("t").await.len() as u64;
        let stop = Arc::new(AtomicBool::new(false));
        let other = disturb(Arc::clone(&scene.server), schema, Arc::clone(&stop));
        let other = tokio::spawn(other);
        let gone = walk_disturbed(&mut scene).await;
        stop.store(true, Ordering::Relaxed);
        let added = other.await.unwrap();
        assert!(added > 10, "{added}");
        let after = scene.numbers("t").await.len() as u64;
        assert_eq!(before + added - after, gone);
        assert_eq!(scene.ledger().await.1.rows, gone);
        scene.place.after = None;
        scene.walk(50).await;
        let old = format!("SELECT COUNT(*) FROM t WHERE created_at < '{CUTOFF}'");
        assert_eq!(scene.column(&old).await, ["0"]);
    }
}

/// As a run does it: what was in the way is tried again.
async fn walk_disturbed(scene: &mut Scene) -> u64 {
    let mut gone = 0;
    loop {
        let to = scene.boundary(20).await;
        let last = to.is_none();
        match scene.step(to).await {
            Ok(Done::Whole { rows, .. }) => gone += rows,
            Ok(Done::Moved | Done::TooMany) | Err(SqlError::Locked { .. }) => continue,
            other => panic!("{other:?}"),
        }
        scene.place = scene.ledger().await.0;
        if last {
            return gone;
        }
    }
}

/// A free condition that lets somebody else in between the lock and the deletion.
#[tokio::test]
async fn a_step_into_which_a_row_came_is_undone() {
    use run_job::database::{Condition, Piece};
    let mut scene = Scene::new("m_between", ROWS).await;
    // True for the rows with an odd number only when it is asked the second time: while the rows are
    // deleted, and not yet while they are locked.
    let sql = "n < 100 AND (n MOD 4 = 0 OR (@asked := COALESCE(@asked, 0) + 1) > 20)";
    scene.condition = Condition::Free(vec![Piece::Sql(sql.to_owned())]);
    let before = scene.numbers("t").await.len();
    assert_eq!(scene.step(None).await, Ok(Done::Moved));
    assert_eq!(scene.numbers("t").await.len(), before);
}
