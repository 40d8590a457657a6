//! What an end says of alarms that have no data.

use jiff::Timestamp;
use simulated_aws::cloudwatch::State;

use super::{Says, known_to, publishes};
use crate::history::History;

/// A mail that says that all is well is none where an alarm that was told of has no data, and none but these are
/// said to have none.
pub(in crate::invariants) fn an_end_is_no_guess(history: &History) -> Option<String> {
    let (run, plan) = publishes(history)?;
    let (mail, before) = known_to(history, plan, run)?;
    let window = (history.sees_since(run), history.last()?.at);
    let silence = |name: &String| silent(history, name, window);
    let mut said = mail.alarms.iter().filter(|_| mail.says == Says::Over);
    if let Some(wrong) = said.find(|it| silence(it) == Silence::Never) {
        return Some(format!(
            "run {run} says that {wrong} has no data, and it has"
        ));
    }
    let mut told = before.alarms.union(&before.past);
    let about = |name: &String| plan.alarms.iter().any(|it| it.about && it.name == *name);
    let guessed = told.find(|it| {
        let unsaid = !mail.alarms.contains(*it) && about(it);
        mail.says == Says::Over && unsaid && silence(it) == Silence::Always
    })?;
    Some(format!(
        "run {run} says that it is over, and {guessed} has no data"
    ))
}

/// Whether an alarm had no data in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    Always,
    Sometimes,
    Never,
}

fn silent(history: &History, name: &str, (since, until): (Timestamp, Timestamp)) -> Silence {
    let changes = history.alarms.get(name).into_iter().flatten();
    let changes: Vec<_> = changes.filter(|(at, _)| *at <= until).collect();
    let first = changes.iter().rposition(|(at, _)| *at <= since);
    let states = changes[first.unwrap_or(0)..].iter().map(|(_, state)| state);
    let silent: Vec<bool> = states.map(|it| *it == State::InsufficientData).collect();
    match () {
        () if !silent.contains(&true) => Silence::Never,
        () if silent.contains(&false) || first.is_none() => Silence::Sometimes,
        () => Silence::Always,
    }
}
