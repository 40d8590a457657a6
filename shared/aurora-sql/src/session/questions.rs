//! What every session can be asked, and the locks that it can hold.

use std::time::Duration;

use super::{Session, send::Wanted, timed_out};
use crate::{Account, Row, SqlError, Statement, connect, lock};

impl Session {
    /// Whether the server takes writes: neither `@@innodb_read_only`, by which an Aurora reader is
    /// known, nor `@@super_read_only` is set.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn is_writer(&mut self) -> Result<bool, SqlError> {
        let sql = "SELECT @@innodb_read_only + @@super_read_only";
        let statement = Statement::new("asking for the writer", sql);
        let row = self.row(&statement).await?;
        Ok(row.integer(0)? == Some(0))
    }

    /// The version, as the server spells it: `8.0.39`, `9.7.4-2`.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn server_version(&mut self) -> Result<String, SqlError> {
        let statement = Statement::new("asking for the version", "SELECT @@version");
        self.row(&statement).await?.required_text(0)
    }

    /// The account that the login was matched with.
    /// <https://dev.mysql.com/doc/refman/8.0/en/account-activation.html>
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn account(&mut self) -> Result<Account, SqlError> {
        let statement = Statement::new("asking for the account", "SELECT CURRENT_USER()");
        let user = self.row(&statement).await?.required_text(0)?;
        let account = Account::from_current_user(&user);
        account.ok_or_else(|| odd(&statement))
    }

    /// `GET_LOCK`: whether the lock was had within `wait`, in whole seconds, rounded up. It is held
    /// until it is released or the session is over, on this server only. A name of more than 64
    /// characters stands for its SHA-256; upper and lower case are the same.
    /// <https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html>
    ///
    /// # Errors
    /// When it cannot be asked; [`SqlError::Locked`] with 3058 where waiting would be a deadlock.
    pub async fn get_lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        let limit = wait.saturating_add(self.limit);
        let seconds = u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
        let statement = Statement::new("waiting for the lock", "SELECT /*+ MAX_EXECUTION_TIME(")
            .number(connect::milliseconds(limit))
            .sql(") */ GET_LOCK(?, ?)")
            .bind(lock::name(name))
            .bind(seconds);
        self.lock_answer(&statement, limit).await
    }

    /// `RELEASE_LOCK`: whether this session had held it.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn release_lock(&mut self, name: &str) -> Result<bool, SqlError> {
        let sql = "SELECT COALESCE(RELEASE_LOCK(?), 0)";
        let statement = Statement::new("releasing the lock", sql).bind(lock::name(name));
        let limit = self.limit;
        self.lock_answer(&statement, limit).await
    }

    async fn row(&mut self, statement: &Statement) -> Result<Row, SqlError> {
        let rows = self.query(statement).await?;
        rows.into_iter().next().ok_or_else(|| odd(statement))
    }

    async fn lock_answer(
        &mut self,
        statement: &Statement,
        limit: Duration,
    ) -> Result<bool, SqlError> {
        let answer = self.run(statement, Wanted::Rows, limit).await?;
        let row = answer.rows.into_iter().next();
        let row = row.map(|row| Row::new(statement.what(), row));
        match row.ok_or_else(|| odd(statement))?.integer(0)? {
            Some(had) => Ok(had == 1),
            None => Err(timed_out(statement, true)),
        }
    }
}

/// An answer that is not as expected, with the client's number for it.
fn odd(statement: &Statement) -> SqlError {
    SqlError::odd_answer(statement.what())
}
