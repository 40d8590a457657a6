//! The MySQL servers are what a cluster's are to a client, and the relay in
//! front of them counts and cuts exactly.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder};
use nightshift_tests::lambda::{Lambda, Settings};
use nightshift_tests::mysql::{Cut, Mysql, Pair, Relay};
use nightshift_tests::process::{Group, Process};
use nightshift_tests::repo;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

const LIMIT: Duration = Duration::from_secs(20);

/// The server's error number.
fn refusal<T>(result: Result<T, Error>) -> u16 {
    match result {
        Err(Error::Server(e)) => e.code,
        Err(e) => panic!("not the server's: {e}"),
        Ok(_) => panic!("not refused"),
    }
}

/// A user who may do everything, on a server of its own, behind a relay.
async fn relayed() -> (Mysql, Relay) {
    relayed_with(&[]).await
}

async fn relayed_with(options: &[&str]) -> (Mysql, Relay) {
    let mysql = Mysql::start_with(options).await;
    let sql = "CREATE USER app@'%' IDENTIFIED BY 'a'; GRANT ALL ON *.* TO app@'%'; \
               CREATE SCHEMA s; CREATE TABLE s.t (n INT)";
    mysql.root(sql).await;
    let relay = Relay::start(mysql.address()).await;
    (mysql, relay)
}

async fn login(mysql: &Mysql, relay: &Relay) -> Conn {
    let login = mysql.login_through(relay.port(), "app", "a").await;
    login.unwrap()
}

async fn rows(mysql: &Mysql) -> String {
    mysql.root("SELECT COUNT(*) FROM s.t").await[0][0].clone()
}

#[tokio::test]
async fn the_replica_repeats_the_writer_and_refuses_writes_of_its_own() {
    let start = Instant::now();
    let pair = Pair::start().await;
    let ready = start.elapsed();
    let version = &pair.writer.root("SELECT VERSION()").await[0][0];
    println!("MySQL {version}: a pair is ready after {ready:?}");

    let sql = "CREATE SCHEMA shop; CREATE TABLE shop.t (n INT PRIMARY KEY); INSERT shop.t VALUES (7); \
               CREATE USER app@'%' IDENTIFIED BY 'first'; GRANT ALL ON *.* TO app@'%'; REVOKE CONNECTION_ADMIN ON *.* FROM app@'%'";
    pair.writer.root(sql).await;
    pair.caught_up().await;
    assert_eq!(pair.replica.root("SELECT n FROM shop.t").await, [["7"]]);
    let mut session = pair.replica.login("app", "first").await.unwrap();
    let write = session.query_drop("INSERT shop.t VALUES (8)").await;
    assert_eq!(refusal(write), 1290);
    assert_eq!(
        refusal(pair.replica.login("app", "second").await.map(drop)),
        1045
    );
    let ids = |row: Vec<Vec<String>>| row[0][0].clone();
    let uuid = "SELECT @@server_uuid";
    assert_ne!(
        ids(pair.writer.root(uuid).await),
        ids(pair.replica.root(uuid).await)
    );
}

#[tokio::test]
async fn a_server_talks_tls_only_and_its_certificate_is_good_for_both_names() {
    let mysql = Mysql::start().await;
    mysql.root("CREATE USER app@'%' IDENTIFIED BY 'a'").await;
    let to = |host: &str| {
        OptsBuilder::default()
            .ip_or_hostname(host)
            .tcp_port(mysql.port())
            .user(Some("app"))
            .pass(Some("a"))
            .prefer_socket(false)
    };
    let plain = Conn::new(to("127.0.0.1")).await;
    assert_eq!(refusal(plain.map(drop)), 3159);
    for host in ["127.0.0.1", "localhost"] {
        let ca = mysql.ca().as_bytes().to_vec();
        let tls = mysql_async::SslOpts::default()
            .with_root_certs(vec![ca.into()])
            .with_disable_built_in_roots(true);
        let mut session = Conn::new(to(host).ssl_opts(tls)).await.unwrap();
        let cipher: Option<(String, String)> = session
            .query_first("SHOW STATUS LIKE 'Ssl_cipher'")
            .await
            .unwrap();
        assert_ne!(cipher.unwrap().1, "");
    }
    let strangers = mysql_async::SslOpts::default();
    let unknown = Conn::new(to("localhost").ssl_opts(strangers)).await;
    assert!(unknown.is_err_and(|e| e.to_string().contains("certificate")));
}

