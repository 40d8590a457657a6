//! Servers, users on them, and the function's own sessions there.

use std::time::Duration;

use aurora_sql::{Endpoint, Login, SqlError};
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Mysql;
use remedy_alarm::{
    database::{
        Access, Database, Server,
        look::{Look, Session, Wait, Wanted},
    },
    mysql::{Connected, Servers, grants},
};
use secrets::Secret;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

/// The password of every user here.
pub const PASSWORD: &str = "a-password";

/// Sessions and waits, and nothing else.
pub const BRIEFLY: Wanted = Wanted {
    statements: 0,
    memory: false,
    tables: false,
};

/// All there is to be told.
pub const ALL: Wanted = Wanted {
    statements: 5,
    memory: true,
    tables: true,
};

/// A server with a table `shop.orders` of four rows; users: `app`, the team's; `look` and `end`, with the
/// documented rights and no others.
pub async fn shop(options: &[&str]) -> Mysql {
    let server = Mysql::start_with(options).await;
    furnish(&server).await;
    server
}

pub async fn furnish(server: &Mysql) {
    let table = "CREATE SCHEMA shop; \
                 CREATE TABLE shop.orders (id INT PRIMARY KEY, n INT, name VARCHAR(40)); \
                 INSERT shop.orders VALUES (1, 0, 'a'), (2, 0, 'b'), (3, 0, 'c'), (4, 0, 'd')";
    server.root(table).await;
    user(server, "app", &["ALL ON shop.*", "XA_RECOVER_ADMIN ON *.*"]).await;
    user(server, "look", &grants::LOOK).await;
    user(
        server,
        "end",
        &[&grants::LOOK[..], &grants::END[..]].concat(),
    )
    .await;
}

/// Makes a user who may do this: `PROCESS ON *.*`.
pub async fn user(server: &Mysql, name: &str, grants: &[&str]) {
    let create = format!("CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}'");
    server.root(&create).await;
    for grant in grants {
        server.root(&format!("GRANT {grant} TO {name}@'%'")).await;
    }
}

pub fn access(server: &Mysql) -> Access {
    Access {
        ca: Some(server.ca().to_owned()),
        plain_text: false,
        connect: Duration::from_secs(20),
        query: Duration::from_secs(20),
        until: Instant::now() + Duration::from_mins(5),
    }
}

/// Logs in as the function does.
pub async fn open(server: &Mysql, user: &str) -> Connected {
    log_in(server, user).await.unwrap()
}

pub async fn log_in(server: &Mysql, user: &str) -> Result<Connected, SqlError> {
    through(server.port(), user, &access(server)).await
}

pub async fn through(port: u16, user: &str, access: &Access) -> Result<Connected, SqlError> {
    let host = "localhost".to_owned();
    let password = &Secret::new(PASSWORD);
    let login = Login { user, password };
    Servers.open(&Endpoint { host, port }, login, access).await
}

/// A look by the user `look`, which leaves no gap.
pub async fn look(server: &Mysql, wanted: Wanted) -> Look {
    let mut session = open(server, "look").await;
    let look = session.look(wanted).await.unwrap();
    session.close().await;
    assert_eq!(look.gaps, []);
    look
}

/// The first look of which this holds, within 20 s.
pub async fn until(server: &Mysql, what: &str, holds: impl Fn(&Look) -> bool) -> Look {
    let by = Instant::now() + Duration::from_secs(20);
    loop {
        let look = look(server, BRIEFLY).await;
        if holds(&look) {
            return look;
        }
        assert!(Instant::now() < by, "{what}: not within 20 s: {look:#?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Logs in as the team's application does.
pub async fn client(server: &Mysql) -> Conn {
    server.login("app", PASSWORD).await.unwrap()
}

/// A client that did this.
pub async fn after(server: &Mysql, sql: &[&str]) -> Conn {
    let mut client = client(server).await;
    for sql in sql {
        client.query_drop(*sql).await.unwrap();
    }
    client
}

/// Runs `sql` beside the test: what became of it.
pub fn beside(mut client: Conn, sql: &'static str) -> JoinHandle<Result<Conn, mysql_async::Error>> {
    tokio::spawn(async move {
        client.query_drop(sql).await?;
        Ok(client)
    })
}

/// The session of a connection.
pub fn of(look: &Look, id: u32) -> &Session {
    let mut sessions = look.sessions.iter();
    let found = sessions.find(|session| session.id == u64::from(id));
    found.unwrap_or_else(|| panic!("no session {id}: {look:#?}"))
}

/// Who waits for whom, as connections, with the object and the mode.
pub fn waits(look: &Look) -> Vec<(u32, u32, &str, &str)> {
    let id = |thread| {
        let mut sessions = look.sessions.iter();
        let found = sessions.find(|session| session.thread == thread);
        found.map_or(0, |session| u32::try_from(session.id).unwrap())
    };
    let wait = |wait: &'_ Wait| (id(wait.waiter), id(wait.holder));
    let waits = look.waits.iter();
    let mut waits: Vec<_> = waits
        .map(|at| (wait(at).0, wait(at).1, at.object.as_str(), at.mode.as_str()))
        .collect();
    waits.sort_unstable();
    waits
}

/// That no literal is anywhere in what was seen.
pub fn no_literal(look: &Look, literals: &[&str]) {
    let said = format!("{look:?}");
    for literal in literals {
        assert!(!said.contains(literal), "{literal}: {look:#?}");
    }
}
