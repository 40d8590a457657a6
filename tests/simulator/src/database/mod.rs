//! The servers of the clusters, simulated: accounts with their passwords and rights, readers that
//! lag behind, user-level locks, sessions that are cut, failovers.
//!
//! [`World`] is plain data. [`Databases`] is the door to it for functions under test: what they
//! send takes time, meets what the weather has, and arrives even if the sender dies meanwhile.

mod account;
mod cluster;
mod session;
mod statement;
mod stored;
mod watched;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aurora_sql::SqlError;
use jiff::Timestamp;

pub use account::{Accounts, Entry, Password, matched};
pub use cluster::View;
pub use session::{Databases, Patience, Session};
pub use statement::{LOCK, Refusal, Statement};
pub use watched::{Glance, RIGHT_TO_END};
pub use world::{Opened, World};

/// A world that many share.
#[derive(Clone, Debug)]
pub struct Servers(Arc<Mutex<World>>);

impl Servers {
    /// Shares `world`.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// The world itself.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that a server was asked, as it really went.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The run that asked.
    pub who: usize,
    /// When it arrived, or would have.
    pub at: Timestamp,
    /// The cluster.
    pub cluster: String,
    /// The server.
    pub instance: String,
    /// What was asked, with numbers for passwords.
    pub said: String,
    /// The statement, where it was one that changes accounts.
    pub statement: Option<Statement>,
    /// What befell it.
    pub fault: Option<&'static str>,
    /// Whether it changed something.
    pub changed: bool,
    /// What the caller is told.
    pub told: Result<(), SqlError>,
}
