//! Partitions are added and dropped, whatever they are made by.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use insta::assert_snapshot;
use mysql_async::prelude::Queryable as _;
use run_job::{
    database::{Holder, Partitioned as _},
    rotate,
    turn::Ended,
};
use serde_json::{Value, json};

use crate::stage::{Stage, Terms, words};

/// A day each, three rows in each of the first four; two ahead, and what is older than a day goes.
#[expect(
    clippy::needless_pass_by_value,
    reason = "reads better where it is called"
)]
pub fn keep_a_day(past: Value) -> Value {
    json!({"partitions": {"table": "logs", "every": "1d", "ahead": 2, "keep": "1d", "past": past}})
}

/// The table `logs` with column `at`, partitions of four days until the slot's, and their rows.
pub fn logs(kind: &str, by: &str, bound: impl Fn(&str) -> String, open_end: bool) -> String {
    let days = ["20", "21", "22", "23"].map(|day| {
        let before = day.parse::<u32>().unwrap() - 1;
        let bound = bound(&format!("2026-11-{day} 00:00:00"));
        format!("PARTITION p202611{before} VALUES LESS THAN ({bound})")
    });
    let mut partitions = days.join(", ");
    if open_end {
        partitions.push_str(", PARTITION pmax VALUES LESS THAN (MAXVALUE)");
    }
    let rows: Vec<String> = (0..12)
        .map(|number| format!("({number}, '2026-11-{} 12:00:00', 'x')", 19 + number / 3))
        .collect();
    format!(
        "SET time_zone = '+00:00'; CREATE TABLE logs (id BIGINT NOT NULL, at {kind} NOT NULL, \
         body VARCHAR(20), PRIMARY KEY (id, at), KEY (at)) \
         PARTITION BY RANGE {by} ({partitions}); INSERT INTO logs VALUES {}",
        rows.join(", ")
    )
}

pub fn by_date(open_end: bool) -> String {
    let bound = |at: &str| format!("'{}'", &at[..10]);
    logs("DATE", "COLUMNS (at)", bound, open_end)
}

async fn partitions(stage: &Stage) -> String {
    let sql = "SELECT PARTITION_NAME, PARTITION_DESCRIPTION FROM information_schema.PARTITIONS \
               WHERE TABLE_SCHEMA = '{}' AND TABLE_NAME = 'logs' ORDER BY PARTITION_ORDINAL_POSITION";
    stage.ask(sql).await.join(", ")
}

const IDS: &str = "SELECT GROUP_CONCAT(id ORDER BY id) FROM {}.logs";

/// One rotation, and a second that finds nothing to do.
async fn rotated(name: &'static str, sql: &str) -> String {
    let stage = Stage::of(name, keep_a_day(json!("drop")), sql).await;
    let ended = stage.turn(Terms::default()).await;
    assert!(matches!(ended, Some(Ended::Through)), "{name}: {ended:?}");
    assert_eq!(stage.ask(IDS).await, ["6,7,8,9,10,11"], "{name}");
    assert_eq!(stage.tally().await, (4, 6, 0), "{name}");
    let after = partitions(&stage).await;
    stage
        .sql("INSERT INTO logs VALUES (20, '2026-11-24 23:59:59', 'y')")
        .await;
    let stage = stage.begun().await;
    assert!(matches!(
        stage.turn(Terms::default()).await,
        Some(Ended::Through)
    ));
    assert_eq!(
        (partitions(&stage).await, stage.tally().await),
        (after.clone(), (0, 0, 0))
    );
    after
}

#[tokio::test]
async fn a_table_by_date_or_datetime_columns_is_rotated() {
    assert_snapshot!(rotated("by_date", &by_date(false)).await, @"p20261121 '2026-11-22', p20261122 '2026-11-23', p20261123 '2026-11-24', p20261124 '2026-11-25'");
    let sql = logs("DATETIME(3)", "COLUMNS (at)", |at| format!("'{at}'"), true);
    assert_snapshot!(rotated("by_datetime", &sql).await, @"p20261121 '2026-11-22 00:00:00', p20261122 '2026-11-23 00:00:00', p20261123 '2026-11-24 00:00:00', p20261124 '2026-11-25 00:00:00', pmax MAXVALUE");
}

