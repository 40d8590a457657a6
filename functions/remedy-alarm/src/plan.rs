//! The decision: what is told, and what is done about it now.

mod ask;
pub(crate) mod end;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aurora_model::{Choice, Decision, Plan, Span, words::moment};
use jiff::Timestamp;

use crate::{
    Policy,
    episode::{Episode, News, news},
    observation::{Observation, Ringing, Silent},
    remedy::Remedy,
};

/// What a run decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// What is to be done, and what is not.
    pub plan: Plan<Remedy>,
    /// What there is to tell.
    pub news: News,
    /// What the team has been told.
    pub told: Option<Episode>,
    /// What it will have been told once the mail is sent, where that is new.
    pub episode: Option<Episode>,
}

/// The plan for what was seen. It is made from what there is, never from the trigger: whatever woke the
/// function, and however often, the same state gives the same plan.
///
/// `at` is when the state was what it is now: the time of the alarm that woke the function where that is
/// over, else `now`, the wall clock.
#[must_use]
pub fn plan(policy: &Policy, seen: &Observation, at: Timestamp, now: Timestamp) -> Decided {
    let told = Episode::of(&seen.cluster.tags);
    let (ringing, silent) = (&seen.ringing, &seen.silent);
    let (news, episode) = news(told.as_ref(), ringing, silent, policy.quiet, now);
    let episode = episode.map(|it| ended_at(it, at));
    let mut plan = Plan::empty();
    let alarms = seen.ringing.iter();
    plan.decisions
        .extend(alarms.map(|alarm| told_of(seen, alarm, &news)));
    if let News::Over { began, silent } = &news {
        let over = episode.as_ref().and_then(|it| it.over).unwrap_or(at);
        plan.decisions.push(over_after(seen, *began, over));
        let silent = silent.iter().map(|it| without_data(seen, it));
        plan.decisions.extend(silent);
    }
    if !seen.ringing.is_empty() {
        plan.decisions.extend(end::decisions(policy, seen, now));
        plan.decisions.extend(ask::decision(policy, seen, now));
    }
    Decided {
        plan,
        news,
        told,
        episode,
    }
}

impl Decided {
    /// What is to be noted once the mail is sent: the episode, and what failed for good.
    #[must_use]
    pub fn noted(&self, failures: &BTreeSet<u32>) -> Option<Episode> {
        let known = self.episode.as_ref().or(self.told.as_ref())?;
        let noted = if known.knows(failures) {
            known.clone()
        } else {
            known.clone().with_failures(failures)
        };
        (self.told.as_ref() != Some(&noted)).then_some(noted)
    }

    /// Whether the team has been told of all these `failures`.
    #[must_use]
    pub fn knows(&self, failures: &BTreeSet<u32>) -> bool {
        let began = self.news == News::Begins;
        let told = self.told.as_ref().filter(|_| !began);
        failures.is_empty() || told.is_some_and(|it| it.knows(failures))
    }
}

/// An episode that is over ended when its last alarm did, not when somebody looked.
fn ended_at(episode: Episode, at: Timestamp) -> Episode {
    let over = episode.over.map(|over| over.min(at).max(episode.began));
    Episode { over, ..episode }
}

fn over_after(seen: &Observation, began: Timestamp, over: Timestamp) -> Decision<Remedy> {
    let after = Span::of(over.duration_since(began)).roughly();
    let reason = format!("no alarm rings any more; over after {after}");
    let cluster = &seen.cluster.id;
    Decision::new(cluster, cluster, Choice::Keep, reason)
}

/// What is said of an alarm that has no data where it has rung.
fn without_data(seen: &Observation, alarm: &Silent) -> Decision<Remedy> {
    let since = moment(alarm.since);
    let reason = format!(
        "has had no data since {since}: that it does not ring does not say that its trouble is over; see whether what it watches runs"
    );
    Decision::new(&seen.cluster.id, &alarm.name, Choice::Alert, reason)
}

/// What is said of one alarm.
fn told_of(seen: &Observation, alarm: &Ringing, news: &News) -> Decision<Remedy> {
    let since = moment(alarm.since);
    let (choice, reason) = match news {
        News::Known(told) => (
            Choice::Keep,
            format!(
                "rings since {since}; the team was told at {}",
                moment(*told)
            ),
        ),
        News::Quiet(until) => (
            Choice::Keep,
            format!(
                "rings again since {since}, shortly after the last mail; told if it still does at {}",
                moment(*until)
            ),
        ),
        News::Worse(new) if !new.contains(&alarm.name) => {
            (Choice::Keep, format!("still rings, since {since}"))
        }
        _ => (
            Choice::Alert,
            format!("rings since {since}: {}", alarm.reason),
        ),
    };
    Decision::new(&seen.cluster.id, &alarm.name, choice, reason)
}
