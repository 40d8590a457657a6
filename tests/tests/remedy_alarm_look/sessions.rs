//! What sessions do, and that no literal of it is told.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use remedy_alarm::database::{Server, look::Transaction};
use tokio::time::sleep;

use crate::scene::{
    BRIEFLY, PASSWORD, after, beside, client, log_in, look, no_literal, of, open, shop, until,
};

const SLOW: &str =
    "SELECT SLEEP(59.4375), 'a-secret' FROM shop.orders WHERE id = 1 AND name <> 'number-4711'";
const SLOW_DIGEST: &str =
    "SELECT `SLEEP` (?) , ? FROM `shop` . `orders` WHERE `id` = ? AND NAME != ?";

#[tokio::test]
async fn a_statement_that_runs_is_told_with_its_age_and_without_its_literals() {
    let server = shop(&[]).await;
    let slow = client(&server).await;
    let (id, _slow) = (slow.id(), beside(slow, SLOW));
    let first = until(&server, "it runs", |look| {
        let mut sessions = look.sessions.iter();
        sessions.any(|it| it.id == u64::from(id) && it.running().is_some())
    })
    .await;
    let begun = of(&first, id).running().unwrap();
    assert_eq!(begun.digest.as_deref(), Some(SLOW_DIGEST));
    sleep(Duration::from_millis(1_200)).await;
    let look = look(&server, BRIEFLY).await;
    let session = of(&look, id);
    let running = session.running().unwrap();
    assert_eq!(running.event, begun.event);
    assert!(running.seconds >= begun.seconds + 1.2, "{running:?}");
    assert!(running.seconds < begun.seconds + 20.0, "{running:?}");
    assert!((1..30).contains(&session.seconds), "{session:?}");
    assert_eq!(session.user.as_deref(), Some("app"));
    assert_eq!(session.host.as_deref(), Some("127.0.0.1"));
    assert_eq!(
        (session.schema.as_deref(), session.command.as_str()),
        (None, "Query")
    );
    assert_eq!(session.state.as_deref(), Some("User sleep"));
    no_literal(&look, &["a-secret", "number-4711", "59.4375"]);
}

/// The server itself counts a session's sleep from when its last statement began.
#[tokio::test]
async fn whoever_has_just_ended_a_long_statement_has_not_slept_for_long() {
    let server = shop(&[]).await;
    let change = "UPDATE shop.orders SET n = SLEEP(4) WHERE id = 1";
    let busy = after(&server, &["START TRANSACTION", change]).await;
    let looked = look(&server, BRIEFLY).await;
    let session = of(&looked, busy.id());
    assert!(session.sleeps() && session.transaction.is_some());
    assert!(session.seconds < 3, "{session:?}");
    sleep(Duration::from_millis(1_200)).await;
    let looked = look(&server, BRIEFLY).await;
    let session = of(&looked, busy.id());
    assert!((1..4).contains(&session.seconds), "{session:?}");
}

/// As whoever replays a binlog does.
#[tokio::test]
async fn the_time_that_a_session_has_set_itself_is_not_its_sleep() {
    let server = shop(&[]).await;
    let past = after(&server, &["SET timestamp = 1000000000", "SELECT 1"]).await;
    let looked = look(&server, BRIEFLY).await;
    let session = of(&looked, past.id());
    assert!(session.seconds < 20, "{session:?}");
}

#[tokio::test]
async fn whoever_sleeps_in_a_transaction_is_told_with_its_age() {
    let server = shop(&[]).await;
    let change = "UPDATE shop.orders SET n = 1, name = 'a-secret' WHERE id IN (1, 2)";
    let holder = after(&server, &["USE shop", "START TRANSACTION", change]).await;
    let beside = after(&server, &["SELECT 1"]).await;
    sleep(Duration::from_secs(2)).await;
    let look = look(&server, BRIEFLY).await;
    let session = of(&look, holder.id());
    assert!(
        session.sleeps() && session.running().is_none(),
        "{session:?}"
    );
    assert!((1..20).contains(&session.seconds), "{session:?}");
    assert_eq!(session.schema.as_deref(), Some("shop"));
    let last = session.statement.as_ref().unwrap();
    let digest = "UPDATE `shop` . `orders` SET `n` = ? , NAME = ? WHERE `id` IN (...)";
    assert_eq!(last.digest.as_deref(), Some(digest));
    assert!(last.seconds < 1.0, "{last:?}");
    let transaction = session.transaction.as_ref().unwrap();
    assert!((1..20).contains(&transaction.seconds), "{transaction:?}");
    assert_eq!((transaction.waiting, transaction.modified), (None, 2));
    assert!(transaction.locked >= 2, "{transaction:?}");
    assert_eq!(of(&look, beside.id()).transaction, None);
    no_literal(&look, &["a-secret"]);
}

