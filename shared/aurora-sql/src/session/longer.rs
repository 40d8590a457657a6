//! Statements that have a limit of their own, and what is done after those that a team wrote.

use std::time::Duration;

use tokio::time::Instant;

use super::{Session, send::Wanted, timed_out};
use crate::{Limits, Row, SqlError, Statement, connect};

/// Error 1568: a transaction is open, so that what the next one is like cannot be set.
const IN_A_TRANSACTION: u16 = 1568;

impl Session {
    /// [`query`](Self::query) with a limit of its own. Where it is longer than the session's, the
    /// statement says so to the server by the hint `MAX_EXECUTION_TIME`.
    /// <https://dev.mysql.com/doc/refman/8.0/en/optimizer-hints.html#optimizer-hints-execution-time>
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn query_within(
        &mut self,
        statement: &Statement,
        limit: Duration,
    ) -> Result<Vec<Row>, SqlError> {
        let started = Instant::now();
        let answer = self.run(statement, Wanted::Rows, limit).await?;
        if started.elapsed() >= limit {
            return Err(timed_out(statement, true));
        }
        let row = |row| Row::new(statement.what(), row);
        Ok(answer.rows.into_iter().map(row).collect())
    }

    /// [`execute`](Self::execute) with a limit of its own.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn execute_within(
        &mut self,
        statement: &Statement,
        limit: Duration,
    ) -> Result<u64, SqlError> {
        Ok(self.run(statement, Wanted::Count, limit).await?.affected)
    }

    /// Lets the server give a `SELECT` up to `limit`, until [`settle`](Self::settle).
    /// <https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_max_execution_time>
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn allow_selects(&mut self, limit: Duration) -> Result<(), SqlError> {
        let sql = "SET SESSION max_execution_time = ";
        let limit = connect::milliseconds(limit);
        let statement = Statement::new("setting the time for a SELECT", sql).number(limit);
        self.execute(&statement).await.map(drop)
    }

    /// Makes the session what it was at its login, after a statement or procedure that a team wrote:
    /// a transaction that was left open is rolled back, and the settings are made again. Locks of
    /// `GET_LOCK` stay. Whether a transaction was open.
    /// <https://dev.mysql.com/doc/refman/8.0/en/set-transaction.html>
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn settle(&mut self) -> Result<bool, SqlError> {
        let ask = Statement::new("asking for a transaction", "SET TRANSACTION READ WRITE");
        let open = match self.execute(&ask).await {
            Ok(_) => false,
            Err(SqlError::Refused { code, .. }) if code == IN_A_TRANSACTION => true,
            Err(error) => return Err(error),
        };
        let rollback = Statement::new("rolling back", "ROLLBACK");
        self.execute(&rollback).await?;
        let limits = Limits {
            statement: self.limit,
            lock_wait: self.lock_wait,
            ..Limits::default()
        };
        let settings = Statement::new("making the session's settings", "");
        let settings = settings.spelled(&connect::settings(&limits));
        self.execute(&settings).await?;
        Ok(open)
    }
}
