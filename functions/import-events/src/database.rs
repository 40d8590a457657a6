//! What is asked of the database, apart from how it is asked.
//!
//! The functions that decide and act know these traits only. One implementation talks to real
//! servers ([`mysql`](crate::mysql)); another may stand in for them.

mod found;
mod ledger;

use std::time::Duration;

use aurora_sql::SqlError;
pub use aurora_sql::{Account, Endpoint, Login};
use jiff::Timestamp;
use jobs::JobName;
use tokio::time::Instant;

pub use self::{
    found::{Found, Status},
    ledger::{Last, Ledger},
};

/// How one may log in, and for how long.
#[derive(Clone, Debug)]
pub struct Access {
    /// The certificates to trust instead of Amazon's, as PEM.
    pub ca: Option<String>,
    /// Whether the policy allows a session without TLS.
    pub plain_text: bool,
    /// When the session must be over.
    pub until: Instant,
}

/// The servers of the clusters.
pub trait Database {
    /// One login.
    type Session: Session;

    /// Logs in at `to`.
    ///
    /// # Errors
    /// [`SqlError::AccessDenied`] when this credential does not open the door; otherwise nothing is
    /// known about the credential.
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
    /// Whether it takes writes.
    pub writable: bool,
    /// `@@event_scheduler`: `ON`, `OFF` or `DISABLED`.
    /// <https://dev.mysql.com/doc/refman/8.0/en/events-configuration.html>
    pub scheduler: String,
    /// `@@system_time_zone`, for which the zone `SYSTEM` of an EVENT may stand.
    pub zone: String,
    /// The version, as the server spells it: `8.0.39`, `9.7.4-2`.
    pub version: String,
    /// The account that the login was matched with.
    pub account: Account,
    /// Its clock.
    pub now: Timestamp,
}

/// Whether an EVENT is being executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// It is, or another of the same definer in the same schema is: the server does not say which.
    Yes,
    /// It is not.
    No,
    /// The login lacks `PROCESS`: it sees its own connections only.
    Unseen,
}

/// One account as it bears on its EVENTs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definer {
    /// The account.
    pub account: Account,
    /// Whether it is locked.
    pub locked: bool,
}

/// One login on one server.
pub trait Session {
    /// What the server says of itself.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn server(&mut self) -> impl Future<Output = Result<Server, SqlError>>;

    /// Takes the lock `name` on this server: whether it was had within `wait`. It is held until the
    /// session is over.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn lock(&mut self, name: &str, wait: Duration) -> impl Future<Output = Result<bool, SqlError>>;

    /// The lines of `SHOW GRANTS` for the login.
    ///
    /// # Errors
    /// When they cannot be read.
    fn grants(&mut self) -> impl Future<Output = Result<Vec<String>, SqlError>>;

    /// Every EVENT that the login may see, in the order of their names.
    ///
    /// # Errors
    /// When they cannot be read.
    fn events(&mut self) -> impl Future<Output = Result<Vec<Found>, SqlError>>;

    /// The EVENT `schema.name`; `None` where there is none, or none that the login may see.
    ///
    /// # Errors
    /// When it cannot be read.
    fn event(
        &mut self,
        schema: &str,
        name: &str,
    ) -> impl Future<Output = Result<Option<Found>, SqlError>>;

    /// `SHOW CREATE EVENT`: the statement that makes it.
    ///
    /// # Errors
    /// When it cannot be read.
    fn create_statement(&mut self, event: &Found)
    -> impl Future<Output = Result<String, SqlError>>;

    /// Whether `event` is being executed.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn running(&mut self, event: &Found) -> impl Future<Output = Result<Running, SqlError>>;

    /// Enables or disables `event` and changes nothing else of it: its definer and the character set
    /// and collation it was made in are given again, which the server would replace by the session's.
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] where the login may not name the definer. It may have taken effect
    /// where [`SqlError::unsure`] says so.
    fn set_status(
        &mut self,
        event: &Found,
        enabled: bool,
    ) -> impl Future<Output = Result<(), SqlError>>;

    /// Every account of the server.
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] where the login may not read them.
    fn accounts(&mut self) -> impl Future<Output = Result<Vec<Definer>, SqlError>>;

    /// What the ledger knows of `job`; `None` where there is no ledger.
    ///
    /// # Errors
    /// When it cannot be read.
    fn ledger(&mut self, job: &JobName) -> impl Future<Output = Result<Option<Ledger>, SqlError>>;

    /// Logs out.
    fn close(self) -> impl Future<Output = ()>;
}
