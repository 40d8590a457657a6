//! A replica's applier.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use nightshift_tests::mysql::Pair;
use remedy_alarm::database::look::Applier;
use tokio::time::sleep;

use crate::scene::{ALL, BRIEFLY, after, furnish, look, no_literal, until};

async fn pair() -> Pair {
    let pair = Pair::start().await;
    furnish(&pair.writer).await;
    pair.caught_up().await;
    pair
}

const RUNNING: Applier = Applier {
    behind: Some(0.0),
    receiving: true,
    applying: true,
    error: 0,
};

#[tokio::test]
async fn an_applier_that_waits_for_a_lock_of_somebody_is_seen_with_the_culprit() {
    let pair = pair().await;
    let replica = &pair.replica;
    let seen = look(replica, ALL).await;
    let root = seen
        .sessions
        .iter()
        .find(|it| it.user.as_deref() == Some("root"));
    assert_eq!(root, None);
    assert_eq!(seen.applier, Some(RUNNING));
    assert!(!seen.writable);
    let share = "SELECT * FROM shop.orders WHERE id = 1 FOR SHARE";
    let mut holder = after(replica, &["START TRANSACTION", share]).await;
    let change = "UPDATE shop.orders SET n = 1, name = 'a-secret' WHERE id = 1";
    pair.writer.root(change).await;
    until(replica, "it waits", |look| !look.waits.is_empty()).await;
    sleep(Duration::from_millis(2_200)).await;
    let look = look(replica, BRIEFLY).await;
    let [wait] = &look.waits[..] else {
        panic!("{:#?}", look.waits);
    };
    let by_thread = |thread| {
        let mut sessions = look.sessions.iter();
        sessions.find(|session| session.thread == thread).unwrap()
    };
    let applier = by_thread(wait.waiter);
    // It goes by the user who started it, and its last statement was a BEGIN.
    assert_eq!((&applier.user, &applier.host), (&None, &None));
    assert_eq!(applier.statement, None);
    assert!(applier.transaction.as_ref().unwrap().waiting >= Some(1));
    assert_eq!(by_thread(wait.holder).id, u64::from(holder.id()));
    assert_eq!(wait.object, "shop.orders (PRIMARY)");
    let behind = look.applier.as_ref().unwrap().behind.unwrap();
    assert!((1.0..30.0).contains(&behind), "{behind}");
    no_literal(&look, &["a-secret"]);
    holder.query_drop("COMMIT").await.unwrap();
    pair.caught_up().await;
}

#[tokio::test]
async fn an_applier_that_is_stopped_or_failed_is_told_as_such() {
    let pair = pair().await;
    let replica = &pair.replica;
    replica.root("STOP REPLICA SQL_THREAD").await;
    let stopped = Applier {
        behind: None,
        applying: false,
        ..RUNNING
    };
    assert_eq!(look(replica, BRIEFLY).await.applier, Some(stopped.clone()));
    let stray = "SET GLOBAL super_read_only = OFF; INSERT shop.orders VALUES (5, 0, 'stray')";
    replica.root(stray).await;
    pair.writer
        .root("INSERT shop.orders VALUES (5, 0, 'a-secret')")
        .await;
    replica.root("START REPLICA SQL_THREAD").await;
    let failed = Applier {
        error: 1062,
        ..stopped
    };
    let look = until(replica, "it fails", |look| {
        look.applier.as_ref() == Some(&failed)
    })
    .await;
    no_literal(&look, &["a-secret"]);
    replica.root("STOP REPLICA").await;
    let nothing = Applier {
        receiving: false,
        ..failed
    };
    assert_eq!(
        crate::scene::look(replica, BRIEFLY).await.applier,
        Some(nothing)
    );
}
