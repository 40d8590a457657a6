//! The jobs that are put to the test: small tables, and steps of a few rows.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::subject::{Load, Subject, sql};

/// What a row sums to when its primary key is all that counts.
macro_rules! of_key {
    () => {
        "COALESCE(BIT_XOR(CRC32(CONCAT_WS(',', CAST(id AS BINARY)))), 0)"
    };
}

/// What a row of `id`, `at` and `body` sums to as a whole.
macro_rules! of_row {
    () => {
        "COALESCE(BIT_XOR(CRC32(CONCAT_WS(',', \
         IFNULL(CONCAT(LENGTH(CAST(id AS BINARY)), ':', CRC32(CAST(id AS BINARY))), 'N'), \
         IFNULL(CONCAT(LENGTH(CAST(at AS BINARY)), ':', CRC32(CAST(at AS BINARY))), 'N'), \
         IFNULL(CONCAT(LENGTH(CAST(body AS BINARY)), ':', CRC32(CAST(body AS BINARY))), 'N')))), 0)"
    };
}

/// The rows that were there once and are not now.
const GONE: &str = concat!(
    "SELECT COUNT(*), 0, 0, ",
    of_key!(),
    " FROM shop.born WHERE id NOT IN (SELECT id FROM shop.logs)"
);
const LEFT: &str = "SELECT COUNT(*), GROUP_CONCAT(id ORDER BY id), \
                    SUM(CRC32(CONCAT_WS(',', id, at, body))) FROM shop.logs";
const WALKED_PRIMARY: &str = "SELECT place->>'$.walk' = 'PRIMARY' FROM nightshift.job_run";

/// The table `logs`, with every row that ever came in `born` as well.
fn logs(key: &str) -> String {
    format!(
        "CREATE TABLE logs (id INT AUTO_INCREMENT PRIMARY KEY, at DATETIME NOT NULL, \
         body VARCHAR(20){key}); CREATE TABLE born (id INT PRIMARY KEY); \
         CREATE TRIGGER births AFTER INSERT ON logs FOR EACH ROW INSERT INTO born VALUES (NEW.id)"
    )
}

/// Rows so many seconds older than the boundary, younger where it is negative.
fn rows(slot: Timestamp, ages: &[i64]) -> String {
    let boundary = boundary(slot);
    let rows = ages.iter().enumerate().map(|(number, age)| {
        let body = if number % 3 == 0 { "NULL" } else { "'it''s'" };
        format!("({} - INTERVAL {age} SECOND, {body})", sql(boundary))
    });
    let rows: Vec<_> = rows.collect();
    format!("INSERT INTO logs (at, body) VALUES {}", rows.join(", "))
}

fn boundary(slot: Timestamp) -> Timestamp {
    slot - SignedDuration::from_hours(30 * 24)
}

fn aged(table: &str) -> Value {
    json!({"table": table, "column": "at", "older_than": "30d"})
}

/// Old rows and young ones in turn, and the boundary itself, which stays.
const AGES: [i64; 14] = [
    9_000_000, 1, -1, 7, 0, 86_400, -86_400, 5, 4, 3, -9_000, 2, 6, -2,
];

/// Old and young ones come; old ones get young and young ones old, everywhere in the table.
fn load(slot: Timestamp, holds: &'static str) -> Load {
    let boundary = sql(boundary(slot));
    let again =
        |at: &str| format!("UPDATE shop.logs SET at = {at}, body = 'moved' WHERE id = {{id}}");
    let old = format!("{boundary} - INTERVAL 3 DAY");
    let young = format!("{boundary} + INTERVAL 3 DAY");
    let come = |at: &str| format!("INSERT INTO shop.logs (at, body) VALUES ({at}, 'came')");
    Load {
        sql: vec![again(&young), come(&old), again(&old), come(&young)],
        holds,
    }
}

pub fn purge(slot: Timestamp) -> Subject {
    let rows = rows(slot, &AGES);
    Subject {
        name: "purge",
        kind: json!({"purge": aged("logs")}),
        tables: format!("{}; {rows}", logs("")),
        by_hand: Some(format!(
            "DELETE FROM shop.logs WHERE at < {}",
            sql(boundary(slot))
        )),
        effect: vec![LEFT],
        went: GONE,
        holds: WALKED_PRIMARY,
        // Whatever is old still has come or moved meanwhile, and nothing young has gone.
        load: Some(load(
            slot,
            "SELECT COUNT(*) = 0 FROM shop.logs l JOIN nightshift.job_run r \
             WHERE l.at < r.slot - INTERVAL 30 DAY AND IFNULL(l.body, '') NOT IN ('came', 'moved')",
        )),
        reports: false,
        makes_ledger: true,
    }
}

