//! What a job asks of the database, apart from how it is asked.
//!
//! The functions that decide and act know these traits only. One implementation talks to real
//! servers (`mysql`); the simulator has another.

mod ledger;
mod partitions;
mod readings;
mod tables;
mod work;

use std::time::Duration;

use aurora_sql::SqlError;
pub use aurora_sql::{Endpoint, Login};
use jobs::policy::Name;
use tokio::time::Instant;

pub use self::{
    ledger::{
        Begun, Change, End, Holder, Ledger, NewRun, Pause, Place, Run, RunId, Skip, Standing,
        State, Tally,
    },
    partitions::{Bounds, Counted, Exchanged, Partition, Partitioned, Scheme},
    readings::{ReaderLag, Readings, Signal, Unread},
    tables::{
        Column, Condition, Done, Estimate, ForeignKey, Held, Index, Key, Kin, Literal, Part, Piece,
        Range, Step, Table, Tables, Test, Walk,
    },
    work::{Parameter, Procedure, Supervised, Work, Worked},
};

/// How one may log in, and for how long.
#[derive(Clone, Debug)]
pub struct Access {
    /// The certificates to trust instead of Amazon's, as PEM.
    pub ca: Option<String>,
    /// Whether the policy allows a session without TLS.
    pub plain_text: bool,
    /// The schema the session is in.
    pub database: Option<Name>,
    /// How long a connection may take, TLS and login included.
    pub connect: Duration,
    /// How long a statement may take.
    pub statement: Duration,
    /// How long it may wait for a lock.
    pub lock_wait: Duration,
    /// When the run must have stopped.
    pub until: Instant,
}

/// The servers of the clusters that jobs run on.
pub trait Database {
    /// One login.
    type Session: Session;

    /// Logs in at `to`.
    ///
    /// # Errors
    /// [`SqlError::AccessDenied`] when this credential does not open the door; otherwise nothing
    /// is known about the credential.
    fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> impl Future<Output = Result<Self::Session, SqlError>>;
}

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The version, as the server spells it: `8.0.39`, `9.7.4-2`.
    pub version: String,
    /// Whether it takes writes: `@@innodb_read_only` and `@@super_read_only` are both 0.
    pub writable: bool,
    /// Whether it is Aurora.
    pub aurora: bool,
    /// `@@server_uuid`.
    pub uuid: String,
}

/// One login on one server.
pub trait Session: Ledger + Tables + Partitioned + Supervised + Readings {
    /// What the server says of itself.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn server(&mut self) -> impl Future<Output = Result<Server, SqlError>>;

    /// Takes the lock `name` on this server: whether it was had within `wait`. It is held until
    /// the session is over, also by a statement that goes on in the server after its client died.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn lock(&mut self, name: &str, wait: Duration) -> impl Future<Output = Result<bool, SqlError>>;

    /// Whether the EVENT `schema.name` is enabled on this server; `None` where there is none.
    /// <https://dev.mysql.com/doc/refman/8.0/en/show-events.html>
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] where the login may not see the schema's EVENTs; otherwise when it
    /// cannot be asked.
    fn event_enabled(
        &mut self,
        schema: &str,
        name: &str,
    ) -> impl Future<Output = Result<Option<bool>, SqlError>>;

    /// Logs out.
    fn close(self) -> impl Future<Output = ()>;
}