#[tokio::test]
async fn a_crash_and_a_failover_keep_data_and_roles() {
    let pair = Pair::start().await;
    pair.writer
        .root("CREATE SCHEMA s; CREATE TABLE s.t (n INT PRIMARY KEY)")
        .await;
    pair.writer.kill().await;
    assert!(pair.writer.login("root", "").await.is_err());
    pair.writer.restart().await;
    pair.writer.root("INSERT s.t VALUES (1)").await;
    pair.caught_up().await;

    pair.writer.stop().await;
    pair.replica.promote().await;
    pair.replica.root("INSERT s.t VALUES (2)").await;
    pair.replica.restart().await;
    pair.replica.root("INSERT s.t VALUES (3)").await;

    pair.writer.restart().await;
    pair.writer.follow(&pair.replica).await;
    let swapped = Pair {
        writer: pair.replica,
        replica: pair.writer,
    };
    swapped.caught_up().await;
    let all = swapped.replica.root("SELECT n FROM s.t ORDER BY n").await;
    assert_eq!(all, [["1"], ["2"], ["3"]]);
    let read_only = swapped.replica.root("SELECT @@super_read_only").await;
    assert_eq!(read_only, [["1"]]);
}

#[tokio::test]
async fn two_pairs_live_side_by_side_and_nothing_of_them_stays() {
    let (one, two) = tokio::join!(Pair::start(), Pair::start());
    for (pair, name) in [(&one, "one"), (&two, "two")] {
        pair.writer.root(&format!("CREATE SCHEMA {name}")).await;
        pair.caught_up().await;
    }
    let schemas = "SHOW SCHEMAS WHERE `Database` IN ('one', 'two')";
    assert_eq!(one.replica.root(schemas).await, [["one"]]);
    assert_eq!(two.replica.root(schemas).await, [["two"]]);

    let directories: Vec<PathBuf> = [&one, &two]
        .iter()
        .flat_map(|pair| [&pair.writer, &pair.replica])
        .map(|mysql| mysql.directory().to_owned())
        .collect();
    for directory in &directories {
        assert!(directory.exists());
        assert_eq!(processes(directory).len(), 2, "mysqld and its guard");
    }
    drop((one, two));
    for directory in &directories {
        assert!(!directory.exists());
        assert_eq!(processes(directory), [""; 0]);
    }
}

#[tokio::test]
async fn a_test_that_is_killed_takes_its_server_along() {
    let name = format!("mysql-orphan-{}", std::process::id());
    let directory = repo::root().join(".local/run").join(name);
    // The shell is the parent, as the test is of the others.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "\"$0\" \"$1\" \"$2\" --server-id 1 & wait"])
        .arg(repo::python())
        .arg(repo::root().join("tests/mysql/server.py"))
        .arg(&directory);
    let parent = Process::start("orphan", shell, Group::Own);
    parent.listening(Duration::from_mins(2)).await;
    assert!(directory.exists());

    parent.handle().kill().await;

    let start = Instant::now();
    while directory.exists() || !processes(&directory).is_empty() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "it is still there"
        );
        sleep(Duration::from_millis(20)).await;
    }
}

/// The command lines of the processes that name this data directory.
fn processes(directory: &Path) -> Vec<String> {
    let directory = directory.to_str().unwrap();
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    entries
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(directory))
        .collect()
}

#[tokio::test]
async fn each_statement_is_one_message_whatever_the_version_of_tls() {
    for version in ["TLSv1.3", "TLSv1.2"] {
        let (mysql, relay) = relayed_with(&[&format!("--tls-version={version}")]).await;
        let mut session = login(&mysql, &relay).await;
        let tls = session.query_first("SHOW STATUS LIKE 'Ssl_version'").await;
        let (_, tls): (String, String) = tls.unwrap().unwrap();
        assert_eq!(tls, version);
        let before = relay.count();
        for _ in 0..5 {
            session.query_drop("INSERT s.t VALUES (1)").await.unwrap();
        }
        assert_eq!(relay.count(), before + 5, "{version}");
        // Its farewell is one; TLS's own is none.
        session.disconnect().await.unwrap();
        relay.all_closed().await;
        assert_eq!(relay.count(), before + 6, "{version}");
        login(&mysql, &relay).await;
        assert_eq!(relay.connections().len(), 2);
        assert_eq!(relay.connections()[0], before + 6);
    }
}

