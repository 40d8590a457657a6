//! What is kept in schema `nightshift`: names, and the statements that make the tables.
//!
//! `infra/ledger.sql` is these statements, for teams whose job users may not create tables.

/// The schema.
pub const SCHEMA: &str = "nightshift";

/// The version of the tables that this code reads and writes.
pub const VERSION: u32 = 1;

/// The tables, in the order of [`CREATE`].
pub const TABLES: [&str; 3] = ["event_execution_log", "job", "job_run"];

/// The statements that make the schema and the tables, in their order; each does nothing where its table is there.
///
/// `event_execution_log` is the table by which teams have monitored their EVENTs: one row for each run
/// that ended, in its first six columns. All times are UTC, written by the client.
pub const CREATE: [&str; 4] = [
    "CREATE DATABASE IF NOT EXISTS `nightshift`",
    "CREATE TABLE IF NOT EXISTS `nightshift`.`event_execution_log` (
  `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `event_name` VARCHAR(100) NOT NULL,
  `executed_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `status` VARCHAR(20) NOT NULL,
  `error_message` TEXT NULL,
  `execution_time_ms` BIGINT UNSIGNED NULL,
  `run` BIGINT UNSIGNED NULL,
  `rows_affected` BIGINT UNSIGNED NULL,
  PRIMARY KEY (`id`),
  KEY `idx_event_name` (`event_name`),
  KEY `idx_executed_at` (`executed_at`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1'",
    "CREATE TABLE IF NOT EXISTS `nightshift`.`job` (
  `name` VARCHAR(50) NOT NULL,
  `paused` TINYINT UNSIGNED NOT NULL DEFAULT 0,
  `paused_at` DATETIME(3) NULL,
  `paused_why` VARCHAR(1000) NULL,
  `failures` INT UNSIGNED NOT NULL DEFAULT 0,
  `buffered` DATETIME(3) NULL,
  `proven_at` DATETIME(3) NULL,
  `proven_spec` VARCHAR(64) NULL,
  PRIMARY KEY (`name`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1'",
    "CREATE TABLE IF NOT EXISTS `nightshift`.`job_run` (
  `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `job` VARCHAR(50) NOT NULL,
  `slot` DATETIME(3) NOT NULL,
  `state` VARCHAR(10) NOT NULL,
  `began_at` DATETIME(3) NOT NULL,
  `ended_at` DATETIME(3) NULL,
  `spec` VARCHAR(64) NOT NULL,
  `holder` VARCHAR(200) NOT NULL,
  `attempts` INT UNSIGNED NOT NULL DEFAULT 1,
  `place` JSON NOT NULL,
  `steps` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `rows_gone` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `rows_copied` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `rows_children` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `checksum` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `busy_ms` BIGINT UNSIGNED NOT NULL DEFAULT 0,
  `error_message` TEXT NULL,
  `told` TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `one_per_slot` (`job`, `slot`),
  KEY `open_runs` (`job`, `state`, `slot`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1'",
];

/// The statement by which a step notes itself, within its own transaction: it changes one row, or
/// none where another holder has the run in hand or it is over. Its values are, in their order: the
/// place as JSON, rows gone, copied, of children, the checksum, milliseconds, the run, the holder.
pub const STEP: &str = "UPDATE `nightshift`.`job_run` SET `place` = ?, `steps` = `steps` + 1, \
     `rows_gone` = `rows_gone` + ?, `rows_copied` = `rows_copied` + ?, \
     `rows_children` = `rows_children` + ?, `checksum` = `checksum` ^ ?, `busy_ms` = `busy_ms` + ? \
     WHERE `id` = ? AND `holder` = ? AND `state` = 'running'";

#[cfg(test)]
mod tests {
    use super::*;

    /// For teams whose job users may not create tables: the same statements as a file.
    #[test]
    fn the_file_for_database_administrators_makes_the_same_tables() {
        let file = include_str!("../../../infra/ledger.sql");
        let lines = file.lines().filter(|line| !line.starts_with("--"));
        let file = lines.collect::<Vec<_>>().join("\n");
        let statements = file.split(';').map(str::trim).filter(|sql| !sql.is_empty());
        assert_eq!(statements.collect::<Vec<_>>(), CREATE);
    }

    #[test]
    fn every_table_is_made_and_carries_the_version() {
        for (table, sql) in TABLES.iter().zip(&CREATE[1..]) {
            assert!(sql.contains(&format!("`nightshift`.`{table}`")), "{table}");
            assert!(
                sql.ends_with(&format!("COMMENT = 'nightshift ledger {VERSION}'")),
                "{table}"
            );
        }
    }
}
