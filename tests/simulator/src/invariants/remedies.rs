//! Alarms that are answered, and what is ended.

mod asked;
mod end;
mod ended;
mod told;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::{Effect, Record};

use super::oracle::remedies::{of_run, ringing};
use crate::{
    activity::{Doing, Ending, Told},
    history::{History, own},
    script::{REMEDIES, RemedyPlan},
    step::{Step, What},
};

pub(super) use self::{
    asked::a_reader_is_asked_for_as_allowed,
    end::culprits_are_gone_in_the_end,
    ended::{
        a_cooldown_is_kept, an_end_is_noted_first, no_run_ends_more_than_max_kills,
        only_culprits_are_ended,
    },
    told::{
        an_end_is_no_guess, an_episode_is_told, an_episode_is_told_once, claimed, unmailed, untold,
    },
};

/// When the team was told last, as the cluster's tag has it.
const EPISODE: &str = "nightshift:episode";
/// When something was ended last.
const REMEDIED: &str = "nightshift:remedied";
/// When a reader was asked for last.
const ASKED: &str = "nightshift:reader-asked";

/// What a step really ended. A session that sleeps has no statement to end.
fn ended(step: &Step) -> Option<&Told> {
    let What::Told(told) = &step.what else {
        return None;
    };
    let victim = told.victim.as_ref()?;
    let executes = matches!(victim.now.doing, Doing::Executes(_));
    (told.ending == Ending::Connection || executes).then_some(&**told)
}

/// The tags that a call is to put on a cluster.
fn keys(record: &Record) -> impl Iterator<Item = &str> {
    let tags = record.call.input["Tags"]["Tag"].as_array();
    let puts = record.call.operation == "AddTagsToResource";
    let tags = tags.filter(|_| puts).into_iter().flatten();
    tags.filter_map(|tag| tag["Key"].as_str())
}

/// The tags that it has put there.
fn tags(record: &Record) -> impl Iterator<Item = &str> {
    let put = own(record).next().is_some();
    keys(record).filter(move |_| put)
}

/// Whether a call notes on a cluster what the team was told, and nothing else.
pub(super) fn notes_only(history: &History, run: usize, record: &Record) -> bool {
    let of_remedies = history.chain_of(run).function == REMEDIES;
    of_remedies && tags(record).eq([EPISODE])
}

/// When the tag was put on the cluster, or taken off, and by which run; none for a person.
fn notes<'a>(
    history: &'a History,
    cluster: &'a str,
    key: &'a str,
) -> impl DoubleEndedIterator<Item = (Timestamp, Option<usize>)> + 'a {
    let end = format!(":cluster:{cluster}");
    history.steps.iter().filter_map(move |step| {
        let by_hand = step.what.effects().iter().any(|effect| {
            matches!(effect, Effect::Other { operation, subject }
                if operation.contains("Tags") && subject.ends_with(&end))
        });
        match &step.what {
            What::Called(record) if by_hand && tags(record).any(|it| it == key) => {
                Some((step.at, usize::try_from(record.who).ok()))
            }
            What::Changed { .. } if by_hand => Some((step.at, None)),
            _ => None,
        }
    })
}

/// The run that put the tag on the cluster last before `run`, and how long before it that began. None where
/// `run` need not have known of it: what was noted only lately may hide what it took the place of.
fn last_before(
    history: &History,
    plan: &RemedyPlan,
    run: usize,
    key: &str,
) -> Option<(usize, SignedDuration)> {
    let notes = notes(history, &plan.cluster, key).rev();
    let mut others = notes.filter(|(_, who)| *who != Some(run));
    let (at, who) = others.next()?;
    let before = who.filter(|_| at < history.sees_since(run))?;
    let began = |run: usize| history.runs[run].began;
    Some((before, began(run).duration_since(began(before))))
}

pub(super) fn nothing_is_done_while_nothing_rings(history: &History) -> Option<String> {
    let last = history.last()?;
    let (run, what) = match history.last_call() {
        Some((run, record)) if history.chain_of(run).function == REMEDIES => {
            (run, tags(record).find(|key| *key != EPISODE)?.to_owned())
        }
        _ => {
            let told = ended(last)?;
            (told.who, format!("the end of {}", told.id))
        }
    };
    let (plan, _) = of_run(history, run)?;
    let seen = (history.sees_since(run), last.at);
    ringing(history, plan, seen).is_empty().then(|| {
        format!(
            "run {run}: {what}, and nothing about {} rings",
            plan.cluster
        )
    })
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn rows(report: &Value) -> impl Iterator<Item = &Value> {
    report["rows"].as_array().into_iter().flatten()
}
