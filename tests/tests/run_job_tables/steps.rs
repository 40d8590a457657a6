//! A step is done whole or not at all, and the ledger knows which.

use aurora_sql::SqlError;
use nightshift_tests::mysql::{Cut, Relay};
use run_job::database::{Done, Holder};

use crate::scene::{Scene, open};

/// Twenty old rows, and ten that are not.
const ROWS: &str = "CREATE TABLE t (n INT PRIMARY KEY, created_at DATETIME); \
     INSERT INTO t WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 30) \
     SELECT n, IF(n <= 20, '2026-01-01', '2026-12-01') FROM r";

#[tokio::test]
async fn more_rows_than_a_step_may_take_away_are_left_as_they_are() {
    let mut scene = Scene::new("s_many", ROWS).await;
    scene.most = 4;
    let to = scene.boundary(5).await;
    assert_eq!(scene.step(to).await, Ok(Done::TooMany));
    assert_eq!(scene.numbers("t").await.len(), 30);
    let to = scene.boundary(4).await;
    assert!(matches!(
        scene.step(to).await,
        Ok(Done::Whole { rows: 4, .. })
    ));
}

#[tokio::test]
async fn a_run_that_another_has_in_hand_is_left_as_it_is() {
    let mut scene = Scene::new("s_other", ROWS).await;
    scene.holder = Holder("them".to_owned());
    assert_eq!(scene.step(None).await, Ok(Done::NotOurs));
    assert_eq!(scene.numbers("t").await.len(), 30);
    scene.holder = Holder("us".to_owned());
    let over = format!(
        "UPDATE nightshift.job_run SET state = 'done' WHERE id = {}",
        scene.run.0
    );
    scene.server.root(&over).await;
    assert_eq!(scene.step(None).await, Ok(Done::NotOurs));
    assert_eq!(scene.numbers("t").await.len(), 30);
}

#[tokio::test]
async fn a_row_that_somebody_else_has_locked_is_waited_for_briefly_and_nothing_is_changed() {
    let mut scene = Scene::new("s_locked", ROWS).await;
    let mut other = scene
        .server
        .login("walker", "walker-and-all")
        .await
        .unwrap();
    let lock = "START TRANSACTION; UPDATE s_locked.t SET created_at = '2026-01-02' WHERE n = 7";
    mysql_async::prelude::Queryable::query_drop(&mut other, lock)
        .await
        .unwrap();
    let step = scene.step(None).await;
    assert!(
        matches!(step, Err(SqlError::Locked { code: 1205 })),
        "{step:?}"
    );
    drop(other);
    assert_eq!(scene.numbers("t").await.len(), 30);
    assert_eq!(scene.walk(6).await.rows, 20);
}

#[tokio::test]
async fn after_a_commit_whose_answer_was_lost_the_ledger_tells_what_is_gone() {
    for (schema, cut) in [
        ("s_before", Cut::BeforeForwarding),
        ("s_after", Cut::AfterForwarding),
    ] {
        let mut scene = Scene::new(schema, ROWS).await;
        let relay = Relay::start(scene.server.address()).await;
        scene.session = open(&scene.server, relay.port()).await;
        // Each statement is prepared when it is sent for the first time; the third step is like the second.
        let mut messages = 0;
        for _ in 0..3 {
            let to = scene.boundary(3).await;
            let before = relay.count();
            scene.step(to.clone()).await.unwrap();
            messages = relay.count() - before;
            scene.place.after = to;
        }
        let to = scene.boundary(3).await;
        relay.cut_at(messages, cut, None);
        let lost = scene.step(to).await.unwrap_err();
        assert!(lost.unsure(), "{lost}");
        let (place, ledger) = scene.ledger().await;
        let gone = if cut == Cut::AfterForwarding { 12 } else { 9 };
        assert_eq!(ledger.rows, gone);
        assert_eq!(scene.numbers("t").await.len() as u64, 30 - gone);
        scene.session = open(&scene.server, scene.server.port()).await;
        scene.place = place;
        assert_eq!(scene.walk(3).await.rows, 20 - gone);
        assert_eq!(scene.numbers("t").await.len(), 10);
    }
}