#[tokio::test]
async fn a_table_by_days_or_unix_time_is_rotated() {
    for (name, open_end) in [("by_days", false), ("by_days_open", true)] {
        let sql = logs(
            "DATETIME",
            "(TO_DAYS(at))",
            |at| format!("TO_DAYS('{at}')"),
            open_end,
        );
        let after = rotated(name, &sql).await;
        let bounds = "p20261121 740307, p20261122 740308, p20261123 740309, p20261124 740310";
        assert_eq!(after.replace(", pmax MAXVALUE", ""), bounds);
    }
    for (name, open_end) in [("by_unix", false), ("by_unix_open", true)] {
        let bound = |at: &str| format!("UNIX_TIMESTAMP('{at}')");
        let sql = logs("TIMESTAMP", "(UNIX_TIMESTAMP(at))", bound, open_end);
        let after = rotated(name, &sql).await;
        let bounds = "p20261121 1795305600, p20261122 1795392000, p20261123 1795478400, \
                      p20261124 1795564800";
        assert_eq!(after.replace(", pmax MAXVALUE", ""), bounds);
    }
}

#[tokio::test]
async fn an_open_end_with_rows_is_not_split() {
    let sql = by_date(true) + "; INSERT INTO logs VALUES (99, '2026-12-24', 'x')";
    let stage = Stage::of("open_end", keep_a_day(json!("drop")), &sql).await;
    let before = partitions(&stage).await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"partition pmax, which ends at MAXVALUE, has rows: to add partitions in front of it, MySQL would copy them with the table locked. Split it by hand at a quiet time (ALTER TABLE … REORGANIZE PARTITION), or delete its rows");
    assert_eq!(partitions(&stage).await, before);
}

#[tokio::test]
async fn a_partition_with_rows_without_a_date_is_not_dropped() {
    let sql = "CREATE TABLE logs (id INT, at DATETIME) PARTITION BY RANGE (TO_DAYS(at)) \
               (PARTITION old VALUES LESS THAN (TO_DAYS('2026-11-01')), \
                PARTITION new VALUES LESS THAN (TO_DAYS('2026-12-01'))); \
               INSERT INTO logs VALUES (1, '2026-10-01'), (2, NULL), (3, '2026-11-20')";
    let stage = Stage::of("undated", keep_a_day(json!("drop")), sql).await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"partition old is past its age, but 1 of its rows have no date in at: nobody knows their age. Give them one, or delete them");
    assert_eq!(stage.ask(IDS).await, ["1,2,3"]);
}

#[tokio::test]
async fn a_table_in_use_is_left_to_the_next_tick_and_soon_free_again() {
    let stage = Stage::of("in_use", keep_a_day(json!("drop")), &by_date(false)).await;
    let mut other = stage.server.login("in_use", "a-password").await.unwrap();
    other.query_drop("BEGIN").await.unwrap();
    other.query_drop("SELECT * FROM in_use.logs").await.unwrap();
    let soon = Duration::from_secs(15);
    let left = tokio::time::timeout(soon, stage.turn(Terms::default())).await;
    assert_snapshot!(words(left.unwrap()), @"waited too long for a lock (1205)");
    assert_eq!(stage.ask(IDS).await, ["0,1,2,3,4,5,6,7,8,9,10,11"]);
    other.query_drop("COMMIT").await.unwrap();
    assert!(matches!(
        stage.turn(Terms::default()).await,
        Some(Ended::Through)
    ));
    assert_eq!(
        (stage.ask(IDS).await, stage.tally().await),
        (vec!["6,7,8,9,10,11".to_owned()], (4, 6, 0))
    );
}

#[tokio::test]
async fn a_run_that_another_has_in_hand_or_is_paused_or_late_changes_nothing() {
    let stage = Stage::of("not_ours", keep_a_day(json!("drop")), &by_date(false)).await;
    let before = partitions(&stage).await;
    let mut session = stage.open(Duration::from_secs(20)).await.unwrap();
    let stranger = Holder("a-stranger".to_owned());
    let ended = stage
        .turn_as(&mut session, &stranger, Terms::default())
        .await;
    assert!(matches!(ended, Ended::NotOurs), "{ended:?}");
    let none = Terms {
        time: Duration::ZERO,
        ..Terms::default()
    };
    assert_eq!(
        words(Some(stage.turn_as(&mut session, &stranger, none).await)),
        "the function's time is up"
    );
    stage.server.root("INSERT INTO nightshift.job (name, paused, paused_at, paused_why) VALUES ('not-ours', 1, UTC_TIMESTAMP(3), 'Ann: not now')").await;
    let paused = stage.turn(Terms::default()).await;
    assert!(
        matches!(&paused, Some(Ended::Paused(pause)) if pause.why == "Ann: not now"),
        "{paused:?}"
    );
    assert_eq!(partitions(&stage).await, before);
}

