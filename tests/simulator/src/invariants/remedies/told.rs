//! What the team hears.

mod again;
mod data;
mod said;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::{Effect, cloudwatch::State};

use super::{EPISODE, keys, notes, rows, tags, text};
use crate::{
    history::{History, Mail, Run},
    invariants::inbox,
    invariants::oracle::remedies::{of_run, rings_since, span},
    script::{AlarmPlan, REMEDIES, RemedyPlan, Watches},
    step::Ending,
};

pub(in crate::invariants) use self::{
    data::an_end_is_no_guess,
    said::{claimed, unmailed, untold},
};

/// What a headline has that says that all is well again.
const OVER: &str = ": over after ";

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
        () if headline.contains(OVER) || headline.contains(": no alarm rings any more after ") => {
            Says::Over
        }
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
    let (run, plan) = publishes(history)?;
    let (mail, before) = known_to(history, plan, run)?;
    let (_, policy) = of_run(history, run)?;
    let began = |run: usize| history.runs[run].began;
    let pause = began(run).duration_since(began(before.run));
    let waited = pause + SignedDuration::from_secs(1) >= span(&policy["quiet"], 900);
    let news = match mail.says {
        Says::Begins => before.over && waited,
        Says::Worse => mail.alarms.iter().any(|it| {
            let back = stopped(history, it, history.sees_since(before.run));
            let new = !before.alarms.contains(it) && !before.past.contains(it);
            new || waited && (back || !before.alarms.contains(it))
        }),
        Says::Over => !before.over,
    };
    (!news).then(|| {
        let Known { run: before, .. } = before;
        format!("run {run} mails {:?} again, after run {before}", mail.says)
    })
}

/// The run of remedy-alarm that has just sent a mail, and the plan of its cluster.
fn publishes(history: &History) -> Option<(usize, &RemedyPlan)> {
    let (run, record) = history.last_call()?;
    let published = |effect: &Effect| matches!(effect, Effect::Published(_));
    let of_remedies = history.chain_of(run).function == REMEDIES;
    let published = of_remedies && record.effects.iter().any(published);
    let (plan, _) = of_run(history, run).filter(|_| published)?;
    Some((run, plan))
}

/// The mail about an episode that `run` has just sent, and what it must have known of those before.
fn known_to(history: &History, plan: &RemedyPlan, run: usize) -> Option<(Telling, Known)> {
    let mut known: Option<Known> = None;
    let tellings = tellings(history, plan);
    let runs: BTreeSet<usize> = tellings.iter().map(|it| it.run).collect();
    for mail in tellings {
        let sure = known
            .as_ref()
            .is_some_and(|it| it.sure && knew(history, plan, &runs, (it.run, mail.run)));
        if mail.run == run {
            return known.filter(|_| sure).map(|known| (mail, known));
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

/// Whether a run could know of what the run `before` had told: that was noted, and since then only by runs that knew
/// of it and told nothing. `tellings` are the runs that told something.
fn knew(
    history: &History,
    plan: &RemedyPlan,
    tellings: &BTreeSet<usize>,
    (before, run): (usize, usize),
) -> bool {
    let since = history.sees_since(run);
    let ended = history.runs[run].ended.as_ref().map(|(at, _)| *at);
    let others = notes(history, &plan.cluster, EPISODE).rev();
    let others = others.filter(|(_, who)| *who != Some(run));
    let others = others.skip_while(|(at, _)| ended.is_some_and(|ended| *at > ended));
    let (mut moved, mut noted) = (Vec::new(), None);
    for (at, who) in others {
        match who {
            // What it noted before it told was that it can.
            Some(who) if who == before => {
                noted = Some(at).filter(|at| after_telling(history, before, *at));
                break;
            }
            Some(who) if !tellings.contains(&who) => moved.push(who),
            _ => break,
        }
    }
    let knew = |at: Timestamp| moved.iter().all(|who| at < history.sees_since(*who));
    let noted = noted.is_some_and(|at| at < since && knew(at));
    noted || should_have_noted(history, before, since)
}

/// Whether a run noted something at that time after it had told: before, it tries whether it can.
fn after_telling(history: &History, run: usize, at: Timestamp) -> bool {
    let calls = &history.runs[run].calls;
    let told = calls.iter().filter(|it| it.call.operation == "Publish");
    let told = told.map(|it| it.number).max();
    let mut notes = calls.iter().filter(|it| it.at == at);
    notes.any(|it| told.is_some_and(|told| it.number > told) && tags(it).any(|key| key == EPISODE))
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
        ..
    } = &history.runs[run];
    let time = SignedDuration::from_secs(history.script.lambda.timeout.cast_signed()) - KEPT_BACK;
    let over =
        matches!(ended, Some((at, Ending::Answered(_))) if *at < since && *at < *began + time);
    // Before it tells, it tries whether it can be noted; where that is refused it need not be tried again.
    let mut told = false;
    let mut tried = false;
    for record in calls {
        told |= record.call.operation == "Publish";
        let note = keys(record).any(|key| key == EPISODE);
        let refused = record
            .answer
            .as_ref()
            .is_none_or(|(_, code)| code.is_some());
        tried |= note && (told || refused);
    }
    let failed = inbox::mail_failed(&history.runs[run]);
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
        unheard_of(history, plan, &tellings)
            .or_else(|| again::muted(history, plan, &tellings))
            .or_else(|| not_over(history, plan, &tellings))
    })
}

