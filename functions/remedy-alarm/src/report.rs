//! What a run tells.

use std::collections::BTreeMap;

use aurora::ApiError;
use aurora_model::{
    Choice, Count, Decision, Measure, Note, Outcome, Plan, Report, RunOutcome, Severity, Span,
    report::Telling, tags, words::count,
};
use handler::{Cause, Invocation};
use jiff::Timestamp;

use crate::{
    NAME, Policy, casefile,
    database::{Ending, look::Gap},
    episode::News,
    findings,
    observation::{Observation, Ringing},
    plan::Decided,
    remedy::Remedy,
    trouble::Trouble,
};

/// In seconds.
const HOUR: i64 = 3_600;

/// An alarm that is none of the cluster: one line in the log, and nothing else.
pub(crate) fn ignored(call: &Invocation<Policy>, why: &str) -> Report {
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    let text = format!(
        "{why}: ignored; this function serves {}.",
        call.policy.cluster
    );
    let note = Note::new(Severity::Info, text);
    Report::of_note(NAME, mode, trigger, RunOutcome::Nothing, note)
}

/// There is no cluster of the policy's name.
pub(crate) fn no_cluster(call: &Invocation<Policy>) -> Report {
    let cluster = &call.policy.cluster;
    let reason =
        "there is no cluster of this name in this account and region; correct policy.cluster";
    let mut plan: Plan<Remedy> = Plan::empty();
    let decision = Decision::new(cluster, cluster, Choice::Alert, reason);
    plan.decisions.push(decision);
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    Report::new(NAME, mode, trigger, plan, Vec::new())
}

/// What was seen, decided and done.
pub(crate) fn report(
    call: &Invocation<Policy>,
    seen: &Observation,
    decided: &Decided,
    outcomes: Vec<Outcome>,
    notes: Vec<Note>,
) -> Report {
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    let ended = ended(decided, &outcomes);
    let mut report = Report::new(NAME, mode, trigger, decided.plan.clone(), outcomes);
    report.notes.extend(notes);
    report.headline = headline(seen, decided, &report);
    // That a reader was asked for is no news: scale-readers tells what came of it.
    let acted = !ended.is_empty();
    report.telling = match () {
        () if decided.news.mailed() => Telling::New,
        () if acted || !decided.knows(&report.failures()) => Telling::ByItsContent,
        () => Telling::Told,
    };
    if !seen.ringing.is_empty() && report.telling != Telling::Told {
        let mut found = findings::findings(&call.policy, seen, call.now);
        findings::ended(&mut found, &ended);
        report.sections = casefile::sections(&call.policy, seen, &found, call.now);
    }
    measure(&mut report, seen);
    report
}

/// What there is to tell cannot be noted, because of this `error`: by the clock, the same would be told again and
/// again. Then it is told in the first quarter of each hour since the `youngest` of its alarms rings, and its end by the
/// alarm alone; and what was done is.
pub(crate) fn unnoted(
    report: &mut Report,
    call: &Invocation<Policy>,
    youngest: Option<Timestamp>,
    error: &ApiError,
) {
    let cluster = &call.policy.cluster;
    let text = format!(
        "What you are told cannot be noted on {cluster}, so that it comes again, with every tick of the first quarter of each hour: {error}. A cluster has room for {} tags.",
        tags::MAX_TAGS
    );
    report.notes.push(Note::new(Severity::Warning, text));
    let by_clock = matches!(call.trigger.cause, Cause::Schedule | Cause::Tick);
    let acted = report.tally(|it| *it == Outcome::Done) > 0;
    let lasts = youngest.map(|since| call.now.duration_since(since).as_secs());
    if by_clock && !acted && !lasts.is_some_and(in_the_first_quarter) {
        report.telling = Telling::Told;
    }
}

/// Whether what has gone on for so many seconds is in the first quarter of one of its hours.
const fn in_the_first_quarter(lasts: i64) -> bool {
    lasts.rem_euclid(HOUR) < HOUR / 4
}

/// The sessions and statements that the run has ended.
fn ended(decided: &Decided, outcomes: &[Outcome]) -> BTreeMap<(String, u64), Ending> {
    let acts = decided.plan.decisions.iter();
    let acts = acts.filter_map(|decision| match &decision.choice {
        Choice::Act(remedy) => Some(remedy),
        _ => None,
    });
    let done = acts.zip(outcomes).filter(|(_, it)| **it == Outcome::Done);
    let done = done.filter_map(|(remedy, _)| match remedy {
        Remedy::End(victim) => Some(((victim.instance.clone(), victim.id), victim.ending)),
        Remedy::AskForReader => None,
    });
    done.collect()
}

