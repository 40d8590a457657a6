//! One login, and everything that is done with it.

use std::{pin::pin, time::Duration};

use mysql_async::{Conn, Error, Opts};
use secrets::Secret;
use tokio::time::{Instant, timeout_at};

use crate::{Endpoint, Options, Row, SqlError, Statement, Tls, classify, connect, cut};

mod longer;
mod questions;
mod send;

use send::{Answer, Wanted};

/// How much later than the server the client ends a `SELECT`, so that the server can do it first:
/// that takes no second connection.
const GRACE: Duration = Duration::from_millis(200);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// One login on one server.
///
/// Its settings are its own, whatever the server's are: utf8mb4, UTC, autocommit, MySQL 8.0's
/// default `sql_mode`, and the time limits. They must not be changed: literals depend on them.
/// After a minute without a statement the server closes it.
///
/// **Time.** Every statement has a limit: the session's, or what is left until the session's end,
/// whichever is less. One that reaches it is ended on the server, which may take another
/// [`Session::ENDING`], and the session is over: what it held, such as locks, is free as soon as
/// the statement has ended.
///
/// **Let it time out.** Whoever drops the future of a running statement, or the session in the
/// middle of one, closes the connection. A server does not look at a connection while it executes:
/// the statement goes on, with nobody to end it.
pub struct Session {
    conn: Option<Conn>,
    there: Opts,
    endpoint: Endpoint,
    limit: Duration,
    lock_wait: Duration,
    until: Instant,
    encrypted: bool,
    id: u32,
}

impl Session {
    /// How long ending a statement may take beyond its limit. A caller with a deadline opens the
    /// session until this much before it.
    pub const ENDING: Duration = cut::LIMIT;

    /// Until when a session is to be opened, so that all of it is over at `deadline`, a statement that
    /// must be ended included.
    #[must_use]
    pub fn until(deadline: Instant) -> Instant {
        deadline.checked_sub(Self::ENDING).unwrap_or(deadline)
    }

    /// Logs in as `user` at `to`, and into `database` where one is given. All that is done with
    /// the session ends at `until`.
    ///
    /// # Errors
    /// [`SqlError::AccessDenied`] when this credential does not open the door. [`SqlError::Tls`],
    /// [`SqlError::Unreachable`] and [`SqlError::Refused`] say nothing about the credential: an
    /// account may have a plugin other than `caching_sha2_password` and `mysql_native_password`.
    /// [`SqlError::MissingRight`] is about the database. A password with a NUL in it opens no door:
    /// clients and servers end it there.
    pub async fn open(
        to: &Endpoint,
        user: &str,
        password: &Secret,
        database: Option<&str>,
        options: &Options,
        until: Instant,
    ) -> Result<Self, SqlError> {
        let builder = connect::options(to, user, password, database, &options.tls)?;
        let by = within(options.limits.connect, until);
        let opened = timeout_at(by, connect::log_in(to, user, builder, options)).await;
        let (conn, there) = opened.unwrap_or_else(|_| Err(classify::no_answer(to)))?;
        Ok(Self {
            id: conn.id(),
            conn: Some(conn),
            there,
            endpoint: to.clone(),
            limit: options.limits.statement,
            lock_wait: options.limits.lock_wait,
            until,
            encrypted: options.tls != Tls::PlainText,
        })
    }

    /// The rows that `statement` answers; the first set of them where there are several. They are
    /// all read into memory.
    ///
    /// # Errors
    /// What the server refused it with, or what became of the connection. An answer that took as
    /// long as the limit is [`SqlError::TimedOut`] as well: a `SELECT` of nothing but `SLEEP()`
    /// answers as if it were done when the server ends it.
    pub async fn query(&mut self, statement: &Statement) -> Result<Vec<Row>, SqlError> {
        let limit = self.limit;
        self.query_within(statement, limit).await
    }

    /// Carries `statement` out: how many rows it changed, as the server counts them. Rows that it
    /// answers are read and dropped.
    ///
    /// # Errors
    /// What the server refused it with, or what became of the connection; it may have taken
    /// effect where [`SqlError::unsure`] says so.
    pub async fn execute(&mut self, statement: &Statement) -> Result<u64, SqlError> {
        let limit = self.limit;
        self.execute_within(statement, limit).await
    }

    /// The server's number for this connection, as `KILL` takes it.
    #[must_use]
    pub const fn connection_id(&self) -> u32 {
        self.id
    }

    /// Whether the session is encrypted. Where it is, the server's certificate was verified.
    #[must_use]
    pub const fn encrypted(&self) -> bool {
        self.encrypted
    }

    /// Logs out. A session that is dropped instead is closed all the same, in its own time.
    pub async fn close(mut self) {
        if let Some(conn) = self.conn.take() {
            let by = within(FAREWELL, self.until);
            let _closed = timeout_at(by, conn.disconnect()).await;
        }
    }

    /// The connection is taken out for as long as the statement runs, and put back only where it
    /// is known to be in order: whatever happens else, the session is over.
    async fn run(
        &mut self,
        statement: &Statement,
        wanted: Wanted,
        limit: Duration,
    ) -> Result<Answer, SqlError> {
        let not_sent = |why| classify::unreachable(&self.endpoint, why);
        if self.until <= Instant::now() {
            return Err(not_sent("the time for the session is up"));
        }
        let conn = self.conn.take();
        let mut conn = conn.ok_or_else(|| not_sent("the session is over"))?;
        let by = within(limit.saturating_add(GRACE), self.until);
        let (answer, in_order) = self.send(&mut conn, statement, wanted, by).await;
        if in_order && !conn.is_disconnected() && !matches!(answer, Err(SqlError::Lost { .. })) {
            self.conn = Some(conn);
        }
        answer
    }

    /// The answer, and whether it came by itself.
    async fn send(
        &self,
        conn: &mut Conn,
        statement: &Statement,
        wanted: Wanted,
        by: Instant,
    ) -> (Result<Answer, SqlError>, bool) {
        let mut work = pin!(send::send(conn, statement, wanted));
        let refused = |error| classify::at_statement(&error, &self.endpoint, statement.what());
        if let Ok(answer) = timeout_at(by, work.as_mut()).await {
            return (answer.map_err(refused), true);
        }
        let by = Instant::now() + cut::LIMIT;
        let ended = cut::end(self.there.clone(), self.id, by).await;
        let answer = match timeout_at(by, work).await {
            Ok(Ok(answer)) if !ended => Ok(answer),
            Ok(Err(error)) if !ended && !send::interrupted(&error) => Err(refused(error)),
            Ok(Err(Error::Server(error))) if error.code != classify::INTERRUPTED => {
                Err(refused(Error::Server(error)))
            }
            answered => Err(timed_out(statement, ended || answered.is_ok())),
        };
        (answer, false)
    }
}

/// The moment after `limit`, but not later than `until`, however large the limit is.
fn within(limit: Duration, until: Instant) -> Instant {
    let at = Instant::now().checked_add(limit);
    at.map_or(until, |at| at.min(until))
}

fn timed_out(statement: &Statement, ended: bool) -> SqlError {
    SqlError::TimedOut {
        what: statement.what().to_owned(),
        ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_is_too_large_to_be_added() {
        let until = Instant::now() + Duration::from_secs(1);
        assert_eq!(within(Duration::MAX, until), until);
        assert!(within(Duration::ZERO, until) < until);
    }
}
