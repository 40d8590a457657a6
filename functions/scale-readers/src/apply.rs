//! One change each, every answer classified.

mod create;
mod drain;
mod remove;

use aurora::ApiError;
use aurora_model::{Decision, Outcome};
use handler::Invocation;

use crate::{Policy, Tools, change::Change};

/// Carries out one change.
pub(crate) async fn apply(
    tools: &Tools,
    call: &Invocation<Policy>,
    decision: &Decision<Change>,
    change: &Change,
) -> Outcome {
    let aurora = &tools.aurora;
    match change {
        Change::Create(create) => create::create(aurora, create).await,
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