#[tokio::test]
async fn what_is_not_served_is_refused_by_name() {
    let stage = Stage::of("not_served", keep_a_day(json!("drop")), "DO 1").await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let wanted = stage.job.partitions.clone().unwrap();
    let mut said = Vec::new();
    for by in [
        "",
        "PARTITION BY HASH (id) PARTITIONS 2",
        "PARTITION BY LIST (id) (PARTITION a VALUES IN (1))",
        "PARTITION BY RANGE (YEAR(at)) (PARTITION a VALUES LESS THAN (2027))",
        "PARTITION BY RANGE COLUMNS (at, id) (PARTITION a VALUES LESS THAN ('2027-01-01', 1))",
        "PARTITION BY RANGE COLUMNS (id) (PARTITION a VALUES LESS THAN (1))",
        "PARTITION BY RANGE (TO_DAYS(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 \
         (PARTITION a VALUES LESS THAN (740308))",
    ] {
        stage
            .sql(&format!(
                "DROP TABLE IF EXISTS logs; CREATE TABLE logs (id INT, at DATETIME) {by}"
            ))
            .await;
        let slot = stage.run().await.slot;
        let outlook = rotate::outlook(&mut session, &stage.job, &wanted, slot)
            .await
            .unwrap();
        let refused = outlook.refused.concat();
        said.push(refused.split(';').next().unwrap().to_owned());
    }
    assert_snapshot!(said.join("\n"), @r"
    partitions.table: not_served.logs is not there, has no partitions, or the job's user has no right on it
    partitions.table: it is partitioned by HASH (`id`)
    partitions.table: it is partitioned by LIST (`id`)
    partitions.table: it is partitioned by RANGE (year(`at`))
    partitions.table: it is partitioned by RANGE COLUMNS (`at`,`id`)
    partitions.table: it is partitioned by RANGE COLUMNS (`id`)
    partitions.table: its partitions have subpartitions, which are not served
    ");
}

#[tokio::test]
async fn what_would_be_done_is_said_without_doing_it() {
    let stage = Stage::of("outlook", keep_a_day(json!("drop")), &by_date(false)).await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let wanted = stage.job.partitions.clone().unwrap();
    let before = partitions(&stage).await;
    let slot = stage.run().await.slot;
    let outlook = rotate::outlook(&mut session, &stage.job, &wanted, slot)
        .await
        .unwrap();
    let would = outlook.would.split(" with").next().unwrap().to_owned();
    assert_snapshot!(would, @"add 2 partitions (p20261123 to p20261124), and drop 2 partitions (p20261119 to p20261120)");
    assert_eq!(
        (outlook.refused, partitions(&stage).await),
        (vec![], before)
    );
}

#[tokio::test]
async fn a_partition_is_dropped_only_with_the_rows_that_were_counted() {
    let stage = Stage::of("as_counted", keep_a_day(json!("drop")), &by_date(false)).await;
    let mut session = stage.open(Duration::from_secs(30)).await.unwrap();
    let wanted = stage.job.partitions.as_ref().unwrap();
    let (schema, table) = (&stage.job.database, &wanted.table);
    let (first, second) = ("p20261119", "p20261120");
    for rows in [0, 2, 4] {
        let dropped = session.drop_partition(schema, table, first, rows).await;
        assert_eq!(dropped, Ok(false), "{rows}");
    }
    assert_eq!(stage.ask(IDS).await, ["0,1,2,3,4,5,6,7,8,9,10,11"]);
    let dropped = session.drop_partition(schema, table, first, 3).await;
    assert_eq!(dropped, Ok(true));
    stage.sql("DELETE FROM logs WHERE id < 6").await;
    let dropped = session.drop_partition(schema, table, second, 0).await;
    assert_eq!(dropped, Ok(true));
    assert_eq!(stage.ask(IDS).await, ["6,7,8,9,10,11"]);
    let left = partitions(&stage).await;
    assert!(!left.contains(first) && !left.contains(second), "{left}");
}

#[tokio::test]
async fn rows_that_come_while_a_partition_goes_are_counted_or_stay() {
    let stage = Stage::of("written", keep_a_day(json!("drop")), &by_date(false)).await;
    let mut other = stage.server.login("written", "a-password").await.unwrap();
    let turn_is_over = AtomicBool::new(false);
    let write = async {
        let mut written = 0_u64;
        while !turn_is_over.load(Ordering::Relaxed) {
            let id = 100 + written;
            let sql = format!("INSERT INTO written.logs VALUES ({id}, '2026-11-19 12:00:00', 'z')");
            other.query_drop(sql).await.unwrap();
            written += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        written
    };
    let turn = async {
        let ended = stage.turn(Terms::default()).await;
        turn_is_over.store(true, Ordering::Relaxed);
        ended
    };
    let (ended, written) = tokio::join!(turn, write);
    // Where a row came each time that they were counted, it is given up, and as exact.
    let over = matches!(ended, Some(Ended::Through | Ended::Stopped(_)));
    assert!(over, "{ended:?}");
    let left = stage.ask("SELECT COUNT(*) FROM {}.logs").await;
    let (_, noted, _) = stage.tally().await;
    assert_eq!(noted + left[0].parse::<u64>().unwrap(), 12 + written);
}
