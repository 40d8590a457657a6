//! What remedy-alarm asks of the database, apart from how it is asked.
//!
//! The functions that decide know the plain data of [`look`] only; those that act know these two
//! traits. One implementation talks to real servers (`mysql`); the simulator has another.

pub mod look;

use std::time::Duration;

use aurora_sql::{Endpoint, Login, SqlError};
use tokio::time::Instant;

use self::look::{Look, Session, Wanted};

/// How one may log in, and for how long.
#[derive(Clone, Debug)]
pub struct Access {
    /// The certificates to trust instead of Amazon's, as PEM.
    pub ca: Option<String>,
    /// Whether the policy allows a session without TLS.
    pub plain_text: bool,
    /// How long a connection may take, TLS and login included.
    pub connect: Duration,
    /// How long a query may take.
    pub query: Duration,
    /// When the run must have stopped.
    pub until: Instant,
}

/// The servers of the cluster.
pub trait Database {
    /// One login.
    type Server: Server;

    /// Logs in at `to`.
    ///
    /// # Errors
    /// When it does not come about; that is itself a finding.
    fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> impl Future<Output = Result<Self::Server, SqlError>>;
}

/// What is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ending {
    /// The statement alone; the connection stays, and with it its transaction.
    Statement,
    /// The connection; the server rolls its transaction back.
    Connection,
}

/// One login on one server.
pub trait Server {
    /// What the server is doing. A query that fails leaves a gap, which the look tells of.
    ///
    /// # Errors
    /// When not even the server itself can be asked what it is.
    fn look(&mut self, wanted: Wanted) -> impl Future<Output = Result<Look, SqlError>>;

    /// The session of the connection `id` as it is now; `None` where there is no such connection.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn session(&mut self, id: u64) -> impl Future<Output = Result<Option<Session>, SqlError>>;

    /// Ends the connection `id`, or what it executes: on Aurora by `mysql.rds_kill` or
    /// `mysql.rds_kill_query`, elsewhere by `KILL`. Whether there was such a connection.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] where the login may not; otherwise when it cannot be asked.
    fn end(&mut self, id: u64, ending: Ending) -> impl Future<Output = Result<bool, SqlError>>;

    /// Logs out.
    fn close(self) -> impl Future<Output = ()>;
}