#[tokio::test]
async fn a_cut_before_leaves_nothing_done_and_a_cut_after_leaves_it_done() {
    let (mysql, relay) = relayed().await;
    for (cut, done) in [(Cut::BeforeForwarding, "2"), (Cut::AfterForwarding, "5")] {
        let mut session = login(&mysql, &relay).await;
        relay.cut_at(3, cut, None);
        for n in 1..=3 {
            assert!(!relay.has_cut());
            // Slow enough that an answer which is not waited for would be missed.
            let insert = session.query_drop("INSERT s.t SELECT SLEEP(0.2)").await;
            assert_eq!(insert.is_ok(), n < 3, "{cut:?}, statement {n}");
        }
        assert!(relay.has_cut());
        assert_eq!(rows(&mysql).await, done, "{cut:?}");
    }
    let mut session = login(&mysql, &relay).await;
    session.query_drop("INSERT s.t VALUES (1)").await.unwrap();
    assert_eq!(rows(&mysql).await, "6", "a cut befalls one message only");
}

#[tokio::test]
async fn every_message_of_a_run_can_be_cut_and_then_none_is_left() {
    let (mysql, relay) = relayed().await;
    let run = async || {
        let mut session = mysql.login_through(relay.port(), "app", "a").await?;
        for _ in 0..2 {
            session.query_drop("INSERT s.t VALUES (1)").await?;
        }
        session.disconnect().await
    };
    // The first login is longer: the server asks for the password itself.
    login(&mysql, &relay).await.disconnect().await.unwrap();
    relay.all_closed().await;
    let start = relay.count();
    run().await.unwrap();
    relay.all_closed().await;
    let messages = relay.count() - start;
    assert!(messages >= 4, "a login, two statements and a farewell");
    for n in 1..=messages {
        relay.cut_at(n, Cut::AfterForwarding, None);
        let result = run().await;
        relay.all_closed().await;
        assert!(relay.has_cut(), "message {n}");
        // Nobody waits for an answer to the farewell.
        assert_eq!(result.is_err(), n < messages, "message {n}");
    }
    relay.cut_at(messages + 1, Cut::AfterForwarding, None);
    run().await.unwrap();
    assert!(!relay.has_cut());
}

#[tokio::test]
async fn plain_text_is_counted_by_packets() {
    let (mysql, relay) = relayed().await;
    mysql
        .root("SET GLOBAL require_secure_transport = OFF")
        .await;
    // Over TLS once, so that the server remembers the password and asks for no key.
    login(&mysql, &relay).await.disconnect().await.unwrap();
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(relay.port())
        .user(Some("app"))
        .pass(Some("a"))
        .prefer_socket(false);
    let mut session = Conn::new(options).await.unwrap();
    let before = relay.count();
    for _ in 0..3 {
        session.query_drop("INSERT s.t VALUES (1)").await.unwrap();
    }
    assert_eq!(relay.count(), before + 3);
    relay.cut_at(1, Cut::AfterForwarding, None);
    let cut = session.query_drop("INSERT s.t VALUES (1)").await;
    assert!(cut.is_err());
    assert_eq!(rows(&mysql).await, "4");
}

#[tokio::test]
async fn a_delay_holds_up_each_message() {
    let (mysql, relay) = relayed().await;
    let mut session = login(&mysql, &relay).await;
    relay.delay(Duration::from_millis(150));
    let start = Instant::now();
    for _ in 0..2 {
        session.query_drop("DO 1").await.unwrap();
    }
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(300), "{took:?}");
}

#[tokio::test]
async fn a_server_that_is_down_closes_the_connection() {
    let (mysql, relay) = relayed().await;
    mysql.stop().await;
    let address = format!("127.0.0.1:{}", relay.port());
    let mut connection = TcpStream::connect(address).await.unwrap();
    let _ = connection.write_all(b"anybody there?").await;
    let read = connection.read(&mut [0; 1]).await;
    assert!(matches!(read, Ok(0) | Err(_)));
    mysql.restart().await;
    login(&mysql, &relay).await;
}

#[tokio::test]
async fn a_function_dies_before_it_sees_its_connection_cut() {
    let (mysql, relay) = relayed().await;
    let binary = Path::new(env!("CARGO_BIN_EXE_empty-handler")).to_owned();
    let lambda = Lambda::start_binary("empty", binary, Settings::new()).await;
    for cut in [Cut::BeforeForwarding, Cut::AfterForwarding] {
        assert!(lambda.invoke(&json!({}), LIMIT).await.result.is_ok());
        let mut session = login(&mysql, &relay).await;
        relay.cut_at(1, cut, Some(lambda.killer()));
        let insert = session.query_drop("INSERT s.t VALUES (1)").await;
        assert!(insert.is_err());
        let next = lambda.invoke(&json!({}), LIMIT).await;
        assert!(next.cold, "{cut:?}: it was not killed");
    }
    assert_eq!(rows(&mysql).await, "1");
}
