//! Alarms that stopped and ring again.

use jiff::Timestamp;
use simulated_aws::cloudwatch::State;

use super::{LONGEST_QUIET, Telling, answered, metric_alarms};
use crate::{
    history::{History, Run},
    invariants::remedies::{EPISODE, notes},
    script::RemedyPlan,
};

/// An alarm that rang again for long, after a run had seen that it had stopped, and of which nobody was told again.
pub(super) fn muted(history: &History, plan: &RemedyPlan, tellings: &[Telling]) -> Option<String> {
    let names = metric_alarms(plan).map(|it| &it.name);
    let spans = names.flat_map(|name| {
        let spans = spans(history, name).into_iter();
        spans.map(move |span| (name, span))
    });
    let mut long = spans.filter(|(name, span)| noticed(history, plan, name, span.0));
    let (name, (since, _)) = long.find(|(name, (since, until))| {
        let looks = history.runs.iter().enumerate().find_map(|(run, it)| {
            let (at, _) = it.ended.as_ref().filter(|_| smooth(it))?;
            let late = it.began > *since + LONGEST_QUIET && at < until;
            (late && answered(history, plan, run)).then_some(*at)
        });
        let told = |it: &Telling| {
            let began = history.runs[it.run].began;
            lasted(history, it.run, *since)
                && looks.is_some_and(|at| began < at)
                && it.named.contains(*name)
        };
        looks.is_some() && !tellings.iter().any(told)
    })?;
    Some(format!(
        "{name} rang again at {since}, and nobody was told again"
    ))
}

/// Whether all that a run asked of AWS was done.
fn smooth(run: &Run) -> bool {
    let done = |answer: &(u16, Option<String>)| answer.1.is_none();
    let mut calls = run.calls.iter();
    calls.all(|it| it.fault.is_none() && it.answer.as_ref().is_some_and(done))
}

/// When the alarm rang without a break: from when until when.
fn spans(history: &History, name: &str) -> Vec<(Timestamp, Timestamp)> {
    let mut spans = Vec::new();
    let mut since = None;
    for (at, state) in history.alarms.get(name).into_iter().flatten() {
        match state {
            State::Alarm => since = since.or(Some(*at)),
            _ => spans.extend(since.take().map(|since| (since, *at))),
        }
    }
    spans.extend(since.map(|since| (since, history.script.ends)));
    spans
}

/// Whether a run saw that the alarm had stopped before it rang again at this time, and nothing kept it, or hid from
/// others, that it noted so.
pub(super) fn noticed(history: &History, plan: &RemedyPlan, name: &str, again: Timestamp) -> bool {
    let Some(stopped) = stopped_at(history, name, again) else {
        return false;
    };
    let seen = history.runs.iter().enumerate().find_map(|(run, it)| {
        let (at, _) = it.ended.as_ref().filter(|_| smooth(it))?;
        let saw = history.sees_since(run) > stopped && *at < again;
        (saw && answered(history, plan, run)).then_some((run, *at))
    });
    let Some((run, at)) = seen else { return false };
    let began = history.runs[run].began;
    let mut others = notes(history, &plan.cluster, EPISODE).filter(|(noted, _)| *noted > began);
    others.all(|(_, who)| who.is_some_and(|who| who == run || history.sees_since(who) > at))
}

/// When an alarm stopped that rang again at this time, if it ever rang before.
fn stopped_at(history: &History, name: &str, again: Timestamp) -> Option<Timestamp> {
    let changes = history.alarms.get(name)?.iter().rev();
    let before = changes.skip_while(|(at, _)| *at >= again);
    let quiet = before.take_while(|(_, state)| *state != State::Alarm);
    quiet.last().map(|(at, _)| *at)
}

/// Whether a run had not ended by then: it may have read the alarms after that.
pub(super) fn lasted(history: &History, run: usize, until: Timestamp) -> bool {
    let ended = history.runs[run].ended.as_ref();
    ended.is_none_or(|(at, _)| *at >= until)
}
