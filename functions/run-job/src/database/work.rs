//! Work that the server does by itself: a procedure, a statement.

use std::time::Duration;

use aurora_sql::SqlError;
use jobs::policy::{Call, Name, Sql};

use super::{Holder, Place, RunId};

/// What is to be run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work<'a> {
    /// A procedure of this schema.
    Call(&'a Name, &'a Call),
    /// A statement.
    Statement(&'a Sql),
}

/// Work through one login.
pub trait Supervised {
    /// Runs it on this session, and ends it on the server when `budget` is up: how many rows it
    /// changed, where the server says.
    ///
    /// # Errors
    /// What the server refused it with; [`SqlError::TimedOut`] at the budget's end.
    fn work(
        &mut self,
        work: Work<'_>,
        budget: Duration,
    ) -> impl Future<Output = Result<u64, SqlError>>;

    /// Runs a statement that does not commit by itself, in one transaction with the ledger's note
    /// `then` and a step more: how many rows it changed; `None` where another has the run in hand, and
    /// nothing was changed.
    ///
    /// # Errors
    /// Nothing was changed, unless [`SqlError::unsure`].
    fn work_noted(
        &mut self,
        work: Work<'_>,
        budget: Duration,
        run: RunId,
        holder: &Holder,
        then: &Place,
    ) -> impl Future<Output = Result<Option<u64>, SqlError>>;
}
