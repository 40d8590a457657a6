-- The ledger of Nightshift's jobs: what each run has done, where it goes on, and whether the job is
-- paused. For MySQL 8.0 (Aurora MySQL 3) and later. Each statement does nothing where its part is
-- there. run-job makes the same by itself at its first run, where the job's user has CREATE on
-- `nightshift`.*; run this file as an administrator where it has not.
--
-- What a job's user needs of the ledger:
--
--   GRANT SELECT, INSERT, UPDATE ON `nightshift`.* TO 'job'@'%';
--
-- and beside it, of the job's own tables, by the kind of the job:
--
--   purge:       GRANT SELECT, DELETE ON `shop`.`access_logs` TO 'job'@'%';
--   archive:     the same, and GRANT SELECT, INSERT ON `shop`.`access_logs_archive` TO 'job'@'%';
--   partitions:  GRANT SELECT, ALTER, DROP ON `shop`.`access_logs` TO 'job'@'%';
--                GRANT LOCK TABLES ON `shop`.* TO 'job'@'%';
--                to exchange, CREATE, INSERT on the table as well, and SELECT, ALTER, CREATE, DROP,
--                INSERT on the archive's schema
--   call:        GRANT EXECUTE ON PROCEDURE `shop`.`rebuild_statistics` TO 'job'@'%';
--                on Aurora, where the procedure runs with another account's rights, so that it can be
--                ended: GRANT EXECUTE ON PROCEDURE `mysql`.`rds_kill_query` TO 'job'@'%';
--   statement:   what the statement needs
--
-- A table that others refer to by foreign keys, or that has triggers: MySQL shows these only to whoever
-- may read the other tables, and to whoever has TRIGGER. What the job's user cannot see, run-job cannot
-- refuse:
--
--   GRANT SELECT, TRIGGER ON `shop`.* TO 'job'@'%';
--
-- The throttle, by its limits. One that cannot be read counts as exceeded, and the job waits: grant it,
-- or write null in its place. The default policy has the first three.
--
--   history_list_length:  GRANT PROCESS ON *.* TO 'job'@'%';
--   lock_waits:           GRANT SELECT ON `performance_schema`.* TO 'job'@'%';
--   replica_lag:          nothing on Aurora; of binlog replicas, SELECT ON `performance_schema`.* there,
--                         or REPLICATION CLIENT, which knows whole seconds only
--   query:                what it reads
--
-- A job that replaces an EVENT must see whether it is still enabled:
--
--   GRANT EVENT ON `shop`.* TO 'job'@'%';
--
-- To pause a job, and to let it go on:
--
--   UPDATE `nightshift`.`job` SET `paused` = 1, `paused_at` = UTC_TIMESTAMP(3), `paused_why` = '…' WHERE `name` = '…';
--   UPDATE `nightshift`.`job` SET `paused` = 0, `failures` = 0 WHERE `name` = '…';
--
-- How it went, newest first:
--
--   SELECT * FROM `nightshift`.`event_execution_log` ORDER BY `id` DESC LIMIT 20;

CREATE DATABASE IF NOT EXISTS `nightshift`;

CREATE TABLE IF NOT EXISTS `nightshift`.`event_execution_log` (
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
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1';

CREATE TABLE IF NOT EXISTS `nightshift`.`job` (
  `name` VARCHAR(50) NOT NULL,
  `paused` TINYINT UNSIGNED NOT NULL DEFAULT 0,
  `paused_at` DATETIME(3) NULL,
  `paused_why` VARCHAR(1000) NULL,
  `failures` INT UNSIGNED NOT NULL DEFAULT 0,
  `buffered` DATETIME(3) NULL,
  `proven_at` DATETIME(3) NULL,
  `proven_spec` VARCHAR(64) NULL,
  PRIMARY KEY (`name`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1';

CREATE TABLE IF NOT EXISTS `nightshift`.`job_run` (
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
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'nightshift ledger 1';
