//! What the team hears.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::Effect;

use super::{EPISODE, ended, keys, notes, rows, text};
use crate::{
    history::{History, Mail, Run},
    invariants::oracle::remedies::{of_run, rings_since, span},
    script::{AlarmPlan, REMEDIES, RemedyPlan, Watches},
    step::{Ending, What},
};

/// What a mail says of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Begins,
    Worse,
    Over,
}

/// A mail about an episode.
struct Telling {
    run: usize,
    says: Says,
    /// The alarms it tells of.
    alarms: BTreeSet<String>,
    /// All that it names.
    named: BTreeSet<String>,
}

/// The report in a mail.
fn report(mail: &Mail) -> Value {
    let body = mail.message.bodies.get("sqs").map_or("", String::as_str);
    serde_json::from_str(body).unwrap_or_default()
}

fn telling(mail: &Mail) -> Option<Telling> {
    let report = report(mail);
    let headline = text(&report, "headline");
    let says = match () {
        () if headline.contains(": over after ") => Says::Over,
        () if headline.contains(": it got worse, ") => Says::Worse,
        () if headline.contains(" rings: ") || headline.ends_with(" rings") => Says::Begins,
        () => return None,
    };
    let alerts = rows(&report).filter(|row| text(row, "verdict") == "alert");
    let subject = |row: &Value| text(row, "subject").to_owned();
    Some(Telling {
        run: mail.run,
        says,
        alarms: alerts.map(subject).collect(),
        named: rows(&report).map(subject).collect(),
    })
}

/// The mails about the cluster's episodes, in their order.
fn tellings(history: &History, plan: &RemedyPlan) -> Vec<Telling> {
    let of_plan = |mail: &&Mail| {
        let of_remedies = history.chain_of(mail.run).function == REMEDIES;
        let of = of_run(history, mail.run).filter(|_| of_remedies);
        of.is_some_and(|(of, _)| of.cluster == plan.cluster)
    };
    let mails = history.mails.iter().filter(of_plan);
    mails.filter_map(telling).collect()
}

/// What the cluster's tag says the team was told, as far as the mails tell.
struct Known {
    run: usize,
    over: bool,
    alarms: BTreeSet<String>,
    /// Those that were told of before it was told to be over, and have not been since.
    past: BTreeSet<String>,
    /// Whether the tag can say nothing else.
    sure: bool,
}

pub(in crate::invariants) fn an_episode_is_told_once(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    let published = |effect: &Effect| matches!(effect, Effect::Published(_));
    if history.chain_of(run).function != REMEDIES || !record.effects.iter().any(published) {
        return None;
    }
    let (plan, policy) = of_run(history, run)?;
    let quiet = span(&policy["quiet"], 900);
    let mut known: Option<Known> = None;
    for mail in tellings(history, plan) {
        let sure = known
            .as_ref()
            .is_some_and(|it| it.sure && knew(history, plan, it.run, mail.run));
        if let Some(before) = known.as_ref().filter(|_| sure && mail.run == run) {
            let pause = history.runs[run]
                .began
                .duration_since(history.runs[before.run].began);
            let waited = pause + SignedDuration::from_secs(1) >= quiet;
            let news = match mail.says {
                Says::Begins => before.over && waited,
                Says::Worse => mail
                    .alarms
                    .iter()
                    .any(|it| !before.alarms.contains(it) && (waited || !before.past.contains(it))),
                Says::Over => !before.over,
            };
            if !news {
                return Some(format!(
                    "run {run} mails {:?} again, after run {}",
                    mail.says, before.run
                ));
            }
        }
        known = Some(after(mail, known, sure));
    }
    None
}

