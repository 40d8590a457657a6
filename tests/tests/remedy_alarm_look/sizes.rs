//! What the server counts, and what takes the room.

use mysql_async::prelude::Queryable;

use crate::scene::{ALL, after, beside, client, look, shop, until};

#[tokio::test]
async fn a_look_tells_what_the_server_is_and_what_takes_the_room() {
    let server = shop(&[]).await;
    let rows = "CREATE TABLE shop.log (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(2000)) \
                PARTITION BY HASH(id) PARTITIONS 3; \
                INSERT shop.log (text) SELECT REPEAT('x', 2000) FROM \
                information_schema.COLLATIONS, shop.orders LIMIT 600";
    server.root(rows).await;
    let mut old = after(&server, &["START TRANSACTION WITH CONSISTENT SNAPSHOT"]).await;
    for _ in 0..50 {
        server.root("UPDATE shop.orders SET n = n + 1").await;
    }
    until(&server, "it is up for a second", |look| look.up > 0).await;
    let first = look(&server, ALL).await;
    assert!(first.version.starts_with(|c: char| c.is_ascii_digit()));
    assert!(first.writable && first.instrumented && !first.aurora);
    assert_eq!((first.uuid.len(), first.max_connections), (36, 100));
    assert!((1..600).contains(&first.up), "{}", first.up);
    assert!(first.history >= Some(50), "{:?}", first.history);
    assert_eq!((first.applier, first.reader_lags), (None, vec![]));
    let (table, bytes) = &first.tables[0];
    assert_eq!(table, "shop.log");
    assert!(*bytes > 600 * 2_000, "{bytes}");
    let accounts = first.memory.iter().map(|(account, _)| account.as_str());
    assert!(
        accounts.clone().any(|it| it == "app@127.0.0.1"),
        "{:?}",
        first.memory
    );
    assert!(first.memory.iter().all(|(_, bytes)| *bytes > 0));
    old.query_drop("COMMIT").await.unwrap();
}

#[tokio::test]
async fn deadlocks_are_counted() {
    let server = shop(&[]).await;
    assert_eq!(look(&server, ALL).await.deadlocks, Some(0));
    let take = |id: u8| format!("UPDATE shop.orders SET n = 9 WHERE id = {id}");
    let one = after(&server, &["START TRANSACTION", &take(1)]).await;
    let mut other = after(&server, &["START TRANSACTION", &take(2)]).await;
    let one = beside(one, "UPDATE shop.orders SET n = 9 WHERE id = 2");
    crate::scene::until(&server, "it waits", |look| look.waits.len() == 1).await;
    let other = other.query_drop(take(1)).await;
    assert!(other.is_err() || one.await.unwrap().is_err());
    assert_eq!(look(&server, ALL).await.deadlocks, Some(1));
    drop(client(&server).await);
}
