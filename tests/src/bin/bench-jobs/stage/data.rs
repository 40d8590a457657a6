//! The table, and its rows.

use jiff::{SignedDuration, Timestamp};
use mysql_async::prelude::Queryable;
use nightshift_tests::mysql::Mysql;

use super::{PASSWORD, USER};

/// Rows of one INSERT.
const BATCH: u64 = 10_000;

const TABLE: &str = "CREATE TABLE shop.access_logs (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  created_at DATETIME(3) NOT NULL,
  user_id INT UNSIGNED NOT NULL,
  path VARCHAR(200) NOT NULL,
  status SMALLINT UNSIGNED NOT NULL,
  body VARCHAR(1000) NOT NULL,
  KEY created_at (created_at)
) ENGINE = InnoDB";

/// Makes the user and the table, with rows whose ages go evenly from `span` before `newest` up to
/// it. Nothing of the rows is in the binary log: the replica gets them by a copy.
pub async fn fill(writer: &Mysql, rows: u64, newest: Timestamp, span: SignedDuration) {
    let user = format!("CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'");
    let rights = format!("GRANT ALL ON *.* TO {USER}@'%'");
    for statement in [&*user, &rights, "CREATE DATABASE shop", TABLE] {
        writer.root(statement).await;
    }
    let mut session = writer
        .login(USER, PASSWORD)
        .await
        .expect("the user was just made");
    let numbers = format!(
        "SET SESSION sql_log_bin = 0; SET SESSION cte_max_recursion_depth = {BATCH}; \
         SET GLOBAL innodb_flush_log_at_trx_commit = 2; \
         CREATE TEMPORARY TABLE shop.numbers (n INT UNSIGNED PRIMARY KEY) \
         WITH RECURSIVE count AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM count WHERE n < {BATCH}) \
         SELECT n FROM count"
    );
    session
        .query_drop(numbers)
        .await
        .expect("numbers are counted");
    let oldest = (newest - span).strftime("%Y-%m-%d %H:%M:%S").to_string();
    for before in (0..rows).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let batch = batch(before, rows, &oldest, span.as_millis());
        session.query_drop(batch).await.expect("rows are written");
    }
    session
        .query_drop("ANALYZE TABLE shop.access_logs")
        .await
        .expect("the table is there");
    session.disconnect().await.expect("the server runs");
}

/// The rows after `before`: about 350 bytes each, with their indexes.
fn batch(before: u64, rows: u64, oldest: &str, span_ms: i128) -> String {
    let count = BATCH.min(rows - before);
    format!(
        "INSERT INTO shop.access_logs \
         SELECT {before} + n, '{oldest}' + INTERVAL (({before} + n - 1) * {span_ms} DIV {rows}) * 1000 MICROSECOND, \
         ({before} + n) * 7919 % 100000, CONCAT('/orders/', ({before} + n) * 31 % 1000000), 200, \
         REPEAT(SHA2({before} + n, 256), 4) FROM shop.numbers WHERE n <= {count}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_batch_is_what_is_left() {
        let text = batch(20_000, 25_000, "2026-09-01 00:00:00", 1000);
        assert!(text.contains("n <= 5000"), "{text}");
        assert!(text.contains("(20000 + n - 1) * 1000 DIV 25000"), "{text}");
    }
}
