//! Copies are proven before the rows go.

use aurora_sql::SqlError;
use run_job::database::Done;

use crate::scene::Scene;

/// Rows of every type, with NULLs, empty texts, zeros, and columns that are computed.
const ROWS: &str = "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; CREATE TABLE t (
       n INT NOT NULL AUTO_INCREMENT PRIMARY KEY, created_at DATETIME, j JSON, b BLOB, x TEXT,
       l VARCHAR(20) COLLATE latin1_bin, d DECIMAL(30,10), f FLOAT, e DOUBLE, bits BIT(9),
       kind ENUM('a', 'b'), tags SET('p', 'q'), day DATE, at TIMESTAMP(6) NULL, y YEAR, g GEOMETRY,
       `twice``d` INT AS (YEAR(day) * 2), kept VARCHAR(30) AS (CONCAT('<', l, '>')) STORED);
     INSERT INTO t (n, created_at, j, b, x, l, d, f, e, bits, kind, tags, day, at, y, g) VALUES
       (0, '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
       (1, '2026-01-01', 'null', '', '', '', 0, 0, 0, 0, 'a', '', '0000-00-00', '2026-01-01', 0, POINT(1, 2)),
       (2, '2026-01-01', '{\"a\": [1, \"ü\"]}', x'00FF27', 'ü😀', 'ÿ', 12345678901234567890.0123456789,
        0.1, 0.1, 511, 'b', 'p,q', '2026-02-00', '2026-01-01 00:00:00.000001', 2026, NULL),
       (3, '2026-12-01', '[]', REPEAT('b', 70000), 'young', '', 1, 1, 1, 1, 'a', 'p', NULL, NULL, 1999, NULL);
     CREATE TABLE old LIKE t; CREATE TABLE twin LIKE t;
     INSERT INTO twin (n, created_at, j, b, x, l, d, f, e, bits, kind, tags, day, at, y, g)
     SELECT n, created_at, j, b, x, l, d, f, e, bits, kind, tags, day, at, y, g FROM t WHERE n < 3";

async fn scene(schema: &'static str, more: &str) -> Scene {
    let mut scene = Scene::new(schema, &format!("{ROWS}; {more}")).await;
    scene.into = Some(scene.table("old").await);
    scene
}

async fn left(scene: &Scene) -> (usize, usize) {
    (
        scene.numbers("t").await.len(),
        scene.numbers("old").await.len(),
    )
}

#[tokio::test]
async fn an_archive_has_every_value_as_it_was() {
    let mut scene = scene("a_whole", "SELECT 1").await;
    let walked = scene.walk(2).await;
    assert_eq!((walked.rows, walked.copied), (3, 3));
    assert_eq!(left(&scene).await, (1, 3));
    for column in scene.table.columns.clone() {
        let column = column.name.as_str().replace('`', "``");
        let sql = |table| {
            format!("SELECT COALESCE(HEX(CAST(`{column}` AS BINARY)), '-') FROM {table} ORDER BY n")
        };
        assert_eq!(
            scene.column(&sql("old")).await,
            scene.column(&sql("twin")).await,
            "{column}"
        );
    }
    let (_, ledger) = scene.ledger().await;
    assert_eq!(
        (ledger.rows, ledger.copied, ledger.checksum),
        (3, 3, walked.checksum)
    );
}

#[tokio::test]
async fn rows_whose_copies_differ_stay() {
    for (schema, set) in [
        ("a_null", "NEW.x = NULLIF(NEW.x, '')"),
        (
            "a_other",
            "NEW.created_at = NEW.created_at + INTERVAL 1 SECOND",
        ),
        ("a_key", "NEW.n = NEW.n + 10"),
    ] {
        let trigger = format!("CREATE TRIGGER spoil BEFORE INSERT ON old FOR EACH ROW SET {set}");
        let mut scene = scene(schema, &trigger).await;
        let copied = if schema == "a_key" { 0 } else { 3 };
        assert_eq!(
            scene.step(None).await,
            Ok(Done::Differs { rows: 3, copied }),
            "{schema}"
        );
        assert_eq!(left(&scene).await, (4, 0));
    }
}

#[tokio::test]
async fn rows_whose_keys_the_archive_has_stay() {
    let mut scene = scene("a_twice", "INSERT INTO old (n, x) VALUES (1, 'of old')").await;
    let refused = scene.step(None).await;
    assert!(
        matches!(refused, Err(SqlError::Refused { code: 1062, .. })),
        "{refused:?}"
    );
    assert_eq!(left(&scene).await, (4, 1));
}
