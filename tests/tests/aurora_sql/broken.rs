//! A connection that breaks at any moment.

use aurora_sql::{Endpoint, Session, SqlError, Statement};
use nightshift_tests::mysql::{Cut, Relay};
use secrets::Secret;

use crate::server::{PASSWORD, in_seconds, options, shared, user};

#[tokio::test]
async fn after_a_statement_was_sent_it_may_have_taken_effect_and_may_not() {
    let server = shared().await;
    user(&server, "broken").await;
    server.root("CREATE TABLE broken.t (n INT)").await;
    let relay = Relay::start(server.address()).await;
    let (host, port) = ("localhost".to_owned(), relay.port());
    let (at, options) = (Endpoint { host, port }, options(&server));
    let password = Secret::new(PASSWORD);
    let open = || Session::open(&at, "broken", &password, None, &options, in_seconds(60));
    let insert = Statement::new("inserting", "INSERT INTO broken.t VALUES (1)");
    for (cut, rows) in [(Cut::BeforeForwarding, "0"), (Cut::AfterForwarding, "1")] {
        let mut session = open().await.unwrap();
        relay.cut_at(1, cut, None);
        let what = "inserting".to_owned();
        assert_eq!(session.execute(&insert).await, Err(SqlError::Lost { what }));
        assert_eq!(
            server.root("SELECT COUNT(*) FROM broken.t").await[0][0],
            rows
        );
        let again = session.execute(&insert).await.unwrap_err();
        assert!(!again.unsure(), "{again}");
    }
    relay.cut_at(1, Cut::AfterForwarding, None);
    let login = open().await.err();
    assert!(matches!(login, Some(SqlError::Unreachable { .. })));
}