/// After this long, nothing is kept quiet any more.
const LONGEST_QUIET: SignedDuration = SignedDuration::from_mins(65);

/// Whether a run about the cluster that began after this moment had an answer.
fn looked(history: &History, plan: &RemedyPlan, since: Timestamp) -> bool {
    let mut runs = history.runs.iter().enumerate();
    runs.any(|(run, it)| it.began > since && answered(history, plan, run))
}

/// Those about the cluster; whether a composite one is depends on its children.
fn metric_alarms(plan: &RemedyPlan) -> impl Iterator<Item = &AlarmPlan> {
    let metric = |it: &&AlarmPlan| matches!(it.watches, Watches::Metric(..));
    plan.alarms.iter().filter(|it| it.about).filter(metric)
}

/// An alarm that rings and of which nobody was told.
fn unheard_of(history: &History, plan: &RemedyPlan, tellings: &[Telling]) -> Option<String> {
    let now = history.script.ends;
    let over = tellings.iter().rposition(|it| it.says == Says::Over);
    let since = &tellings[over.map_or(0, |over| over + 1)..];
    let long = |since: &Timestamp| {
        now.duration_since(*since) > STANDS && looked(history, plan, *since + LONGEST_QUIET)
    };
    let unheard = metric_alarms(plan).find(|alarm| {
        let Some(rings) = rings_since(history, &alarm.name).filter(long) else {
            return false;
        };
        let anew = again::noticed(history, plan, &alarm.name, rings);
        let mut heard = since.iter().filter(|it| it.named.contains(&alarm.name));
        !heard.any(|it| !anew || again::lasted(history, it.run, rings))
    })?;
    Some(format!("{} rings, and nobody was told", unheard.name))
}

/// Whether a run looked at the cluster and had an answer: not one that came too late, or was about something else.
fn answered(history: &History, plan: &RemedyPlan, run: usize) -> bool {
    let Some((_, Ending::Answered(report))) = &history.runs[run].ended else {
        return false;
    };
    let idle = report["outcome"] == "expired" || text(report, "headline").contains(": ignored;");
    let of_remedies = history.chain_of(run).function == REMEDIES;
    let of = of_run(history, run).filter(|_| of_remedies && !idle);
    of.is_some_and(|(of, _)| of.cluster == plan.cluster)
}

/// Whether an alarm did not ring at some moment since then.
fn stopped(history: &History, name: &str, since: Timestamp) -> bool {
    let changes = history.alarms.get(name).into_iter().flatten();
    let mut rang = false;
    for (at, state) in changes {
        let rings = *state == State::Alarm;
        if *at > since && !(rang && rings) {
            return true;
        }
        rang = rings;
    }
    !rang
}

/// An episode whose end nobody was told of.
fn not_over(history: &History, plan: &RemedyPlan, tellings: &[Telling]) -> Option<String> {
    let last = tellings.last().filter(|it| it.says != Says::Over)?;
    let rings = |it: &AlarmPlan| rings_since(history, &it.name).is_some();
    // A run that told something else at the same time, or a person, may have noted it differently since.
    let tells = |run: usize| tellings.iter().any(|it| it.run == run);
    let noted = notes(history, &plan.cluster, EPISODE).rev();
    let mut noted = noted.skip_while(|(_, who)| who.is_some_and(|run| !tells(run)));
    let known = noted
        .next()
        .is_some_and(|(at, who)| who == Some(last.run) && after_telling(history, last.run, at));
    let over = !plan.alarms.iter().filter(|it| it.about).any(rings);
    (over && known).then(|| format!("nothing about {} rings, and nobody was told", plan.cluster))
}
