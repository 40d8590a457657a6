//! Who runs what.

mod decide;
mod expression;
mod look;
#[cfg(test)]
mod tests;

use aurora_model::{Note, Plan, Report, Severity};
use handler::{Error, Invocation};

use crate::{
    NAME, Tools,
    database::Database,
    policy::{Policy, Status},
};

/// Says of each EVENT and each job that replaces one who runs it, and what cannot run.
///
/// # Errors
/// When something cannot be read.
pub(crate) async fn told<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    wish: &Status,
) -> Result<Report, Error> {
    let seen = look::at(tools, call, wish).await?;
    let mut notes = vec![Note::new(
        Severity::Info,
        format!("{} sees {}.", seen.server.account, seen.sight),
    )];
    notes.extend(seen.notes.iter().cloned());
    let plan = Plan {
        decisions: decide::all(&seen, &call.policy.cluster),
        notes,
        ..Plan::empty()
    };
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    Ok(Report::new(NAME, mode, trigger, plan, Vec::new()))
}
