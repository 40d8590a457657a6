//! One change each, every answer classified.

mod create;
mod drain;
mod made;
mod remove;

use std::sync::{Mutex, PoisonError};

use aurora::ApiError;
use aurora_model::{Decision, Note, Outcome};
use handler::Invocation;

use self::made::Made;
use crate::{Policy, Tools, change::Change};

/// What a run has done so far.
#[derive(Debug, Default)]
pub(crate) struct SoFar {
    notes: Mutex<Vec<Note>>,
    made: Made,
}

impl SoFar {
    /// What a person should know of the changes beyond their outcomes.
    pub(crate) fn into_notes(self) -> Vec<Note> {
        let notes = self.notes.into_inner();
        notes.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries out one change.
pub(crate) async fn apply(
    tools: &Tools,
    call: &Invocation<Policy>,
    (decision, change): (&Decision<Change>, &Change),
    so_far: &SoFar,
) -> Outcome {
    let aurora = &tools.aurora;
    match change {
        Change::Create(create) => {
            let (outcome, told) =
                create::create(aurora, create, &call.request_id, &so_far.made).await;
            let mut notes = so_far.notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.extend(told);
            outcome
        }
        Change::Created => Outcome::Done,
        Change::Drain(drain) => drain::begin(aurora, drain).await,
        Change::Return(back) => drain::back(aurora, back).await,
        Change::Delete(delete) => {
            remove::remove(
                aurora,
                &decision.cluster,
                &decision.subject,
                delete,
                (&so_far.made, call.now),
            )
            .await
        }
    }
}

fn failed(error: &ApiError) -> Outcome {
    Outcome::Failed {
        detail: error.to_string(),
        retry: error.retryable(),
    }
}
