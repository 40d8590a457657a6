//! What must change nothing at all.

use jiff::SignedDuration;

use crate::history::{History, own};

/// The run whose call, in the last step, changed something of RDS.
fn changed(history: &History) -> Option<usize> {
    let (run, record) = history.last_call()?;
    let reports = record.call.operation == "Publish";
    (!reports && own(record).next().is_some()).then_some(run)
}

pub(super) fn an_expired_trigger_changes_nothing(history: &History) -> Option<String> {
    let run = changed(history)?;
    let (chain, began) = (history.chain_of(run), history.runs[run].began);
    let age = began.duration_since(chain.time);
    let limit = SignedDuration::from_hours(history.script.policies.expire_hours);
    (age > limit).then(|| format!("run {run} acted on a trigger that was {age:#} old"))
}

pub(super) fn plan_changes_nothing(history: &History) -> Option<String> {
    let run = changed(history)?;
    let plan = history.script.policies.plan_only || history.script.lambda.plan_only;
    plan.then(|| format!("run {run} changed something"))
}
