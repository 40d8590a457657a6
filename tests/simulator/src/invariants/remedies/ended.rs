//! Who is ended, how many, and how soon after the last.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{REMEDIED, ended, last_before, notes};
use crate::{
    activity::{Ending, Moment, Session, Told},
    database::Glance,
    history::History,
    invariants::oracle::remedies::{
        RULES, concerns, means, of_run, protected, ringing, span, trouble,
    },
    step::What,
};

/// So long ago a session may have been what the policy means, and be something else as it is ended: nobody
/// can look and end at once.
const MEANWHILE: SignedDuration = SignedDuration::from_millis(200);

pub(in crate::invariants) fn only_culprits_are_ended(history: &History) -> Option<String> {
    let told = ended(history.last()?)?;
    let session = told.victim.as_ref()?;
    if let Some(whose) = protected(session) {
        return Some(format!("run {} ended {whose}: {session}", told.who));
    }
    if !is_as_seen(history, told, session) {
        return Some(format!(
            "run {} ended whom it had not seen: {session}",
            told.who
        ));
    }
    let (plan, policy) = of_run(history, told.who)?;
    let rings = ringing(history, plan, (history.sees_since(told.who), told.at));
    let rings = rings.into_iter();
    let rings = rings.filter(|alarm| concerns(alarm, &told.instance));
    let rings: Vec<&str> = rings.map(trouble).collect();
    let mut rules = RULES.iter().filter(|(_, ending)| *ending == told.ending);
    let meant = rules.any(|(name, _)| {
        let rule = &policy["remedies"][name];
        rule.is_object()
            && holds(rule, &rings)
            && full(history, told, rule, name)
            && moments(told).any(|(did, at)| means(rule, name, session, did, at))
    });
    (!meant).then(|| format!("run {} ended whom no rule means: {session}", told.who))
}

/// Whether it is the connection that the run has seen, and the statement if that was ended.
fn is_as_seen(history: &History, told: &Told, now: &Session) -> bool {
    let another = now.before.as_ref().map(|(_, until)| *until);
    let just_now = another.is_some_and(|it| told.at.duration_since(it) < MEANWHILE);
    looks(history, told).next().is_some_and(|look| {
        let mut sessions = look.sessions.iter();
        sessions.any(|seen| {
            let same = seen.statements == now.statements || just_now;
            let executed = told.ending == Ending::Connection || same;
            (seen.id, seen.connected) == (now.id, now.connected) && executed
        })
    })
}

/// What the run has seen of the server, the last time first.
fn looks<'a>(history: &'a History, told: &'a Told) -> impl Iterator<Item = &'a Glance> {
    let steps = history.steps.iter().rev();
    steps.filter_map(move |step| match &step.what {
        What::Glanced(who, it) if *who == told.who && it.instance == told.instance => Some(&**it),
        _ => None,
    })
}

/// What the victim did, and lately before.
fn moments(told: &Told) -> impl Iterator<Item = (&Moment, Timestamp)> {
    let session = told.victim.as_ref();
    let now = session.map(|it| (&it.now, told.at));
    let before = session.and_then(|it| it.before.as_ref());
    let before = before.map(|(did, until)| (did, *until));
    let lately = before.filter(|(_, until)| told.at.duration_since(*until) < MEANWHILE);
    now.into_iter().chain(lately)
}

/// Whether a rule holds for what rings.
fn holds(rule: &Value, rings: &[&str]) -> bool {
    let on = rule["on"].as_array();
    on.is_none_or(|on| on.is_empty() || on.iter().any(|it| rings.iter().any(|of| it == of)))
}

/// Whether as many connections as the rule asks for were in use when the run looked, its own too.
fn full(history: &History, told: &Told, rule: &Value, name: &str) -> bool {
    let Some(percent) = rule["above_percent"]
        .as_u64()
        .filter(|_| name == "idle_sessions")
    else {
        return name != "idle_sessions";
    };
    looks(history, told).next().is_some_and(|look| {
        let used = look.sessions.iter().filter(|it| it.user.is_some()).count() + 1;
        u64::try_from(used).is_ok_and(|used| used * 100 >= percent * look.max_connections)
    })
}

pub(in crate::invariants) fn no_run_ends_more_than_max_kills(history: &History) -> Option<String> {
    let told = ended(history.last()?)?;
    let (_, policy) = of_run(history, told.who)?;
    let most = policy["remedies"]["max_kills"].as_u64().unwrap_or(5);
    let began = history.runs[told.who].began;
    let of_run = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at >= began);
    let of_run = of_run.filter_map(ended).filter(|it| it.who == told.who);
    let count = u64::try_from(of_run.count()).unwrap_or(u64::MAX);
    (count > most).then(|| format!("run {} ended {count}, of at most {most}", told.who))
}

pub(in crate::invariants) fn a_cooldown_is_kept(history: &History) -> Option<String> {
    let told = ended(history.last()?)?;
    let (plan, policy) = of_run(history, told.who)?;
    let cooldown = span(&policy["remedies"]["cooldown"], 300);
    let (before, pause) = last_before(history, plan, told.who, REMEDIED)?;
    (pause + SignedDuration::from_secs(1) < cooldown).then(|| {
        format!(
            "run {} ended something {pause:#} after run {before} did",
            told.who
        )
    })
}

pub(in crate::invariants) fn an_end_is_noted_first(history: &History) -> Option<String> {
    let told = ended(history.last()?)?;
    let (plan, _) = of_run(history, told.who)?;
    let noted = notes(history, &plan.cluster, REMEDIED).any(|(_, who)| who == Some(told.who));
    (!noted).then(|| format!("run {} ended {}, and had not noted it", told.who, told.id))
}
