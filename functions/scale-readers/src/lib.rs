//! Adds and removes Aurora reader instances, by alarms and by the clock.
//!
//! Whatever wakes it, it reads the cluster, its instances and the policy's alarms as they are now
//! ([`fleet::Observation`]), decides from that alone ([`plan::plan`]), acts and reports. A trigger that
//! comes twice, late, or in another order than another one changes nothing.

mod apply;
pub mod change;
pub mod changes;
mod endpoints;
pub mod fleet;
mod observe;
pub mod plan;
pub mod policy;
pub mod telling;
mod wish;

use aurora::Aurora;
use aurora_model::{Plan, Report};
use cloudwatch::CloudWatch;
use handler::{Answer, Cause, Error, Invocation, Mode};

pub use policy::Policy;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "scale-readers";
/// One change after the other: each looks at what the one before has left.
const AT_ONCE: usize = 1;

/// What a run works with.
#[derive(Clone, Debug)]
pub struct Tools {
    /// RDS.
    pub aurora: Aurora,
    /// `CloudWatch`, for the alarms' states and for connections.
    pub cloudwatch: CloudWatch,
}

/// Answers one trigger: an alarm, a schedule or tick, or an event about an instance.
///
/// # Errors
/// When what the decision needs cannot be read; then nothing was touched.
pub async fn handle(tools: &Tools, call: Invocation<Policy>) -> Result<Answer<'_>, Error> {
    match &call.trigger.cause {
        Cause::Schedule | Cause::Tick | Cause::Alarm(_) | Cause::RdsEvent(_) => {}
        Cause::ApiCall(_) | Cause::Failure(_) | Cause::Rotation(_) => {
            let expected = "an alarm, a schedule or an event about an instance";
            return Err(call.trigger.unexpected(expected).into());
        }
    }
    let occasion = plan::Occasion {
        now: call.now,
        request_id: &call.request_id,
        daily: call.trigger.cause == Cause::Schedule,
    };
    let Some(seen) = observe::observe(tools, &call).await? else {
        let plan = plan::no_cluster(&call.policy);
        return Ok(carried_out(tools, &call, plan).await.into());
    };
    let plan = plan::plan(&call.policy, &seen, occasion);
    let report = carried_out(tools, &call, plan).await;
    if call.mode == Mode::Plan {
        return Ok(report.into());
    }
    let by = (occasion.daily, call.deadline, call.now);
    Ok(telling::told(&tools.aurora, &seen.cluster, report, by).await)
}

async fn carried_out(
    tools: &Tools,
    call: &Invocation<Policy>,
    plan: Plan<change::Change>,
) -> Report {
    let so_far = apply::SoFar::default();
    let act = async |decision: &_, change: &_| {
        apply::apply(tools, call, (decision, change), &so_far).await
    };
    let outcomes = handler::apply(&plan, call.mode, call.deadline, AT_ONCE, act).await;
    let reference = call.trigger.reference();
    let mut report = Report::new(NAME, call.mode.as_str(), reference, plan, outcomes);
    report.notes.extend(so_far.into_notes());
    report
}
