//! The questions. Each is answered without a look at any table of the team's, but for its own query.

use aurora_sql::Statement;

use crate::database::Signal;

/// The one number of a signal; [`Signal::ReplicaLag`] is made of more: see [`applier`].
pub(super) fn of(signal: Signal<'_>) -> Statement {
    match signal {
        Signal::ReplicaLag => applier(),
        Signal::HistoryListLength => history_list_length(),
        Signal::ThreadsRunning { without } => threads_running(without),
        Signal::LockWaits { holder } => lock_waits(holder),
        // It is the team's own, and is to reach the server as it was written.
        Signal::Query(sql) => Statement::new("asking the policy's query", "").spelled(sql),
    }
}

/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-metrics-table.html>
fn history_list_length() -> Statement {
    Statement::new(
        "asking for the history list length",
        "SELECT COUNT FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len'",
    )
}

/// The session that asks runs, too. Neither table needs a right where one asks for one's own threads.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-processlist-table.html>
fn threads_running(without: u32) -> Statement {
    Statement::new(
        "asking for the threads that run",
        "SELECT GREATEST(CAST(VARIABLE_VALUE AS SIGNED) - 1 - \
         (SELECT COUNT(*) FROM performance_schema.processlist WHERE ID = ",
    )
    .number(without.into())
    .sql(
        " AND COMMAND <> 'Sleep'), 0) FROM performance_schema.global_status \
         WHERE VARIABLE_NAME = 'Threads_running'",
    )
}

/// By transaction, and not by the thread that is noted for the lock: where nothing but a change locks a
/// row, `InnoDB` makes the lock when somebody comes to wait for it, and notes that one's thread. Each
/// transaction that locks rows has locked their table by itself. `INNODB_TRX` would name it more simply,
/// but is not brought up to date as long as somebody reads it more often than every 100 ms.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-data-lock-waits-table.html>
fn lock_waits(holder: u32) -> Statement {
    Statement::new(
        "asking who waits for the job's locks",
        "SELECT COUNT(DISTINCT waits.REQUESTING_ENGINE_TRANSACTION_ID) \
         FROM performance_schema.data_lock_waits AS waits \
         WHERE waits.BLOCKING_THREAD_ID = PS_THREAD_ID(",
    )
    .number(holder.into())
    .sql(
        ") OR EXISTS (SELECT 1 FROM performance_schema.data_locks AS held \
         WHERE held.ENGINE_TRANSACTION_ID = waits.BLOCKING_ENGINE_TRANSACTION_ID \
         AND held.LOCK_TYPE = 'TABLE' AND held.THREAD_ID = PS_THREAD_ID(",
    )
    .number(holder.into())
    .sql("))")
}

/// A reader that has not told of itself for a minute has no row here: it is not known how far it is
/// behind.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ISTables.html>
pub(super) fn reader_lags() -> Statement {
    Statement::new(
        "asking for the lag of the readers",
        "SELECT server_id, replica_lag_in_milliseconds \
         FROM information_schema.replica_host_status \
         WHERE session_id <> 'MASTER_SESSION_ID' \
         AND last_update_timestamp > NOW(6) - INTERVAL 1 MINUTE",
    )
}

/// One row: how many channels there are, how many do not receive, how many do not apply, and the
/// microseconds since the oldest transaction that is under way was committed on its source.
///
/// Under way is what is being applied, waits for its turn or is being received; that has a time. What
/// was received and has not been begun has none: it is older than the last one received, and where the
/// replica is delayed on purpose, as old as it has been waiting for.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-replication-tables.html>
pub(super) fn applier() -> Statement {
    Statement::new(
        "asking for the replica lag",
        "SELECT \
         (SELECT COUNT(*) FROM performance_schema.replication_connection_status), \
         (SELECT COUNT(*) FROM performance_schema.replication_connection_status \
          WHERE SERVICE_STATE <> 'ON'), \
         (SELECT COUNT(*) FROM performance_schema.replication_applier_status \
          WHERE SERVICE_STATE <> 'ON'), \
         GREATEST(0, \
         IFNULL((SELECT TIMESTAMPDIFF(MICROSECOND, MIN(since), NOW(6)) FROM \
         (SELECT APPLYING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP AS since \
          FROM performance_schema.replication_applier_status_by_worker \
          WHERE APPLYING_TRANSACTION <> '' \
          UNION ALL SELECT PROCESSING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP \
          FROM performance_schema.replication_applier_status_by_coordinator \
          WHERE PROCESSING_TRANSACTION <> '' \
          UNION ALL SELECT QUEUEING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP \
          FROM performance_schema.replication_connection_status \
          WHERE QUEUEING_TRANSACTION <> '') AS under_way WHERE since > '1971-01-01'), 0), \
         IFNULL((SELECT MAX(GREATEST(\
          TIMESTAMPDIFF(MICROSECOND, LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP, NOW(6)), \
          1000000 * IFNULL(CAST(DESIRED_DELAY AS SIGNED) - CAST(REMAINING_DELAY AS SIGNED), 0))) \
          FROM performance_schema.replication_connection_status \
          JOIN performance_schema.replication_applier_status USING (CHANNEL_NAME) \
          JOIN performance_schema.replication_applier_configuration USING (CHANNEL_NAME) \
          WHERE GTID_SUBTRACT(RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed) <> ''), 0))",
    )
}

/// <https://dev.mysql.com/doc/refman/8.0/en/show-replica-status.html>
pub(super) fn replica_status() -> Statement {
    Statement::new("asking for the replica's status", "SHOW REPLICA STATUS")
}
