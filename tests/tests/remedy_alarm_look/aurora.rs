//! A server that is told to be Aurora: a relay in plain text writes other names of the same length into the
//! questions, of a variable that there is, and of a schema that may be made. The procedures that end
//! sessions are made as AWS documents them.

use std::net::SocketAddr;

use aurora_sql::SqlError;
use mysql_async::{Error, prelude::Queryable};
use nightshift_tests::mysql::Mysql;
use remedy_alarm::{
    database::{Access, Ending, Server},
    mysql::{Connected, grants},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
};

use crate::scene::{BRIEFLY, access, after, beside, of, shop, through, until, user};

/// What is asked for, and what instead.
const NAMES: [(&[u8], &[u8]); 2] = [
    (b"'aurora_version'", b"'server_id_bits'"),
    (
        b"information_schema.replica_host_status",
        b"stand_in_of_aurora.replica_host_status",
    ),
];

const STAND_INS: [&str; 5] = [
    "CREATE SCHEMA stand_in_of_aurora",
    "CREATE TABLE stand_in_of_aurora.replica_host_status (server_id VARCHAR(100), \
     session_id VARCHAR(100), replica_lag_in_milliseconds DOUBLE, \
     last_update_timestamp DATETIME(6))",
    "INSERT stand_in_of_aurora.replica_host_status VALUES \
     ('writer', 'MASTER_SESSION_ID', 0, NOW(6)), ('reader-a', 'a', 1800.5, NOW(6)), \
     ('gone', 'b', 9000, NOW(6) - INTERVAL 1 HOUR)",
    "CREATE PROCEDURE mysql.rds_kill(IN thread BIGINT) KILL thread",
    "CREATE PROCEDURE mysql.rds_kill_query(IN thread BIGINT) KILL QUERY thread",
];

/// A server, and where it is reached as Aurora.
async fn aurora() -> (Mysql, u16) {
    let server = shop(&["--require-secure-transport=OFF"]).await;
    for sql in STAND_INS {
        server.root(sql).await;
    }
    let looking = ["SELECT ON stand_in_of_aurora.*"];
    let looking = [&grants::LOOK[..], &looking[..]].concat();
    user(&server, "reader", &looking).await;
    user(
        &server,
        "ender",
        &[&looking[..], &grants::END_ON_AURORA[..]].concat(),
    )
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(relay(listener, server.address()));
    (server, port)
}

async fn relay(listener: TcpListener, to: SocketAddr) {
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(to).await.unwrap();
        let (from_client, mut to_client) = client.into_split();
        let (mut from_server, to_server) = server.into_split();
        tokio::spawn(rewritten(from_client, to_server));
        tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
    }
}

/// Passes on packet by packet: three bytes of length, one of sequence, and the rest.
async fn rewritten(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut head = [0; 4];
    while from.read_exact(&mut head).await.is_ok() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], 0]);
        let mut body = vec![0; length.try_into().unwrap()];
        if from.read_exact(&mut body).await.is_err() {
            return;
        }
        for (name, other) in NAMES {
            let found = body.windows(name.len()).position(|at| at == name);
            if let Some(at) = found {
                body[at..at + other.len()].copy_from_slice(other);
            }
        }
        let packet = [&head[..], &body].concat();
        if to.write_all(&packet).await.is_err() {
            return;
        }
    }
}

async fn open(server: &Mysql, port: u16, user: &str) -> Connected {
    let access = Access {
        ca: None,
        plain_text: true,
        ..access(server)
    };
    through(port, user, &access).await.unwrap()
}

#[tokio::test]
async fn on_aurora_the_readers_tell_their_lag() {
    let (server, port) = aurora().await;
    let look = open(&server, port, "reader")
        .await
        .look(BRIEFLY)
        .await
        .unwrap();
    assert!(look.aurora);
    assert_eq!(look.reader_lags, [("reader-a".to_owned(), 1_800.5)]);
    assert_eq!(look.gaps, []);
}

#[tokio::test]
async fn on_aurora_sessions_are_ended_by_its_procedures() {
    let (server, port) = aurora().await;
    let victim = after(&server, &["START TRANSACTION", "DO 1"]).await;
    let id = victim.id();
    let running = beside(
        victim,
        "SELECT COUNT(*) FROM shop.orders a WHERE SLEEP(30) = 0",
    );
    until(&server, "it runs", |look| of(look, id).running().is_some()).await;

    let mut reader = open(&server, port, "reader").await;
    for (ending, procedure) in [
        (Ending::Connection, "rds_kill"),
        (Ending::Statement, "rds_kill_query"),
    ] {
        let missing = SqlError::MissingRight {
            right: format!("EXECUTE ON PROCEDURE mysql.{procedure}"),
            code: 1370,
        };
        assert_eq!(reader.end(id.into(), ending).await, Err(missing));
    }
    assert!(!running.is_finished());

    let mut ender = open(&server, port, "ender").await;
    assert_eq!(ender.end(id.into(), Ending::Statement).await, Ok(true));
    let Err(Error::Server(error)) = running.await.unwrap() else {
        panic!("it was not ended");
    };
    assert_eq!(error.code, 1317);

    let mut second = after(&server, &["DO 1"]).await;
    let id = second.id();
    assert_eq!(ender.end(id.into(), Ending::Connection).await, Ok(true));
    until(&server, "it is gone", |look| {
        look.sessions.iter().all(|it| it.id != u64::from(id))
    })
    .await;
    assert!(second.query_drop("DO 1").await.is_err());
    for ending in [Ending::Connection, Ending::Statement] {
        assert_eq!(ender.end(id.into(), ending).await, Ok(false));
    }
}
