//! What must change nothing at all.

use jiff::SignedDuration;

use super::remedies;
use crate::{
    history::{History, own},
    script::{IMPORTS, REMEDIES, ROTATES, RUNS, SCALES},
    step::What,
};

/// The run whose call or statement, in the last step, changed something.
pub(super) fn changed(history: &History) -> Option<usize> {
    if let What::Asked(query) = &history.last()?.what {
        return query.changed.then_some(query.who);
    }
    if let What::Told(told) = &history.last()?.what {
        return told.victim.as_ref().map(|_| told.who);
    }
    let (run, record) = history.last_call()?;
    if remedies::notes_only(history, run, record) {
        return None;
    }
    let reports = record.call.operation == "Publish";
    (!reports && own(record).next().is_some()).then_some(run)
}

pub(super) fn an_expired_trigger_changes_nothing(history: &History) -> Option<String> {
    let run = changed(history)?;
    let (chain, began) = (history.chain_of(run), history.runs[run].began);
    let age = began.duration_since(chain.time);
    let hours = match chain.function {
        // A step of a rotation never expires; its time is that of its arrival.
        ROTATES | IMPORTS | SCALES | REMEDIES => 1,
        RUNS => 12,
        _ => history.script.policies.expire_hours,
    };
    let limit = SignedDuration::from_hours(hours);
    (age > limit).then(|| format!("run {run} acted on a trigger that was {age:#} old"))
}

pub(super) fn plan_changes_nothing(history: &History) -> Option<String> {
    let run = changed(history)?;
    let plan = history.script.plan_only(history.chain_of(run).function);
    plan.then(|| format!("run {run} changed something"))
}
