//! What the throttle looks at.

use aurora_sql::SqlError;

/// One number that says how busy a server is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal<'a> {
    /// How far this server is behind its source, in milliseconds, asked of the binlog replica
    /// itself. Replication that does not run has no number.
    ReplicaLag,
    /// `InnoDB`'s history list length: how many transactions have left undo that is not purged yet.
    HistoryListLength,
    /// `Threads_running`, without the session that asks and without the connection given.
    ThreadsRunning {
        /// The job's own connection.
        without: u32,
    },
    /// How many sessions wait for a lock that this connection holds.
    LockWaits {
        /// The job's own connection.
        holder: u32,
    },
    /// The team's own query.
    Query(&'a str),
}

/// How far one Aurora reader is behind the writer.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderLag {
    /// The identifier of its DB instance.
    pub reader: String,
    /// In milliseconds.
    pub milliseconds: f64,
}

/// A number that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// The server could not be asked, or refused for another reason than a missing right.
    #[error("{0}")]
    Sql(#[from] SqlError),
    /// The login may not ask.
    #[error("the right {needs} is missing ({code})")]
    Right {
        /// The right, as `GRANT` takes it, with what it is on.
        needs: &'static str,
        /// MySQL's error number.
        code: u16,
    },
    /// The server has no such table, or the answer is no number: why, in words.
    #[error("{0}")]
    Odd(String),
}

impl Unread {
    /// Whether the session may be over, so that the server must be logged in to again.
    #[must_use]
    pub const fn ends_the_session(&self) -> bool {
        matches!(
            self,
            Self::Sql(
                SqlError::AccessDenied { .. }
                    | SqlError::Unreachable { .. }
                    | SqlError::Tls { .. }
                    | SqlError::TimedOut { .. }
                    | SqlError::Lost { .. }
            )
        )
    }
}

/// Readings, through one login.
pub trait Readings {
    /// The number; a fraction only of lags and of the team's own query.
    ///
    /// # Errors
    /// When it cannot be read: also where the answer is NULL or no number.
    fn reading(&mut self, signal: Signal<'_>) -> impl Future<Output = Result<f64, Unread>>;

    /// How far each Aurora reader is behind, asked of the writer; none where the cluster has no
    /// reader that told of itself within the last minute.
    ///
    /// # Errors
    /// When it cannot be read, such as where the server is not Aurora.
    fn reader_lags(&mut self) -> impl Future<Output = Result<Vec<ReaderLag>, Unread>>;

    /// The server's number for this connection.
    #[must_use]
    fn connection(&self) -> u32;
}
