//! Who waits for whom.

use std::time::Duration;

use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Mysql;
use tokio::{task::JoinHandle, time::sleep};

use crate::scene::{BRIEFLY, after, beside, client, look, no_literal, of, shop, until, waits};

type Running = JoinHandle<Result<Conn, mysql_async::Error>>;

const ORDERS: &str = "shop.orders (PRIMARY)";
const ROW: &str = "X,REC_NOT_GAP";

/// A client that holds a row, and waits for what `sql` wants.
async fn link(server: &Mysql, hold: &'static str, sql: &'static str) -> (u32, Running) {
    let link = after(server, &["START TRANSACTION", hold]).await;
    (link.id(), beside(link, sql))
}

#[tokio::test]
async fn a_chain_of_lock_waits_is_seen_link_by_link() {
    let server = shop(&[]).await;
    let root = "UPDATE shop.orders SET n = 1, name = 'a-secret' WHERE id = 1";
    let mut root = after(&server, &["START TRANSACTION", root]).await;
    let second = "SELECT * FROM shop.orders WHERE id = 2 FOR UPDATE";
    let (second, waits_for_one) =
        link(&server, second, "UPDATE shop.orders SET n = 2 WHERE id = 1").await;
    until(&server, "the second waits", |look| look.waits.len() == 1).await;
    let third = "UPDATE shop.orders SET n = 3 WHERE id = 3";
    let (third, waits_for_two) =
        link(&server, third, "UPDATE shop.orders SET n = 3 WHERE id = 2").await;
    until(&server, "the third waits", |look| look.waits.len() == 2).await;
    let (fourth, waits_for_three) = link(
        &server,
        "DO 0",
        "DELETE FROM shop.orders WHERE id = 3 AND name <> 'a-secret'",
    )
    .await;
    until(&server, "the fourth waits", |look| look.waits.len() == 3).await;
    sleep(Duration::from_millis(1_200)).await;
    let look = look(&server, BRIEFLY).await;
    let chain = [
        (second, root.id(), ORDERS, ROW),
        (third, second, ORDERS, ROW),
        (fourth, third, ORDERS, ROW),
    ];
    assert_eq!(waits(&look), chain);
    for wait in &look.waits {
        assert!((1..20).contains(&wait.seconds.unwrap()), "{wait:?}");
        assert!(!wait.metadata);
    }
    let culprit = of(&look, root.id());
    assert!(
        culprit.sleeps() && culprit.transaction.is_some(),
        "{culprit:?}"
    );
    let waiting = |id| of(&look, id).transaction.as_ref().unwrap().waiting;
    assert_eq!(waiting(root.id()), None);
    assert!(waiting(fourth) >= Some(1));
    no_literal(&look, &["a-secret"]);
    root.query_drop("ROLLBACK").await.unwrap();
    for running in [waits_for_one, waits_for_two, waits_for_three] {
        let mut done = running.await.unwrap().unwrap();
        done.query_drop("ROLLBACK").await.unwrap();
    }
    assert_eq!(crate::scene::look(&server, BRIEFLY).await.waits, []);
}

#[tokio::test]
async fn an_alter_waits_for_whoever_read_the_table_and_everybody_behind_it_for_the_alter() {
    let server = shop(&[]).await;
    let read = "SELECT * FROM shop.orders WHERE id = 1";
    let mut idle = after(&server, &["START TRANSACTION", read]).await;
    let beside_it = after(&server, &["START TRANSACTION", "SELECT 1"]).await;
    let alter = client(&server).await;
    let alter_id = alter.id();
    let alter = beside(
        alter,
        "ALTER TABLE shop.orders ADD COLUMN note VARCHAR(20) DEFAULT 'a-secret'",
    );
    until(&server, "it waits", |look| look.waits.len() == 1).await;
    let late = client(&server).await;
    let late_id = late.id();
    let late = beside(late, "SELECT COUNT(*) FROM shop.orders");
    let look = until(&server, "both wait", |look| look.waits.len() == 2).await;
    assert_eq!(
        waits(&look),
        [
            (alter_id, idle.id(), "shop.orders", "EXCLUSIVE"),
            (late_id, alter_id, "shop.orders", "SHARED_READ"),
        ]
    );
    assert!(
        look.waits
            .iter()
            .all(|wait| wait.metadata && wait.seconds < Some(20))
    );
    let state = of(&look, alter_id).state.as_deref();
    assert_eq!(state, Some("Waiting for table metadata lock"));
    no_literal(&look, &["a-secret"]);
    idle.query_drop("COMMIT").await.unwrap();
    alter.await.unwrap().unwrap();
    late.await.unwrap().unwrap();
    drop(beside_it);
}

/// Its name may be anything that the client thought of.
#[tokio::test]
async fn a_wait_for_get_lock_is_seen_without_the_name_of_the_lock() {
    let server = shop(&[]).await;
    let has = after(
        &server,
        &["SELECT GET_LOCK('customer-4711', 0), GET_LOCK('other', 0)"],
    )
    .await;
    let wants = client(&server).await;
    let id = wants.id();
    let _running = beside(wants, "SELECT GET_LOCK('customer-4711', 60)");
    let look = until(&server, "it waits", |look| !look.waits.is_empty()).await;
    let wait = (id, has.id(), "user level lock", "EXCLUSIVE");
    assert_eq!(waits(&look), [wait]);
    no_literal(&look, &["customer", "4711"]);
}

#[tokio::test]
async fn a_global_read_lock_is_in_the_way_of_every_write() {
    let server = shop(&[]).await;
    server.root("GRANT RELOAD ON *.* TO app@'%'").await;
    let locks = after(&server, &["FLUSH TABLES WITH READ LOCK"]).await;
    let writes = client(&server).await;
    let id = writes.id();
    let _running = beside(writes, "UPDATE shop.orders SET n = 1");
    let look = until(&server, "it waits", |look| !look.waits.is_empty()).await;
    let wait = (id, locks.id(), "global", "INTENTION_EXCLUSIVE");
    assert_eq!(waits(&look), [wait]);
}

#[tokio::test]
async fn a_prepared_transaction_that_nobody_has_is_a_holder_without_a_thread() {
    let server = shop(&[]).await;
    let prepare = [
        "XA START 'a'",
        "UPDATE shop.orders SET n = 1 WHERE id = 4",
        "XA END 'a'",
        "XA PREPARE 'a'",
    ];
    let prepared = after(&server, &prepare).await;
    prepared.disconnect().await.unwrap();
    let wants = client(&server).await;
    let id = wants.id();
    let _running = beside(wants, "UPDATE shop.orders SET n = 2 WHERE id = 4");
    let look = until(&server, "it waits", |look| !look.waits.is_empty()).await;
    assert_eq!(waits(&look), [(id, 0, ORDERS, ROW)]);
    assert_eq!(look.waits[0].holder, 0);
}
