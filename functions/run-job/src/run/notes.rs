//! What is written down of a schedule that is not begun now.

use aurora_model::Outcome;
use aurora_sql::SqlError;

use super::Visit;
use crate::{
    database::{Database, Ledger, Skip},
    decide::Note,
    report::log_as,
};

/// Writes it down. What may pass is for Lambda to try again: the schedule is in no other place.
pub(super) async fn write<D: Database>(
    visit: &Visit<'_, D>,
    session: &mut D::Session,
    note: &Note,
) -> Outcome {
    let job = &visit.job().job;
    let written = match note {
        Note::Keep { slot, .. } => session.buffer(job, Some(*slot)).await.map(|()| true),
        Note::Skip {
            slot,
            why,
            logged,
            told,
        } => {
            let skip = Skip {
                slot: *slot,
                at: visit.moment(),
                why: why.clone(),
                spec: visit.spec.clone(),
                log_as: logged.then(|| log_as(visit.job()).to_owned()),
                told: *told,
            };
            session.skip(job, &skip).await
        }
    };
    match written {
        Ok(true) => Outcome::Done,
        Ok(false) => Outcome::AlreadyDone,
        Err(error) => failed(&error),
    }
}

fn failed(error: &SqlError) -> Outcome {
    Outcome::Failed {
        detail: format!("writing to the ledger: {error}"),
        retry: error.retryable(),
    }
}
