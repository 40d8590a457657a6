//! A server that the tests of this binary share, and sessions on it.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use aurora_sql::{Endpoint, Limits, Options, Session, SqlError, Statement, Tls};
use nightshift_tests::mysql::Mysql;
use secrets::Secret;
use tokio::{sync::Mutex, time::Instant};

/// The password of every user that a test makes for itself.
pub const PASSWORD: &str = "a-password";

/// One server for the tests that run at the same time; it is gone with the last of them. What its
/// administrator has set would change the meaning of literals.
pub async fn shared() -> Arc<Mysql> {
    static SHARED: Mutex<Weak<Mysql>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(Mysql::start().await);
    let settings = "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', \
                    GLOBAL init_connect = 'SET NAMES gbk'";
    server.root(settings).await;
    *shared = Arc::downgrade(&server);
    server
}

/// Makes `user` with [`PASSWORD`] and every right but those over other accounts' sessions.
pub async fn user(server: &Mysql, user: &str) {
    let sql = format!(
        "CREATE USER {user}@'%' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO {user}@'%'; \
         REVOKE SUPER, CONNECTION_ADMIN ON *.* FROM {user}@'%'; CREATE SCHEMA {user}"
    );
    server.root(&sql).await;
}

pub fn at(server: &Mysql) -> Endpoint {
    Endpoint {
        host: "localhost".to_owned(),
        port: server.port(),
    }
}

/// Trusting the server's authority.
pub fn options(server: &Mysql) -> Options {
    Options {
        tls: Tls::Own(server.ca().to_owned()),
        limits: Limits::default(),
    }
}

pub fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

pub async fn open(server: &Mysql, user: &str, password: &str) -> Result<Session, SqlError> {
    let (at, options) = (at(server), options(server));
    Session::open(
        &at,
        user,
        &Secret::new(password),
        None,
        &options,
        in_seconds(60),
    )
    .await
}

/// A session of a user that [`user`] made, with `limits`.
pub async fn limited(server: &Mysql, user: &str, limits: Limits) -> Session {
    let tls = Tls::Own(server.ca().to_owned());
    let options = Options { tls, limits };
    let (at, password) = (at(server), Secret::new(PASSWORD));
    let opened = Session::open(&at, user, &password, Some(user), &options, in_seconds(60));
    opened.await.unwrap()
}

/// The first column of the only row.
pub async fn one(session: &mut Session, sql: &'static str) -> String {
    let statement = Statement::new("a test's question", sql);
    let rows = session.query(&statement).await;
    rows.unwrap()[0].required_text(0).unwrap()
}
