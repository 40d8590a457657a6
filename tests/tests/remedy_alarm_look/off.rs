//! A server whose `performance_schema` is off.

use remedy_alarm::database::{Server, look::Gap};

use crate::scene::{ALL, after, beside, client, no_literal, of, open, shop};

#[tokio::test]
async fn without_performance_schema_there_are_sessions_and_transactions_and_gaps() {
    let server = shop(&["--performance-schema=OFF"]).await;
    let change = "UPDATE shop.orders SET n = 1 WHERE id = 1";
    let idle = after(&server, &["USE shop", "START TRANSACTION", change]).await;
    let running = client(&server).await;
    let id = running.id();
    let _running = beside(
        running,
        "UPDATE shop.orders SET n = 2, name = 'a-secret' WHERE id = 1",
    );
    let mut reader = open(&server, "look").await;
    let look = loop {
        let look = reader.look(ALL).await.unwrap();
        let mut sessions = look.sessions.iter();
        let waiting =
            |it: &'_ remedy_alarm::database::look::Session| it.transaction.as_ref()?.waiting;
        // Whole seconds, of which the server may not have been up for one.
        if look.up > 0 && sessions.any(|it| waiting(it).is_some()) {
            break look;
        }
    };
    assert!(!look.instrumented);
    let session = of(&look, idle.id());
    assert_eq!(session.user.as_deref(), Some("app"));
    assert_eq!(session.host.as_deref(), Some("127.0.0.1"));
    assert_eq!(session.schema.as_deref(), Some("shop"));
    assert!(
        session.sleeps() && session.thread == session.id,
        "{session:?}"
    );
    assert_eq!(session.transaction.as_ref().unwrap().modified, 1);
    assert_eq!(of(&look, id).command, "Query");
    assert_eq!(of(&look, id).state.as_deref(), Some("updating"));
    assert!(look.sessions.iter().all(|it| it.statement.is_none()));
    assert!(
        look.sessions
            .iter()
            .all(|it| it.user.as_deref() != Some("look"))
    );
    assert_eq!(
        (look.waits.len(), look.statements.len(), look.memory.len()),
        (0, 0, 0)
    );
    assert!(look.tables.iter().any(|(table, _)| table == "shop.orders"));
    assert!(look.history.is_some() && look.up > 0);
    let gap = Gap {
        of: "statements and lock waits",
        why: "performance_schema is off".to_owned(),
    };
    assert_eq!(look.gaps, [gap]);
    no_literal(&look, &["a-secret"]);
    let again = reader.session(idle.id().into()).await.unwrap().unwrap();
    assert_eq!(again.transaction.map(|it| it.modified), Some(1));
}