/// What the tag says once a mail was sent and noted.
fn after(mail: Telling, known: Option<Known>, sure: bool) -> Known {
    let begins = mail.says == Says::Begins;
    let Telling {
        run,
        says,
        alarms,
        named,
    } = mail;
    let (known, past) = match known.filter(|_| !begins) {
        None => (BTreeSet::new(), BTreeSet::new()),
        Some(before) if says == Says::Over => {
            let all = before.alarms.union(&before.past).cloned();
            (all.collect(), BTreeSet::new())
        }
        Some(before) if before.over => (BTreeSet::new(), before.alarms),
        Some(before) => (before.alarms, before.past),
    };
    let (back, past) = past.into_iter().partition(|it| named.contains(it));
    let back: BTreeSet<String> = back;
    Known {
        run,
        over: says == Says::Over,
        alarms: known.into_iter().chain(alarms).chain(back).collect(),
        past,
        sure: sure || begins,
    }
}

/// Whether a run could know of what the run `before` had told: that was noted, and nothing was noted since.
fn knew(history: &History, plan: &RemedyPlan, before: usize, run: usize) -> bool {
    let since = history.sees_since(run);
    let others = notes(history, &plan.cluster, EPISODE).rev();
    let mut others = others.filter(|(_, who)| *who != Some(run));
    let ended = history.runs[run].ended.as_ref().map(|(at, _)| *at);
    let last = others.find(|(at, _)| ended.is_none_or(|ended| *at <= ended));
    let noted = last.is_some_and(|(at, who)| who == Some(before) && at < since);
    noted || should_have_noted(history, before, since)
}

/// So much of its time a run keeps back, at most.
const KEPT_BACK: SignedDuration = SignedDuration::from_secs(1);

/// Whether nothing kept a run, which was over at that time, from noting what it told: the inbox heard it,
/// and there was time left. A client that was throttled before may wait for long before its first try.
fn should_have_noted(history: &History, run: usize, since: Timestamp) -> bool {
    let Run {
        began,
        ended,
        calls,
        log,
        ..
    } = &history.runs[run];
    let time = SignedDuration::from_secs(history.script.lambda.timeout.cast_signed()) - KEPT_BACK;
    let over =
        matches!(ended, Some((at, Ending::Answered(_))) if *at < since && *at < *began + time);
    let tried = calls
        .iter()
        .any(|record| keys(record).any(|key| key == EPISODE));
    let failed = log.iter().any(|line| line.contains("\"mail_failed\""));
    over && !tried && !failed
}

/// So long before the end things stand as they do, so that a tick must have told of it.
const STANDS: SignedDuration = SignedDuration::from_mins(90);

pub(in crate::invariants) fn an_episode_is_told(history: &History) -> Option<String> {
    if !history.over() {
        return None;
    }
    let plans = &history.script.remedies.as_ref()?.plans;
    plans.iter().find_map(|plan| {
        let tellings = tellings(history, plan);
        unheard_of(history, plan, &tellings).or_else(|| not_over(history, plan, &tellings))
    })
}

/// After this long, nothing is kept quiet any more.
const LONGEST_QUIET: SignedDuration = SignedDuration::from_mins(65);

/// Whether a run about the cluster that began after this moment had an answer.
fn looked(history: &History, plan: &RemedyPlan, since: Timestamp) -> bool {
    history.runs.iter().enumerate().any(|(run, it)| {
        let answered = matches!(it.ended, Some((_, Ending::Answered(_))));
        let about = || of_run(history, run).is_some_and(|(of, _)| of.cluster == plan.cluster);
        it.began > since && answered && about()
    })
}

/// An alarm that rings and of which nobody was told.
fn unheard_of(history: &History, plan: &RemedyPlan, tellings: &[Telling]) -> Option<String> {
    let now = history.script.ends;
    let over = tellings.iter().rposition(|it| it.says == Says::Over);
    let since = &tellings[over.map_or(0, |over| over + 1)..];
    let long = |since: &Timestamp| {
        now.duration_since(*since) > STANDS && looked(history, plan, *since + LONGEST_QUIET)
    };
    let metric = |it: &&AlarmPlan| matches!(it.watches, Watches::Metric(..));
    let mut alarms = plan.alarms.iter().filter(metric).filter(|it| it.about);
    let unheard = alarms.find(|alarm| {
        let rings = rings_since(history, &alarm.name).filter(long);
        rings.is_some() && !since.iter().any(|it| it.named.contains(&alarm.name))
    })?;
    Some(format!("{} rings, and nobody was told", unheard.name))
}

