//! Adds partitions ahead and takes away those past their age.
//!
//! What is to be done is seen in the table itself, so a run that was cut off is planned again and
//! goes on: first what is missing is added, then one partition after another goes, oldest first, and
//! before each the table is read again.

mod archive;
mod calendar;
mod observe;
pub mod plan;
mod shift;
mod take;

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::{Job, policy::Partitions};

pub use self::shift::shift;
use crate::{
    database::{Database, Partitioned},
    turn::{Ended, Outlook, Turn},
};

/// What the job would do now; nothing is changed.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look<D: Database>(
    session: &mut D::Session,
    job: &Job,
    slot: Timestamp,
) -> Result<Outlook, SqlError> {
    match &job.partitions {
        Some(wanted) => outlook(session, job, wanted, slot).await,
        None => Ok(Outlook::default()),
    }
}

/// Goes on with the run until it is through or its turn ends.
pub async fn go_on<D: Database>(turn: &mut Turn<'_, D>) -> Ended {
    match turn.pass().await {
        Ok(()) => shift(&mut turn.hand()).await,
        Err(ended) => ended,
    }
}

/// [`look`] on any login.
///
/// # Errors
/// When the server cannot be asked.
pub async fn outlook<S: Partitioned>(
    session: &mut S,
    job: &Job,
    wanted: &Partitions,
    slot: Timestamp,
) -> Result<Outlook, SqlError> {
    Ok(match observe::plan(session, job, wanted, slot).await? {
        Ok(plan) => Outlook {
            would: plan.describe(wanted),
            estimate: Some(plan.take.iter().map(|partition| partition.rows).sum()),
            ..Outlook::default()
        },
        Err(refusal) => Outlook {
            refused: vec![refusal.to_string()],
            ..Outlook::default()
        },
    })
}
