//! Emptying a reader, and using it again.

use aurora::{ApiError, Aurora};
use aurora_model::{Outcome, Tags, tags};

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

async fn try_begin(aurora: &Aurora, drain: &Drain) -> Result<(), ApiError> {
    let mut note = Tags::default();
    note.set(tags::DRAINING_SINCE, stamp(drain.since));
    for endpoint in &drain.endpoints {
        note.set(endpoints::key(&endpoint.id), "");
    }
    aurora.tag(&drain.arn, &note).await?;
    for endpoint in &drain.endpoints {
        aurora.set_endpoint_members(endpoint).await?;
    }
    Ok(())
}

/// Puts the reader back into what it was taken out of, and forgets that it was to go. That comes last:
/// until then a later run goes on with this.
pub(super) async fn back(aurora: &Aurora, back: &Return) -> Outcome {
    outcome(try_back(aurora, back).await)
}

async fn try_back(aurora: &Aurora, back: &Return) -> Result<(), ApiError> {
    for endpoint in &back.endpoints {
        aurora.set_endpoint_members(endpoint).await?;
    }
    aurora.untag(&back.arn, &back.keys).await
}

fn outcome(done: Result<(), ApiError>) -> Outcome {
    done.map_or_else(|error| failed(&error), |()| Outcome::Done)
}