/// That an alarm needs a person is said by the subject's first word.
fn headline(seen: &Observation, decided: &Decided, report: &Report) -> String {
    let cluster = &seen.cluster.id;
    let actions = report.actions().map(|it| format!(": {it}"));
    let actions = actions.unwrap_or_default();
    let named = |alarms: &[&Ringing]| match alarms {
        [] => "alarm".into(),
        [one] => label(one),
        [first, more @ ..] => format!("{} and {}", label(first), count(more.len(), "more alarm")),
    };
    let all: Vec<&Ringing> = seen.ringing.iter().collect();
    match &decided.news {
        News::Begins => format!("{cluster}: {} rings{actions}", named(&all)),
        News::Worse(more) => {
            let new: Vec<_> = all
                .into_iter()
                .filter(|it| more.contains(&it.name))
                .collect();
            format!(
                "{cluster}: it got worse, {} rings too{actions}",
                named(&new)
            )
        }
        News::Over { began, silent } => {
            let over = decided.episode.as_ref().and_then(|it| it.over);
            let lasted = Span::of(over.unwrap_or(*began).duration_since(*began)).roughly();
            match &silent[..] {
                [] => format!("{cluster}: over after {lasted}: no alarm rings any more"),
                [one] => format!(
                    "{cluster}: no alarm rings any more after {lasted}, but {} has no data",
                    one.name
                ),
                many => format!(
                    "{cluster}: no alarm rings any more after {lasted}, but {} have no data",
                    count(many.len(), "alarm")
                ),
            }
        }
        News::Nothing | News::Known(_) | News::Quiet(_) => format!("{cluster}: {}", report.what()),
    }
}

/// `CPU of orders-1`.
fn label(alarm: &Ringing) -> String {
    let of = alarm.instance.as_deref().unwrap_or("the cluster");
    match alarm.trouble {
        Trouble::Idle | Trouble::Other => alarm.name.clone(),
        trouble => format!("{} of {of}", trouble.words()),
    }
}

/// For how many seconds the oldest transaction has been open; 0 where there is none, and nothing where the
/// writer's could not be read: an alarm would take a 0 for the end of it.
fn longest_transaction(seen: &Observation) -> Option<u64> {
    let unread = |gap: &Gap| ["sessions", "transactions"].contains(&gap.of);
    let mut looks = seen.looks();
    looks.find(|(server, look)| server.writer && !look.gaps.iter().any(unread))?;
    let transactions = seen.looks().flat_map(|(_, look)| &look.sessions);
    let transactions = transactions.filter_map(|it| it.transaction.as_ref());
    Some(transactions.map(|it| it.seconds).max().unwrap_or(0))
}

/// For the alarms that are on what RDS does not measure, and for the dashboard.
fn measure(report: &mut Report, seen: &Observation) {
    if let Some(seconds) = longest_transaction(seen) {
        report.measures.push(Measure {
            name: "LongestTransactionSeconds",
            seconds: i64::try_from(seconds).unwrap_or(i64::MAX),
        });
    }
    report.counts.push(Count {
        name: "RingingAlarms",
        number: u64::try_from(seen.ringing.len()).unwrap_or(u64::MAX),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::{
        nights::idle_holder,
        scenes::{look_of, quiet},
    };

    #[test]
    fn what_cannot_be_noted_is_told_in_the_first_quarter_of_each_hour() {
        let told = |minutes: &i64| in_the_first_quarter(minutes * 60);
        let minutes: Vec<i64> = (0..130).filter(told).step_by(5).collect();
        assert_eq!(minutes, [0, 5, 10, 60, 65, 70, 120, 125]);
    }

    #[test]
    fn what_is_not_known_of_the_writer_is_no_end_of_a_transaction() {
        assert_eq!(longest_transaction(&quiet()), Some(0));
        let mut seen = idle_holder();
        assert_eq!(longest_transaction(&seen), Some(36_120));
        let whole = seen.clone();
        let gap = |of| Gap {
            of,
            why: "it took too long".into(),
        };
        look_of(&mut seen, "orders-1").gaps = vec![gap("lock waits")];
        assert_eq!(longest_transaction(&seen), Some(36_120));
        look_of(&mut seen, "orders-1").gaps = vec![gap("transactions")];
        assert_eq!(longest_transaction(&seen), None);
        seen = whole;
        seen.servers[0].look = Err("orders-1 was not reached".into());
        assert_eq!(longest_transaction(&seen), None);
    }
}
