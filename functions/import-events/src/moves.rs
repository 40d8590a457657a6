//! Handing an EVENT over to its job, and back.
//!
//! Never both: run-job refuses while the EVENT is enabled, so what is left to see to is that not
//! *neither* runs for longer than it takes. Every step is found again by what it left: the EVENT's
//! status and the schedules' states are all the memory there is, so a call that is killed anywhere is
//! finished, or taken back, by the next one.

mod cut_over;
mod hands;
mod look;
mod roll_back;
mod steps;
#[cfg(test)]
mod tests;

use aurora_model::{Choice, Decision, Outcome, Plan, Report};
use handler::{Error, Invocation};

use crate::{
    NAME, Tools,
    database::Database,
    policy::{CutOver, Policy, RollBack, ScheduleRef},
};
pub(crate) use steps::Step;

/// What is to be done, decided from what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    /// These steps, in their order, and why.
    Steps(Vec<Step>, String),
    /// Nothing: it is so already.
    Already(String),
    /// Nothing now; the same call may do it later.
    Later(String),
    /// Nothing: a person must put something right first.
    Person(String),
}

/// One EVENT and its schedules, as either policy names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    event: &'a crate::policy::EventName,
    schedule: &'a ScheduleRef,
    tick: Option<&'a ScheduleRef>,
}

/// Hands an EVENT over to its job.
///
/// # Errors
/// When what the decision needs cannot be read; then nothing was touched.
pub(crate) async fn cut_over<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    wish: &CutOver,
) -> Result<Report, Error> {
    let names = Names {
        event: &wish.event,
        schedule: &wish.schedule,
        tick: wish.tick.as_ref(),
    };
    let decide = |seen: &look::Seen| cut_over::decide(seen, wish, &call.policy.cluster);
    moved(tools, call, names, hands::Way::Over(wish.wait), decide).await
}

/// Hands an EVENT back to the database.
///
/// # Errors
/// When what the decision needs cannot be read; then nothing was touched.
pub(crate) async fn roll_back<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    wish: &RollBack,
) -> Result<Report, Error> {
    let names = Names {
        event: &wish.event,
        schedule: &wish.schedule,
        tick: wish.tick.as_ref(),
    };
    let decide = |seen: &look::Seen| roll_back::decide(seen, wish, &call.policy.cluster);
    moved(tools, call, names, hands::Way::Back(wish.wait), decide).await
}

async fn moved<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    names: Names<'_>,
    way: hands::Way,
    decide: impl Fn(&look::Seen) -> Decided,
) -> Result<Report, Error> {
    let (door, looked) = look::at(tools, call, names, way).await?;
    let Some((writer, seen)) = looked else {
        let reason = "another call has this EVENT in hand; try again once it is over";
        return Ok(alone(call, names, Choice::Wait, reason.to_owned()));
    };
    let (steps, why) = match decide(&seen) {
        Decided::Steps(steps, why) => (steps, why),
        Decided::Already(reason) => return Ok(alone(call, names, Choice::Keep, reason)),
        Decided::Later(reason) => return Ok(alone(call, names, Choice::Wait, reason)),
        Decided::Person(reason) => return Ok(alone(call, names, Choice::Alert, reason)),
    };
    let cluster = &call.policy.cluster;
    let decision = |step: Step| {
        let (subject, reason) = (step.subject(&seen), step.reason(&why));
        Decision::new(cluster.clone(), subject, Choice::Act(step), reason)
    };
    let mut plan = Plan {
        decisions: steps.into_iter().map(decision).collect(),
        ..Plan::empty()
    };
    let hands = hands::Hands::new(tools, call, door, writer, seen, way);
    let act = async |_: &Decision<Step>, step: &Step| hands.take(*step).await;
    let mut outcomes = handler::apply(&plan, call.mode, call.deadline, 1, act).await;
    let (undone, seen) = hands.undo().await;
    for (step, reason, outcome) in undone {
        let subject = step.subject(&seen);
        plan.decisions.push(Decision::new(
            cluster.clone(),
            subject,
            Choice::Act(step),
            reason,
        ));
        outcomes.push(outcome);
    }
    plan.notes.extend(steps::advice(&plan, &outcomes, &seen));
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    Ok(Report::new(NAME, mode, trigger, plan, outcomes))
}

/// The report of a call that does nothing, and why.
fn alone(
    call: &Invocation<Policy>,
    names: Names<'_>,
    choice: Choice<Step>,
    reason: String,
) -> Report {
    let cluster = call.policy.cluster.clone();
    let decision = Decision::new(cluster, names.event.to_string(), choice, reason);
    let plan = Plan {
        decisions: vec![decision],
        ..Plan::empty()
    };
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    Report::new(NAME, mode, trigger, plan, Vec::<Outcome>::new())
}
