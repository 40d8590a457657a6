//! The transactions that `InnoDB` has open.

use std::{collections::HashMap, time::Duration};

use aurora_sql::{Row, Session, SqlError, Statement};

use super::spell::{number, optional};
use crate::database::look::Transaction;

/// So many are read.
pub(super) const MOST: usize = 10_000;

/// `InnoDB` does not bring `INNODB_TRX` up to date as long as it is read more often than every 100 ms.
/// <https://dev.mysql.com/doc/refman/8.0/en/innodb-information-schema-internal-data.html>
pub(super) const STALE: Duration = Duration::from_millis(150);

/// A transaction with the connection it belongs to; 0 for one that no connection has, such as one that was
/// prepared by `XA PREPARE`.
pub(super) struct Open {
    pub(super) connection: u64,
    pub(super) transaction: Transaction,
}

/// All, the oldest first. The columns of `INNODB_TRX` are in the time zone of the server's host, whatever
/// the session's is.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-trx-table.html>
pub(super) async fn all(session: &mut Session) -> Result<Vec<Open>, SqlError> {
    let statement = Statement::new(
        "asking for the transactions",
        "SELECT trx_mysql_thread_id, trx_id, \
         GREATEST(TIMESTAMPDIFF(SECOND, trx_started, clock.at), 0), \
         GREATEST(TIMESTAMPDIFF(SECOND, trx_wait_started, clock.at), 0), \
         trx_rows_modified, trx_rows_locked, trx_state = 'ROLLING BACK' \
         FROM information_schema.INNODB_TRX \
         JOIN (SELECT CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM') AS at) AS clock \
         ORDER BY trx_started LIMIT ",
    )
    .number(MOST as u64);
    let rows = session.query(&statement).await?;
    rows.iter().map(open).collect()
}

fn open(row: &Row) -> Result<Open, SqlError> {
    let transaction = Transaction {
        id: number(row, 1)?,
        seconds: number(row, 2)?,
        waiting: optional(row, 3)?,
        modified: number(row, 4)?,
        locked: number(row, 5)?,
        rolling_back: number(row, 6)? != 0,
    };
    Ok(Open {
        connection: number(row, 0)?,
        transaction,
    })
}

/// By connection; where one has several, such as while it changes a table's definition, its oldest.
pub(super) fn by_connection(open: &[Open]) -> HashMap<u64, &Transaction> {
    let mut found = HashMap::new();
    for open in open {
        found.entry(open.connection).or_insert(&open.transaction);
    }
    found
}
