//! One change each, every answer classified.

mod create;
mod drain;
mod remove;

use std::sync::Mutex;

use aurora::ApiError;
use aurora_model::{Decision, Note, Outcome};
use handler::Invocation;

use crate::{Policy, Tools, change::Change};

/// What was noticed on the way.
pub(crate) type Notes = Mutex<Vec<Note>>;

/// Carries out one change. What a person should know of it beyond its outcome goes into `notes`.
pub(crate) async fn apply(
    tools: &Tools,
    call: &Invocation<Policy>,
    (decision, change): (&Decision<Change>, &Change),
    notes: &Notes,
) -> Outcome {
    let aurora = &tools.aurora;
    match change {
        Change::Create(create) => {
            let (outcome, note) = create::create(aurora, create, &call.request_id).await;
            if let Ok(mut notes) = notes.lock() {
                notes.extend(note);
            }
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
                call.now,
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
