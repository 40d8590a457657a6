//! What the throttle looks at.

use aurora_sql::SqlError;

/// One number that says how busy a server is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal<'a> {
    /// How far the slowest Aurora reader is behind, in milliseconds, asked of the writer.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ISTables.html>
    AuroraLag,
    /// How far this server is behind its source, in milliseconds, asked of the replica itself. NULL
    /// (replication does not run) is an answer that cannot be read.
    ReplicaLag,
    /// InnoDB's history list length.
    HistoryListLength,
    /// `Threads_running`, without the session that asks and without the connection given.
    ThreadsRunning {
        /// The job's own connection.
        without: Option<u32>,
    },
    /// How many sessions wait for a lock that this connection holds.
    LockWaits {
        /// The job's own connection.
        holder: u32,
    },
    /// The team's own query.
    Query(&'a str),
}

/// Readings, through one login.
pub trait Readings {
    /// The number; a fraction only of the team's own query.
    ///
    /// # Errors
    /// When it cannot be read: also where the answer is NULL or no number.
    fn reading(&mut self, signal: Signal<'_>) -> impl Future<Output = Result<f64, SqlError>>;

    /// The server's number for this connection.
    #[must_use]
    fn connection(&self) -> u32;
}
