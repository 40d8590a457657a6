//! Work that the server does by itself: a procedure, a statement.

use std::time::Duration;

use aurora_sql::SqlError;
use jobs::policy::{Call, Name, Sql};

use super::{Holder, Place, RunId, Tally};

/// What is to be run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work<'a> {
    /// A procedure of this schema.
    Call(&'a Name, &'a Call),
    /// A statement.
    Statement(&'a Sql),
}

/// Work that ended by itself, without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worked {
    /// How many rows it changed, where the server says: of a procedure, those of its last statement.
    pub rows: u64,
    /// Whether it left a transaction open, which was rolled back.
    pub rolled_back: bool,
}

/// A parameter of a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `IN`, `OUT` or `INOUT`.
    pub mode: String,
}

/// A procedure that the login may execute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Its parameters, in their order.
    pub parameters: Vec<Parameter>,
    /// Whether the login can end it from a second session. While a procedure runs with the rights of
    /// another account, its definer's, `KILL QUERY` is refused; AWS's `mysql.rds_kill_query` does it.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
    pub endable: bool,
}

/// Work through one login.
pub trait Supervised {
    /// What is known of a procedure; `None` where there is none that the login may execute.
    /// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-parameters-table.html>
    ///
    /// # Errors
    /// When it cannot be asked.
    fn procedure(
        &mut self,
        schema: &Name,
        procedure: &Name,
    ) -> impl Future<Output = Result<Option<Procedure>, SqlError>>;

    /// Has the server read a statement, without carrying it out. It refuses several in one text.
    /// <https://dev.mysql.com/doc/refman/8.0/en/prepare.html>
    ///
    /// # Errors
    /// What the server refused it with.
    fn prepare(&mut self, sql: &Sql) -> impl Future<Output = Result<(), SqlError>>;

    /// Runs it on this session, and ends it on the server when `budget` is up.
    ///
    /// # Errors
    /// What the server refused it with; [`SqlError::TimedOut`] at the budget's end, and then the
    /// session is over.
    fn work(
        &mut self,
        work: Work<'_>,
        budget: Duration,
    ) -> impl Future<Output = Result<Worked, SqlError>>;

    /// Runs a statement that does not commit by itself, in one transaction with the ledger's note
    /// `then` and a step more: how many rows it changed; `None` where another has the run in hand, and
    /// nothing was changed.
    ///
    /// # Errors
    /// Nothing was changed, unless [`SqlError::Lost`].
    fn work_noted(
        &mut self,
        work: Work<'_>,
        budget: Duration,
        run: RunId,
        holder: &Holder,
        then: &Place,
    ) -> impl Future<Output = Result<Option<u64>, SqlError>>;

    /// Notes what commits by itself, once it is done: where the run goes on, and `more` of what it
    /// has done. Whether the holder still has the run.
    ///
    /// # Errors
    /// When it cannot be written.
    fn note(
        &mut self,
        run: RunId,
        holder: &Holder,
        then: &Place,
        more: &Tally,
    ) -> impl Future<Output = Result<bool, SqlError>>;
}