#[tokio::test]
async fn a_session_is_read_anew_by_itself() {
    let server = shop(&[]).await;
    let mut reader = open(&server, "look").await;
    let mut client = after(&server, &["START TRANSACTION", "DELETE FROM shop.orders"]).await;
    let id = client.id();
    let seen = reader.look(BRIEFLY).await.unwrap();
    let again = reader.session(id.into()).await.unwrap().unwrap();
    assert_eq!(again.thread, of(&seen, id).thread);
    let transaction =
        |session: &'_ remedy_alarm::database::look::Session| session.transaction.clone();
    assert_eq!(
        transaction(&again).map(|open: Transaction| open.id),
        transaction(of(&seen, id)).map(|open| open.id)
    );
    let event = again.statement.unwrap().event;
    // What InnoDB told a moment ago must not be told again.
    for _ in 0..5 {
        client.query_drop("COMMIT").await.unwrap();
        let ended = reader.session(id.into()).await.unwrap().unwrap();
        assert_eq!(ended.transaction, None);
        assert!(ended.statement.unwrap().event > event);
        let snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
        client.query_drop(snapshot).await.unwrap();
        let begun = reader.session(id.into()).await.unwrap().unwrap();
        assert!(begun.transaction.is_some());
    }
    client.disconnect().await.unwrap();
    until(&server, "it is gone", |look| {
        look.sessions.iter().all(|it| it.id != u64::from(id))
    })
    .await;
    assert_eq!(reader.session(id.into()).await.unwrap(), None);
}

#[tokio::test]
async fn the_reader_is_not_in_the_look_and_others_tell_their_program() {
    let server = shop(&[]).await;
    let other = log_in(&server, "end").await.unwrap();
    let look = look(&server, BRIEFLY).await;
    let users: Vec<_> = look
        .sessions
        .iter()
        .filter_map(|it| it.user.as_deref())
        .collect();
    assert_eq!(users, ["end"]);
    assert_eq!(
        look.sessions
            .iter()
            .find(|it| it.user.is_some())
            .unwrap()
            .program
            .as_deref(),
        Some("nightshift")
    );
    other.close().await;
}

/// They execute nothing that a client sent, and so have no digest of their own.
#[tokio::test]
async fn what_an_event_executes_is_told_without_its_literals() {
    let server = shop(&[]).await;
    for (name, literal) in [("plain", "a-secret"), ("escaped", r"a\'secret")] {
        let create = format!(
            "CREATE EVENT shop.{name} ON SCHEDULE AT NOW() DO \
             SELECT SLEEP(60) FROM shop.orders WHERE id = 2 AND name <> '{literal}'"
        );
        server.root(&create).await;
    }
    let running = |look: &remedy_alarm::database::look::Look| {
        let running = look.sessions.iter().filter(|it| it.user.is_none());
        let running = running.filter_map(|it| it.running());
        let mut digests: Vec<_> = running.map(|it| it.digest.clone()).collect();
        digests.sort();
        digests
    };
    let look = until(&server, "both run", |look| running(look).len() == 2).await;
    let digest = "SELECT `SLEEP` (?) FROM `shop` . `orders` WHERE `id` = ? AND NAME != ?";
    assert_eq!(running(&look), [None, Some(digest.to_owned())]);
    no_literal(&look, &["secret"]);
}

#[tokio::test]
async fn what_is_executed_prepared_is_told_without_its_values() {
    let server = shop(&[]).await;
    let mut client = client(&server).await;
    let id = client.id();
    let sql = "SELECT SLEEP(?) FROM shop.orders WHERE id = 1 AND name <> ?";
    let _running = tokio::spawn(async move {
        let rows: Vec<i32> = client.exec(sql, (60, "a-secret")).await?;
        Ok::<_, mysql_async::Error>(rows)
    });
    let look = until(&server, "it runs", |look| {
        let mut sessions = look.sessions.iter();
        sessions.any(|it| it.id == u64::from(id) && it.state.as_deref() == Some("User sleep"))
    })
    .await;
    let digest = of(&look, id).running().unwrap().digest.as_deref().unwrap();
    let plain = "SELECT `SLEEP` (?) FROM `shop` . `orders` WHERE `id` = ? AND NAME != ?";
    assert!(digest.ends_with(plain), "{digest}");
    no_literal(&look, &["a-secret", PASSWORD]);
}
