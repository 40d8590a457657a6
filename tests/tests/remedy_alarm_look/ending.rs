//! Ending sessions and statements.

use aurora_sql::SqlError;
use mysql_async::{Error, prelude::Queryable};
use remedy_alarm::database::{Ending, Server};

use crate::scene::{after, beside, client, of, open, shop, until};

const SLOW: &str = "SELECT SLEEP(60) FROM shop.orders WHERE id = 1";

#[tokio::test]
async fn a_statement_is_ended_and_its_transaction_stays() {
    let server = shop(&[]).await;
    let change = "UPDATE shop.orders SET n = 7 WHERE id = 1";
    let victim = after(&server, &["START TRANSACTION", change]).await;
    let id = victim.id();
    let running = beside(
        victim,
        "SELECT COUNT(*) FROM shop.orders a, shop.orders b WHERE SLEEP(9) = 0",
    );
    until(&server, "it runs", |look| of(look, id).running().is_some()).await;
    let mut ender = open(&server, "end").await;
    assert_eq!(ender.end(id.into(), Ending::Statement).await, Ok(true));
    let Err(Error::Server(error)) = running.await.unwrap() else {
        panic!("it was not ended");
    };
    assert_eq!(error.code, 1317);
    let rows = server.root("SELECT n FROM shop.orders WHERE id = 1").await;
    assert_eq!(rows, [["0"]]);
}

#[tokio::test]
async fn a_connection_is_ended_and_its_transaction_rolled_back() {
    let server = shop(&[]).await;
    let change = "UPDATE shop.orders SET n = 7 WHERE id = 1";
    let mut victim = after(&server, &["START TRANSACTION", change]).await;
    let bystander = after(&server, &["START TRANSACTION", "DO 1"]).await;
    let id = u64::from(victim.id());
    let mut ender = open(&server, "end").await;
    assert_eq!(ender.end(id, Ending::Connection).await, Ok(true));
    let look = until(&server, "it is gone", |look| {
        look.sessions.iter().all(|it| it.id != id)
    })
    .await;
    assert!(of(&look, bystander.id()).sleeps());
    assert!(victim.query_drop("DO 1").await.is_err());
    let free = "SELECT n FROM shop.orders WHERE id = 1 FOR UPDATE NOWAIT";
    assert_eq!(server.root(free).await, [["0"]]);
    for ending in [Ending::Connection, Ending::Statement] {
        assert_eq!(ender.end(id, ending).await, Ok(false));
    }
}

/// The server's threads tell of it what it did before.
#[tokio::test]
async fn what_is_rolled_back_is_seen_as_such() {
    let server = shop(&[]).await;
    let many = "CREATE TABLE shop.many (n INT) SELECT 0 AS n FROM information_schema.COLLATIONS a, \
                information_schema.COLLATIONS b, shop.orders c";
    server.root(many).await;
    let change = "UPDATE shop.many SET n = n + 1";
    let victim = after(&server, &["START TRANSACTION", change, change]).await;
    let id = u64::from(victim.id());
    let mut reader = open(&server, "look").await;
    let transaction = async |reader: &mut remedy_alarm::mysql::Connected| {
        let session = reader.session(id).await.unwrap()?;
        session.transaction
    };
    assert!(!transaction(&mut reader).await.unwrap().rolling_back);
    let mut ender = open(&server, "end").await;
    assert_eq!(ender.end(id, Ending::Connection).await, Ok(true));
    let back = transaction(&mut reader).await;
    assert!(back.unwrap().rolling_back, "or it took no time");
}

#[tokio::test]
async fn whoever_may_look_may_not_end() {
    let server = shop(&[]).await;
    let victim = client(&server).await;
    let id = victim.id();
    let running = beside(victim, SLOW);
    until(&server, "it runs", |look| of(look, id).running().is_some()).await;
    let mut reader = open(&server, "look").await;
    for ending in [Ending::Connection, Ending::Statement] {
        let missing = SqlError::MissingRight {
            right: "CONNECTION_ADMIN ON *.*".to_owned(),
            code: 1095,
        };
        assert_eq!(reader.end(id.into(), ending).await, Err(missing));
    }
    let look = until(&server, "it still runs", |_| true).await;
    assert!(of(&look, id).running().is_some());
    assert!(!running.is_finished());
}
