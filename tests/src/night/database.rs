//! The tables behind one of the clusters, as an administrator makes them and looks at them: with SQL,
//! and without a word of the functions.

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::event;
use super::jobs::{AHEAD, DAYS, cutoff};
use super::servers::Servers;
use super::tonight::Tonight;
use super::trouble;
use crate::mysql::Mysql;
use crate::repo;

/// The user that the jobs run as.
pub const USER: &str = "jobs";
/// Its password.
pub const PASSWORD: &str = "known-to-run-job-alone";
/// How many rows `access_logs` has.
pub const ROWS: i64 = 150_000;
/// How many of them are old: three of five.
pub const OLD: i64 = ROWS / 5 * 3;
/// How much later each is than the one before, in milliseconds.
const BETWEEN_MS: i64 = 86_400_000 * DAYS / (ROWS - OLD);
/// How many days of `events` are past their age.
const PAST: i64 = 3;
/// How many rows it has of each day.
const A_DAY: i64 = 40;

/// What is looked at, and the rows that were found.
pub type Look = BTreeMap<&'static str, Vec<Vec<String>>>;

/// Makes the tables, the EVENT, the ledger and the users of the functions, on the writer.
pub async fn fill(servers: &Servers, tonight: &Tonight) {
    let [writer, _] = servers.both();
    writer.root(&ledger()).await;
    let tables = [
        logs(tonight),
        events(tonight),
        event::made(tonight),
        user(),
        trouble::made(),
    ];
    let rights = event::rights(writer, USER).await;
    for sql in tables.concat().iter().chain(&rights) {
        writer.root(sql).await;
    }
}

