//! Emptying a reader, and using it again.

use aurora::{Aurora, SetEndpointError};
use aurora_model::{Outcome, Tags, reader::CustomEndpoint, tags};

use super::failed;
use crate::{
    change::{Drain, Return},
    changes::stamp,
    endpoints,
};

/// Notes that the reader is to go and what it is taken out of, and takes it out of that. The note comes
/// first: whatever happens then, a later run knows how to go on and how to go back.
pub(super) async fn begin(aurora: &Aurora, drain: &Drain) -> Outcome {
    outcome(try_begin(aurora, drain).await)
}

async fn try_begin(aurora: &Aurora, drain: &Drain) -> Result<(), SetEndpointError> {
    let mut note = Tags::default();
    note.set(tags::DRAINING_SINCE, stamp(drain.since));
    for endpoint in &drain.endpoints {
        note.set(endpoints::key(&endpoint.id), "");
    }
    aurora.tag(&drain.arn, &note).await?;
    set(aurora, &drain.endpoints).await
}

/// Puts the reader back into what it was taken out of, and forgets that it was to go. That comes last:
/// until then a later run goes on with this.
pub(super) async fn back(aurora: &Aurora, back: &Return) -> Outcome {
    outcome(try_back(aurora, back).await)
}

async fn try_back(aurora: &Aurora, back: &Return) -> Result<(), SetEndpointError> {
    set(aurora, &back.endpoints).await?;
    aurora.untag(&back.arn, &back.keys).await?;
    Ok(())
}

/// An endpoint that is gone since leads to nobody any more.
async fn set(aurora: &Aurora, endpoints: &[CustomEndpoint]) -> Result<(), SetEndpointError> {
    for endpoint in endpoints {
        match aurora.set_endpoint_members(endpoint).await {
            Ok(()) | Err(SetEndpointError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn outcome(done: Result<(), SetEndpointError>) -> Outcome {
    match done {
        Ok(()) => Outcome::Done,
        Err(SetEndpointError::InvalidState(error)) => Outcome::Busy {
            detail: error.to_string(),
        },
        Err(SetEndpointError::NotFound(error) | SetEndpointError::Api(error)) => failed(&error),
    }
}
