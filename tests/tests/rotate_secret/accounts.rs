//! What the function reads of accounts and changes in them, on a real server.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests stand outside the functions: they make their clock"
)]

mod definitions;
mod passwords;

use std::time::Duration;

use aurora_sql::{Account, SqlError};
use nightshift_tests::mysql::Mysql;
use rotate_secret::{
    database::{Access, Database, Login, Session},
    mysql::Servers,
};
use secrets::Secret;
use tokio::time::Instant;

/// The password of `admin`.
const ADMIN: &str = "administrator's";

/// A server with a superuser `admin` and a schema `shop`.
async fn server() -> Mysql {
    let server = Mysql::start().await;
    run(
        &server,
        &[
            "SET GLOBAL partial_revokes = ON",
            "CREATE USER admin@'%' IDENTIFIED BY 'administrator''s'",
            "GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION",
            "GRANT PROXY ON ''@'' TO admin@'%' WITH GRANT OPTION",
            "CREATE DATABASE shop",
            "CREATE TABLE shop.orders (id INT, name TEXT, `we``ird, (c` INT)",
            "CREATE PROCEDURE shop.p() SELECT 1",
            "CREATE FUNCTION shop.f() RETURNS INT DETERMINISTIC RETURN 1",
            r#"CREATE DATABASE `a``b "d' TO x`"#,
            r#"CREATE TABLE `a``b "d' TO x`.`ON *.*` (id INT)"#,
            "CREATE ROLE reader, `wri``ter`@`10.%`",
        ],
    )
    .await;
    server
}

/// Runs each statement as `root`.
async fn run(server: &Mysql, statements: &[&str]) {
    for statement in statements {
        server.root(statement).await;
    }
}

/// Logs in as this function does.
async fn open(
    server: &Mysql,
    user: &str,
    password: &str,
) -> Result<<Servers as Database>::Session, SqlError> {
    let to = rotate_secret::database::Endpoint {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
    };
    let access = Access {
        ca: Some(server.ca().to_owned()),
        plain_text: false,
        connect: Duration::from_secs(20),
        statement: Duration::from_secs(20),
        lock_wait: Duration::from_secs(20),
        until: Instant::now() + Duration::from_mins(5),
    };
    let password = &Secret::new(password);
    Servers.open(&to, Login { user, password }, &access).await
}

async fn admin(server: &Mysql) -> impl Session {
    open(server, "admin", ADMIN).await.unwrap()
}

fn account(user: &str, host: &str) -> Account {
    Account {
        user: user.to_owned(),
        host: host.to_owned(),
    }
}
