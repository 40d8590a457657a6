//! Takes tonight's snapshot of each Aurora cluster the policy selects.
//!
//! It observes ([`plan::Observation`]), decides ([`plan::plan`]), acts and reports. Running it
//! twice for one trigger takes one snapshot: the name comes from the trigger's time.

mod apply;
mod asleep;
pub mod happened;
mod notes;
pub mod plan;
pub mod policy;
mod slot;
pub mod status;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use aurora::{ApiError, Aurora};
use aurora_model::{ClusterStatus, Measure, Note, Outcome, Plan, Report, Severity};
use handler::{Cause, Error, Invocation};

pub use policy::Policy;

use crate::plan::{Create, Observation, Occasion};

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "take-snapshot";
/// RDS answers a handful of creations at once without throttling the account.
const AT_ONCE: usize = 4;

/// Answers one trigger.
///
/// # Errors
/// When what the decision needs cannot be read; then nothing was touched.
pub async fn handle(aurora: &Aurora, call: Invocation<Policy>) -> Result<Report, Error> {
    let (plan, measure) = match &call.trigger.cause {
        Cause::RdsEvent(event) => {
            let snapshot = call
                .read(
                    "the snapshot",
                    aurora.snapshot(&event.source_id),
                    ApiError::retryable,
                )
                .await?;
            happened::event(&call.policy, event, snapshot.as_ref(), call.trigger.time)
        }
        Cause::ApiCall(api_call) => (
            happened::deletion(&call.policy, api_call, call.trigger.time),
            None,
        ),
        Cause::Schedule | Cause::Tick => (tonight(aurora, &call).await?, None),
        Cause::Alarm(_) | Cause::Failure(_) | Cause::Rotation(_) => {
            let expected = "a schedule or an event about a snapshot";
            return Err(call.trigger.unexpected(expected).into());
        }
    };
    let act = async |_: &_, action: &Create| apply::create(aurora, action, &call.request_id).await;
    let outcomes = handler::apply(&plan, call.mode, call.deadline, AT_ONCE, act).await;
    let outcomes = outcomes.into_iter().map(not_left).collect();
    Ok(report(&call, plan, outcomes, measure))
}

/// A night has few ticks, and the last has none after it: what the time did not suffice for,
/// Lambda's own retry takes within minutes, and where that fails too, its last failure reaches the inbox.
fn not_left(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Left { detail } => Outcome::Failed {
            detail,
            retry: true,
        },
        other => other,
    }
}

fn report(
    call: &Invocation<Policy>,
    plan: Plan<Create>,
    outcomes: Vec<Outcome>,
    measure: Option<Measure>,
) -> Report {
    let mut report = Report::new(
        NAME,
        call.mode.as_str(),
        call.trigger.reference(),
        plan,
        outcomes,
    );
    report.measures.extend(measure);
    report
}

async fn tonight(aurora: &Aurora, call: &Invocation<Policy>) -> Result<Plan<Create>, Error> {
    let mut unread = Vec::new();
    let seen = observe(aurora, call, &mut unread).await?;
    let mut plan = plan::plan(
        &call.policy,
        &seen,
        Occasion {
            time: call.trigger.time,
            request_id: &call.request_id,
        },
    );
    plan.notes.extend(unread);
    Ok(plan)
}

/// Reads everything the decision needs. What it can do without (the quota, when a stopped
/// cluster was stopped) does not stop the night's snapshots when it cannot be read: `unread`
/// gets a note instead.
async fn observe(
    aurora: &Aurora,
    call: &Invocation<Policy>,
    unread: &mut Vec<Note>,
) -> Result<Observation, Error> {
    let clusters = call
        .read("the clusters", aurora.clusters(), ApiError::retryable)
        .await?;
    let snapshots = call
        .read("the snapshots", aurora.snapshots(), ApiError::retryable)
        .await?;
    let mut unreadable = |error: Error| unread.push(Note::new(Severity::Info, error.to_string()));
    let quota = call
        .read("the quota", aurora.snapshot_quota(), ApiError::retryable)
        .await
        .unwrap_or_else(|error| {
            unreadable(error);
            None
        });
    let selector = call.policy.selector();
    let mut stopped = BTreeMap::new();
    for cluster in clusters
        .iter()
        .filter(|cluster| selector.selects(cluster) && cluster.status == ClusterStatus::Stopped)
    {
        match call
            .read(
                "the events of a stopped cluster",
                aurora.stopped_at(&cluster.id),
                ApiError::retryable,
            )
            .await
        {
            Ok(at) => stopped.extend(at.map(|at| (cluster.id.clone(), at))),
            Err(error) => unreadable(error),
        }
    }
    Ok(Observation {
        clusters,
        snapshots,
        quota,
        stopped,
    })
}