/// An episode whose end nobody was told of.
fn not_over(history: &History, plan: &RemedyPlan, tellings: &[Telling]) -> Option<String> {
    let last = tellings.last().filter(|it| it.says != Says::Over)?;
    let rings = |it: &AlarmPlan| rings_since(history, &it.name).is_some();
    // A run that told something else at the same time, or a person, may have noted it differently since.
    let tells = |run: usize| tellings.iter().any(|it| it.run == run);
    let noted = notes(history, &plan.cluster, EPISODE).rev();
    let mut noted = noted.skip_while(|(_, who)| who.is_some_and(|run| !tells(run)));
    let known = noted.next().is_some_and(|(_, who)| who == Some(last.run));
    let over = !plan.alarms.iter().filter(|it| it.about).any(rings);
    (over && known).then(|| format!("nothing about {} rings, and nobody was told", plan.cluster))
}

/// What a row says was done and was not.
pub(in crate::invariants) fn claimed(history: &History, run: usize, row: &Value) -> Option<String> {
    let (subject, action) = (text(row, "subject"), text(row, "action"));
    if text(row, "outcome") != "done" || !action.starts_with("end") {
        return None;
    }
    let of_run = history
        .steps
        .iter()
        .rev()
        .filter_map(|step| match &step.what {
            What::Told(told) if told.who == run && told.victim.is_some() => Some(told),
            _ => None,
        });
    let mut of_run = of_run.map(|told| (format!("connection {} of ", told.id), &told.instance));
    let was =
        of_run.any(|(begins, on)| subject.starts_with(&begins) && subject.ends_with(on.as_str()));
    (!was).then(|| format!("the report says {action} of {subject} was done, and it is not so"))
}

/// What a run did and its report does not say.
pub(in crate::invariants) fn untold(
    history: &History,
    run: usize,
    report: &Value,
) -> Option<String> {
    let began = history.runs[run].began;
    let steps = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at >= began);
    let mut of_run = steps.filter_map(ended).filter(|told| told.who == run);
    of_run.find_map(|told| {
        let begins = format!("connection {} of ", told.id);
        let mut of = rows(report).filter(|row| {
            let subject = text(row, "subject");
            subject.starts_with(&begins) && subject.ends_with(&told.instance)
        });
        let said = of.any(|row| ["done", "failed"].contains(&text(row, "outcome")));
        let left_out = report["rows_left_out"].as_u64().unwrap_or(0) > 0;
        (!said && !left_out).then(|| format!("run {run} ended {}, and does not say so", told.id))
    })
}

/// What is worth a mail and was mailed to nobody.
pub(in crate::invariants) fn unmailed(
    history: &History,
    run: usize,
    report: &Value,
) -> Option<String> {
    // That a policy names no cluster there is, a tick leaves to others to tell.
    let tick = report["trigger"]["kind"] == "tick";
    let none = |row: &Value| tick && row["subject"] == row["cluster"];
    let worth = |row: &&Value| {
        (text(row, "verdict") == "alert" && !none(row))
            || text(row, "outcome") == "done"
            || (text(row, "outcome") == "failed" && row["retry"] == false)
    };
    let row = rows(report).find(worth)?;
    let chain = history.chain_of(run);
    let mut mails = history.mails.iter();
    let told = mails.any(|mail| chain.runs.contains(&mail.run));
    let failed = history.runs[run]
        .log
        .iter()
        .any(|line| line.contains("\"mail_failed\""));
    (!told && !failed).then(|| format!("nobody was told: {row}"))
}