pub fn purge_by_index(slot: Timestamp) -> Subject {
    // Few old rows among many young ones, which an index leads to.
    let many = "INSERT INTO logs (at, body) WITH RECURSIVE n AS \
                (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 400) \
                SELECT NOW() + INTERVAL i MINUTE, i FROM n";
    let rows = rows(slot, &AGES);
    Subject {
        name: "purge-by-index",
        tables: format!(
            "{}; {many}; {rows}; {many}; ANALYZE TABLE logs",
            logs(", KEY by_time (at)")
        ),
        effect: vec![
            "SELECT COUNT(*), GROUP_CONCAT(id ORDER BY id) FROM shop.logs \
                      WHERE id BETWEEN 400 AND 420",
        ],
        holds: "SELECT place->>'$.walk' = 'by_time' FROM nightshift.job_run",
        makes_ledger: false,
        load: None,
        ..purge(slot)
    }
}

pub fn purge_with_children(slot: Timestamp) -> Subject {
    let rows = rows(slot, &AGES);
    let mut kind = aged("logs");
    kind["children"] = json!([{"table": "lines", "columns": ["log"]}]);
    Subject {
        name: "purge-with-children",
        kind: json!({"purge": kind}),
        tables: format!(
            "{}; {rows}; CREATE TABLE `lines` (id INT AUTO_INCREMENT PRIMARY KEY, log INT NOT NULL, \
             FOREIGN KEY (log) REFERENCES logs (id)); \
             INSERT INTO `lines` (log) SELECT id FROM logs WHERE id % 4 > 0 ORDER BY id; \
             INSERT INTO `lines` (log) SELECT id FROM logs JOIN (SELECT 1 UNION ALL SELECT 2) two \
             WHERE id % 4 = 2 ORDER BY id; CREATE TABLE all_lines AS SELECT * FROM `lines`",
            logs("")
        ),
        by_hand: Some(format!(
            "DELETE FROM shop.lines WHERE log IN (SELECT id FROM shop.logs WHERE at < {0}); \
             DELETE FROM shop.logs WHERE at < {0}",
            sql(boundary(slot))
        )),
        effect: vec![LEFT, "SELECT GROUP_CONCAT(id ORDER BY id) FROM shop.lines"],
        went: concat!(
            "SELECT COUNT(*), 0, (SELECT COUNT(*) FROM shop.all_lines) \
             - (SELECT COUNT(*) FROM shop.lines), ",
            of_key!(),
            " FROM shop.born WHERE id NOT IN (SELECT id FROM shop.logs)"
        ),
        makes_ledger: false,
        load: None,
        ..purge(slot)
    }
}

pub fn archive(slot: Timestamp) -> Subject {
    let rows = rows(slot, &AGES);
    let mut kind = aged("logs");
    kind["into"] = json!("old_logs");
    Subject {
        name: "archive",
        kind: json!({"archive": kind}),
        tables: format!(
            "{}; CREATE TABLE old_logs (id INT PRIMARY KEY, at DATETIME NOT NULL, \
             body VARCHAR(20)); {rows}",
            logs("")
        ),
        by_hand: Some(format!(
            "INSERT INTO shop.old_logs SELECT * FROM shop.logs WHERE at < {0}; \
             DELETE FROM shop.logs WHERE at < {0}",
            sql(boundary(slot))
        )),
        effect: vec![
            LEFT,
            "SELECT COUNT(*), GROUP_CONCAT(id ORDER BY id), \
             SUM(CRC32(CONCAT_WS(',', id, at, body))) FROM shop.old_logs",
        ],
        went: concat!(
            "SELECT COUNT(*), COUNT(*), 0, ",
            of_row!(),
            " FROM shop.old_logs"
        ),
        // Each row is in one of the two, and all that went was old.
        load: Some(load(
            slot,
            "SELECT (SELECT COUNT(*) FROM shop.born) \
             = (SELECT COUNT(*) FROM shop.logs) + (SELECT COUNT(*) FROM shop.old_logs) \
             AND NOT EXISTS (SELECT * FROM shop.old_logs o JOIN shop.logs l ON l.id = o.id) \
             AND NOT EXISTS (SELECT * FROM shop.old_logs o JOIN nightshift.job_run r \
                             WHERE o.at >= r.slot - INTERVAL 30 DAY)",
        )),
        makes_ledger: false,
        ..purge(slot)
    }
}

