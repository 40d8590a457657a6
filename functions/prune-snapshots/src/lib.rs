//! Deletes the snapshots that no rule of the policy keeps, within the safety rails.
//!
//! [`plan`](plan::plan) is the decision: [`scope`] says which clusters it is about, [`standing`]
//! which of their snapshots take part, [`retention`] which of those are kept, and [`rails`] what
//! no plan may do. None of these reads a clock, the environment or AWS.

mod apply;
pub mod plan;
pub mod policy;
pub mod rails;
pub mod recovery;
pub mod retention;
pub mod scope;
pub mod standing;

use aurora::{ApiError, Aurora};
use aurora_model::Report;
use handler::{Cause, Error, Invocation};

use crate::{
    plan::{Delete, Observation},
    policy::Policy,
};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "prune-snapshots";
/// RDS answers a handful of deletions at once without throttling the account.
const AT_ONCE: usize = 4;

/// Answers one trigger.
///
/// # Errors
/// When the trigger is not a schedule, or the clusters and snapshots cannot be read; then
/// nothing was touched.
pub async fn handle(aurora: &Aurora, call: Invocation<Policy>) -> Result<Report, Error> {
    if !matches!(call.trigger.cause, Cause::Schedule | Cause::Tick) {
        return Err(call.trigger.unexpected("a schedule").into());
    }
    let clusters = call
        .read("the clusters", aurora.clusters(), ApiError::retryable)
        .await?;
    let snapshots = call
        .read("the snapshots", aurora.snapshots(), ApiError::retryable)
        .await?;
    let seen = Observation {
        clusters,
        snapshots,
    };
    let plan = plan::plan(&call.policy, &seen, call.now);
    let act = async |_: &_, action: &Delete| apply::delete(aurora, action).await;
    let outcomes = handler::apply(&plan, call.mode, call.deadline, AT_ONCE, act).await;
    Ok(Report::new(
        NAME,
        call.mode.as_str(),
        call.trigger.reference(),
        plan,
        outcomes,
    ))
}
