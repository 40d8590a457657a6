//! Runs a procedure or a statement under a time budget.
//!
//! **Never twice at the same time.** The session that works holds the job's lock, and a statement goes
//! on in the server when its client dies: as long as it does, nobody else has the lock.
//!
//! **Once.** A statement that does not commit by itself runs in one transaction with the ledger's note
//! of it: it took effect if the ledger says so. Of a procedure, or a statement that commits by itself,
//! the ledger says that it is about to be sent, and afterwards that it is done. Where it says the
//! first only, nobody knows, and the policy says what to do (`lost`).

mod end;
mod look;
mod run;
mod sql;
mod tokens;

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::Job;

pub use self::{look::outlook, run::run};
use crate::{
    database::Database,
    turn::{Ended, Outlook, Turn},
};

/// What the job would do now; nothing is changed.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look<D: Database>(
    session: &mut D::Session,
    job: &Job,
    _slot: Timestamp,
) -> Result<Outlook, SqlError> {
    outlook(session, job).await
}

/// Goes on with the run until it is through or its turn ends.
pub async fn go_on<D: Database>(turn: &mut Turn<'_, D>) -> Ended {
    if run::is_done(&turn.run) {
        return Ended::Through;
    }
    match turn.pass().await {
        Ok(()) => run(&mut turn.hand()).await,
        Err(ended) => ended,
    }
}