const PARTITIONS: &str = "SELECT GROUP_CONCAT(PARTITION_NAME ORDER BY PARTITION_ORDINAL_POSITION) \
     FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'logs'";

/// Partitions of a day each, from four days ago to today, with rows in all but one.
fn by_day(slot: Timestamp) -> String {
    let day = |days: i64| {
        let at = slot + SignedDuration::from_hours(24 * days);
        [at.strftime("%Y%m%d"), at.strftime("'%Y-%m-%d'")].map(|it| it.to_string())
    };
    let partition = |days: i64| {
        let ([name, _], [_, below]) = (day(days), day(days + 1));
        format!("PARTITION p{name} VALUES LESS THAN ({below})")
    };
    let partitions: Vec<_> = (-5..=0).map(partition).collect();
    let row = |days: i64| format!("({}, {}, 'x')", 10 + days, day(days)[1]);
    let rows: Vec<_> = [-5, -4, -2, -1, 0].map(row).into();
    format!(
        "CREATE TABLE logs (id INT NOT NULL, at DATE NOT NULL, body VARCHAR(20), \
         PRIMARY KEY (id, at)) PARTITION BY RANGE COLUMNS (at) ({}); INSERT INTO logs VALUES {}",
        partitions.join(", "),
        rows.join(", ")
    )
}

pub fn drop_partitions(slot: Timestamp) -> Subject {
    let kind = json!({"table": "logs", "every": "1d", "ahead": 2, "keep": "2d"});
    Subject {
        name: "drop-partitions",
        kind: json!({"partitions": kind}),
        tables: by_day(slot),
        by_hand: None,
        effect: vec![
            PARTITIONS,
            "SELECT GROUP_CONCAT(id ORDER BY id) FROM shop.logs",
        ],
        went: "SELECT 5 - COUNT(*), 0, 0, 0 FROM shop.logs",
        holds: "SELECT COUNT(*) = 3 FROM shop.logs",
        load: None,
        reports: false,
        makes_ledger: false,
    }
}

pub fn exchange_partitions(slot: Timestamp) -> Subject {
    let dropped = drop_partitions(slot);
    let mut kind = dropped.kind.clone();
    kind["partitions"]["past"] = json!({"exchange-into": "shop"});
    Subject {
        name: "exchange-partitions",
        kind,
        effect: [
            dropped.effect.clone(),
            vec![
                "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) \
                  FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop'",
            ],
        ]
        .concat(),
        went: "SELECT 5 - COUNT(*), 5 - COUNT(*), 0, 0 FROM shop.logs",
        ..dropped
    }
}

pub fn call(_: Timestamp) -> Subject {
    Subject {
        name: "call",
        kind: json!({"call": {"procedure": "work", "budget": "5s"}}),
        tables: "CREATE TABLE marks (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(10)); \
                 CREATE PROCEDURE work() BEGIN INSERT INTO marks (what) VALUES ('begun'); \
                 INSERT INTO marks (what) VALUES ('done'); END"
            .to_owned(),
        by_hand: Some("CALL shop.work()".to_owned()),
        effect: vec!["SELECT GROUP_CONCAT(what ORDER BY id) FROM shop.marks"],
        went: "SELECT 1, 0, 0, 0",
        holds: "SELECT COUNT(*) < 2 FROM shop.marks WHERE what = 'begun'",
        load: None,
        reports: true,
        makes_ledger: false,
    }
}

pub fn call_again(slot: Timestamp) -> Subject {
    Subject {
        name: "call-again",
        kind: json!({"call": {"procedure": "work", "budget": "5s", "lost": "again"}}),
        effect: vec!["SELECT COUNT(*) > 0 FROM shop.marks WHERE what = 'done'"],
        holds: "SELECT COUNT(*) < 3 FROM shop.marks WHERE what = 'begun'",
        reports: false,
        ..call(slot)
    }
}

pub fn statement(_: Timestamp) -> Subject {
    let sql = "INSERT INTO hourly (n) SELECT COUNT(*) FROM hourly";
    Subject {
        name: "statement",
        kind: json!({"statement": {"sql": sql, "budget": "5s"}}),
        tables: "CREATE TABLE hourly (id INT AUTO_INCREMENT PRIMARY KEY, n INT)".to_owned(),
        by_hand: Some("USE shop; INSERT INTO hourly (n) SELECT COUNT(*) FROM hourly".to_owned()),
        effect: vec!["SELECT COUNT(*), MAX(n) FROM shop.hourly"],
        went: "SELECT COUNT(*), 0, 0, 0 FROM shop.hourly",
        holds: "SELECT 1",
        load: None,
        reports: false,
        makes_ledger: false,
    }
}