/// The ledger, as its file has it for administrators.
fn ledger() -> String {
    let path = repo::root().join("infra/ledger.sql");
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Rows at equal distances, one of them exactly as old as may be.
fn logs(tonight: &Tonight) -> Vec<String> {
    let create = "CREATE DATABASE shop; CREATE TABLE shop.access_logs (\
         id BIGINT UNSIGNED NOT NULL PRIMARY KEY, created_at DATETIME(3) NOT NULL, \
         user_id INT UNSIGNED NOT NULL, path VARCHAR(80) NOT NULL, KEY by_age (created_at))";
    let cutoff = datetime(cutoff(tonight));
    let thousands = (ROWS / 1_000).to_string();
    let insert = format!(
        "INSERT INTO shop.access_logs \
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999), \
         numbered (k) AS (SELECT a.i * 1000 + b.i FROM n a JOIN n b WHERE a.i < {thousands}) \
         SELECT k, TIMESTAMPADD(MICROSECOND, (k - {OLD}) * {BETWEEN_MS} * 1000, '{cutoff}'), \
         CRC32(k), CONCAT('/orders/', SHA2(k, 224)) FROM numbered"
    );
    vec![create.to_owned(), insert]
}

/// A partition for each day, the last one for today: nobody has looked after it for a while.
fn events(tonight: &Tonight) -> Vec<String> {
    let days = || (0..=DAYS + PAST).rev().map(|ago| tonight.ago(ago));
    let partitions: Vec<String> = days().map(partition).collect();
    let rows: Vec<String> = days()
        .flat_map(|day| (0..A_DAY).map(move |row| format!("('{day}', 'event {row} of {day}')")))
        .collect();
    let create = format!(
        "CREATE TABLE shop.events (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, day DATE NOT NULL, \
         what VARCHAR(60) NOT NULL, PRIMARY KEY (id, day)) \
         PARTITION BY RANGE COLUMNS (day) ({})",
        partitions.join(", ")
    );
    let insert = format!(
        "INSERT INTO shop.events (day, what) VALUES {}",
        rows.join(", ")
    );
    vec![create, insert, "CREATE DATABASE archive".to_owned()]
}

fn partition(day: Date) -> String {
    let (name, next) = (day.strftime("p%Y%m%d"), day.saturating_add(1.day()));
    format!("PARTITION {name} VALUES LESS THAN ('{next}')")
}

/// No more rights than the ledger's file and README name.
fn user() -> Vec<String> {
    let grants = [
        "SELECT, INSERT, UPDATE ON nightshift.*",
        "SELECT, DELETE ON shop.access_logs",
        "SELECT, ALTER, DROP, CREATE, INSERT ON shop.events",
        "LOCK TABLES ON shop.*",
        "SELECT, ALTER, CREATE, DROP, INSERT ON archive.*",
        "PROCESS ON *.*",
        "SELECT ON performance_schema.*",
    ];
    let create = format!("CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'");
    let grant = |right: &str| format!("GRANT {right} TO {USER}@'%'");
    std::iter::once(create).chain(grants.map(grant)).collect()
}

/// All that the jobs could change, and what of it must be left.
pub async fn look(server: &Mysql, tonight: &Tonight) -> Look {
    let (cutoff, first) = (datetime(cutoff(tonight)), tonight.ago(DAYS));
    let logs = "SELECT COUNT(*), MIN(id), MAX(id), BIT_XOR(CRC32(CONCAT_WS('|', id, created_at, \
                user_id, path))) FROM shop.access_logs";
    let events = rows_of("shop.events");
    let questions = [
        ("rows", logs.to_owned()),
        (
            "rows to keep",
            format!("{logs} WHERE created_at >= '{cutoff}'"),
        ),
        (
            "definitions",
            "SHOW CREATE TABLE shop.access_logs".to_owned(),
        ),
        ("events", events.clone()),
        ("events to keep", format!("{events} WHERE day >= '{first}'")),
        ("events past", format!("{events} WHERE day < '{first}'")),
        ("partitions", PARTITIONS.to_owned()),
        ("archive", archive(server).await),
        ("sessions", event::counted("shop.sessions")),
        (
            "runs",
            "SELECT * FROM nightshift.job_run ORDER BY id".to_owned(),
        ),
        ("runs as told", RUNS.to_owned()),
        (
            "jobs",
            "SELECT * FROM nightshift.job ORDER BY name".to_owned(),
        ),
        ("proofs", PROOFS.to_owned()),
        (
            "log",
            "SELECT * FROM nightshift.event_execution_log ORDER BY id".to_owned(),
        ),
    ];
    let mut look = Look::new();
    for (what, sql) in questions {
        look.insert(what, server.root(&sql).await);
    }
    look
}

const PARTITIONS: &str = "SELECT partition_name, partition_description \
    FROM information_schema.partitions WHERE table_schema = 'shop' AND table_name = 'events' \
    ORDER BY partition_ordinal_position";

const RUNS: &str = "SELECT run.job, run.state, run.told, run.rows_gone, \
    log.event_name, log.status, log.rows_affected \
    FROM nightshift.job_run run JOIN nightshift.event_execution_log log ON log.run = run.id \
    ORDER BY run.id, log.id";

const PROOFS: &str = "SELECT name, paused, failures, IFNULL(paused_at, ''), IFNULL(paused_why, ''), \
    IFNULL(buffered, ''), proven_at IS NOT NULL, LENGTH(proven_spec) > 0 \
    FROM nightshift.job ORDER BY name";

fn rows_of(table: &str) -> String {
    format!("SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', id, day, what))) FROM {table}")
}

/// The rows of all tables that partitions were exchanged into.
async fn archive(server: &Mysql) -> String {
    let tables = "SELECT table_name FROM information_schema.tables \
                  WHERE table_schema = 'archive' ORDER BY table_name";
    let all: Vec<String> = server.root(tables).await.concat();
    let each: Vec<String> = all
        .iter()
        .map(|table| format!("SELECT '{table}' AS name, id, day, what FROM archive.`{table}`"))
        .collect();
    if each.is_empty() {
        return "SELECT 0, 0".to_owned();
    }
    rows_of(&format!("({}) moved", each.join(" UNION ALL ")))
}

/// The partitions that there must be in the end: those of the days that are kept, of today, and of
/// the days ahead, each with its bound.
#[must_use]
pub fn partitions(tonight: &Tonight) -> Vec<Vec<String>> {
    let day = |ago: i64| {
        let day = tonight.ago(ago);
        let (name, next) = (day.strftime("p%Y%m%d"), day.saturating_add(1.day()));
        vec![name.to_string(), format!("'{next}'")]
    };
    (-AHEAD..=DAYS).rev().map(day).collect()
}

fn datetime(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
