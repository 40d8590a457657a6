//! A server whose connections run out.

use mysql_async::Conn;
use remedy_alarm::database::Server;

use crate::scene::{BRIEFLY, PASSWORD, after, client, log_in, look, open, shop};

#[tokio::test]
async fn a_crowd_is_counted_and_a_server_that_is_full_says_so() {
    let server = shop(&["--max-connections=20"]).await;
    let mut crowd: Vec<Conn> = Vec::new();
    for _ in 0..18 {
        crowd.push(client(&server).await);
    }
    let seen = look(&server, BRIEFLY).await;
    assert_eq!(seen.max_connections, 20);
    let app = |user: &Option<String>| user.as_deref() == Some("app");
    let idle = seen
        .sessions
        .iter()
        .filter(|it| app(&it.user) && it.sleeps());
    assert_eq!(idle.count(), 18);
    for _ in 18..20 {
        crowd.push(after(&server, &[]).await);
    }
    assert!(server.login("app", PASSWORD).await.is_err());
    let full = log_in(&server, "look").await.err().unwrap().to_string();
    let sentence = format!(
        "localhost:{} was not reached (it has no connection left)",
        server.port()
    );
    assert_eq!(full, sentence);
    // The one that may end sessions gets the connection that is kept for such.
    let mut last = open(&server, "end").await;
    assert_eq!(last.look(BRIEFLY).await.unwrap().gaps, []);
}
