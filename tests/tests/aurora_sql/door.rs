//! Who is trusted, and what is said where the door stays shut.

use std::time::Duration;

use aurora_sql::{Account, Endpoint, Limits, Options, Session, SqlError, Tls};
use secrets::Secret;
use tokio::{net::TcpListener, time::Instant};

use crate::server::{PASSWORD, at, in_seconds, limited, one, open, options, shared, user};

const AMAZON_ROOTS: &str = include_str!("../../../shared/handler/data/amazon-roots.pem");

const NOT_SERVED: &str = "the login (by a plugin that is not served, or of a user that does not exist) was refused with error 2059 (HY000)";

async fn refusal(at: &Endpoint, user: &str, database: Option<&str>, tls: Tls) -> String {
    let options = Options {
        tls,
        limits: Limits::default(),
    };
    let password = Secret::new(PASSWORD);
    let opened = Session::open(at, user, &password, database, &options, in_seconds(60)).await;
    let error = opened.err().expect("the door is shut").to_string();
    error.replace(&at.to_string(), "HERE")
}

#[tokio::test]
async fn a_session_is_encrypted_and_knows_where_it_is_and_who_it_is() {
    let server = shared().await;
    user(&server, "door").await;
    let mut session = limited(&server, "door", Limits::default()).await;
    assert!(session.encrypted());
    let cipher = "SELECT variable_value FROM performance_schema.session_status WHERE variable_name = 'Ssl_cipher'";
    assert_ne!(one(&mut session, cipher).await, "");
    assert_eq!(
        one(&mut session, "SELECT CONNECTION_ID()").await,
        session.connection_id().to_string()
    );
    assert_eq!(one(&mut session, "SELECT DATABASE()").await, "door");
    assert_eq!(
        session.server_version().await.unwrap(),
        server.root("SELECT VERSION()").await[0][0]
    );
    let (user, host) = ("door".to_owned(), "%".to_owned());
    assert_eq!(session.account().await, Ok(Account { user, host }));
    assert_eq!(session.is_writer().await, Ok(true));
    session.close().await;
}

#[tokio::test]
async fn a_session_has_its_own_settings_whatever_the_servers_are() {
    let server = shared().await;
    user(&server, "settings").await;
    let limits = Limits {
        statement: Duration::from_millis(2500),
        lock_wait: Duration::from_secs(3),
        ..Limits::default()
    };
    let mut session = limited(&server, "settings", limits).await;
    let sql = "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, \
               @@time_zone, @@autocommit, @@max_execution_time, @@lock_wait_timeout, \
               @@innodb_lock_wait_timeout, @@wait_timeout)";
    assert_eq!(
        one(&mut session, sql).await,
        "utf8mb4 utf8mb4 +00:00 1 2500 3 3 60"
    );
    let mode = one(&mut session, "SELECT @@sql_mode").await;
    assert!(
        !mode.contains("ANSI_QUOTES") && !mode.contains("BACKSLASH"),
        "{mode}"
    );
}

#[tokio::test]
async fn a_server_whose_authority_is_not_trusted_gets_no_password() {
    let server = shared().await;
    let sentence = "no verified TLS to HERE (its certificate is not from a trusted authority)";
    for tls in [Tls::default(), Tls::Own(AMAZON_ROOTS.to_owned())] {
        assert_eq!(refusal(&at(&server), "root", None, tls).await, sentence);
    }
}

/// 0.0.0.0 is this machine as well, and not in the certificate.
#[tokio::test]
async fn a_server_with_the_certificate_of_another_gets_no_password() {
    let server = shared().await;
    let port = server.port();
    let host = "0.0.0.0".to_owned();
    let own = options(&server).tls;
    assert_eq!(
        refusal(&Endpoint { host, port }, "root", None, own).await,
        "no verified TLS to HERE (its certificate is for another name)"
    );
}

#[tokio::test]
async fn there_is_no_plain_text_unless_both_sides_want_it() {
    let server = shared().await;
    user(&server, "plain").await;
    assert_eq!(
        refusal(&at(&server), "plain", None, Tls::PlainText).await,
        "no verified TLS to HERE (the server takes no login without TLS)"
    );
    server
        .root("SET GLOBAL require_secure_transport = OFF")
        .await;
    let options = Options {
        tls: Tls::PlainText,
        limits: Limits::default(),
    };
    let (at, password) = (at(&server), Secret::new(PASSWORD));
    let opened = Session::open(&at, "plain", &password, None, &options, in_seconds(60)).await;
    let other = open(&server, "plain", PASSWORD).await;
    server
        .root("SET GLOBAL require_secure_transport = ON")
        .await;
    assert!(!opened.unwrap().encrypted());
    assert!(other.unwrap().encrypted());
}

#[tokio::test]
async fn a_shut_door_says_why() {
    let server = shared().await;
    user(&server, "shut").await;
    let sql = "CREATE USER shut_locked@'%' IDENTIFIED BY 'a-password' ACCOUNT LOCK; \
               CREATE USER shut_expired@'%' IDENTIFIED BY 'a-password' PASSWORD EXPIRE; \
               CREATE USER shut_other@'%' IDENTIFIED BY 'another'; \
               CREATE USER shut_plugin@'%' IDENTIFIED WITH sha256_password BY 'a-password'";
    server.root(sql).await;
    let here = at(&server);
    for (user, database, sentence) in [
        ("shut_other", None, "shut_other may not log in (1045)"),
        (
            "shut_locked",
            None,
            "shut_locked may not log in (3118; the account is locked)",
        ),
        (
            "shut_expired",
            None,
            "shut_expired may not log in (1862; the password has expired)",
        ),
        (
            "shut",
            Some("none"),
            "the login was refused with error 1049 (42000)",
        ),
        ("shut_plugin", None, NOT_SERVED),
    ] {
        let own = options(&server).tls;
        assert_eq!(refusal(&here, user, database, own).await, sentence);
    }
    // A server pretends that a user who does not exist has some plugin, drawn by lot.
    let own = options(&server).tls;
    let unknown = refusal(&here, "nobody", None, own).await;
    assert!(
        ["nobody may not log in (1045)", NOT_SERVED].contains(&unknown.as_str()),
        "{unknown}"
    );
}

#[tokio::test]
async fn where_nobody_answers_the_limit_for_connecting_ends_the_wait() {
    let _server = shared().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let host = "localhost".to_owned();
    let silent_at = Endpoint { host, port };
    let mut options = Options::default();
    options.limits.connect = Duration::from_millis(300);
    let started = Instant::now();
    let password = Secret::new(PASSWORD);
    let opened = Session::open(&silent_at, "u", &password, None, &options, in_seconds(60)).await;
    assert!(matches!(opened.err(), Some(SqlError::Unreachable { .. })));
    assert!(started.elapsed() < Duration::from_secs(2));

    drop(silent);
    assert_eq!(
        refusal(&silent_at, "u", None, Tls::Amazon).await,
        "HERE was not reached (connection refused)"
    );
    let host = "no-such-name.invalid".to_owned();
    assert_eq!(
        refusal(&Endpoint { host, port }, "u", None, Tls::Amazon).await,
        "HERE was not reached (the name is not resolved)"
    );
}
