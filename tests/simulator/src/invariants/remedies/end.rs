//! What is so once nothing fails any more.

use jiff::Timestamp;
use serde_json::Value;

use super::ended;
use crate::{
    activity::Session,
    history::History,
    invariants::oracle::remedies::{concerns, means, protected, rings_since, span, trouble},
    script::{AlarmPlan, REMEDIES, RemedyPlan, TICK},
};

/// A run with less time does not look into the servers.
const ENOUGH: u64 = 60;

pub(in crate::invariants) fn culprits_are_gone_in_the_end(history: &History) -> Option<String> {
    let idle = !history.over() || history.script.plan_only(REMEDIES);
    if idle || history.script.lambda.timeout < ENOUGH {
        return None;
    }
    let plans = &history.script.remedies.as_ref()?.plans;
    plans.iter().find_map(|plan| left_over(history, plan))
}

fn left_over(history: &History, plan: &RemedyPlan) -> Option<String> {
    let now = history.script.ends;
    let policy = plan.policy(now);
    let cooldown = span(&policy["remedies"]["cooldown"], 300);
    let patience = TICK * 3 + cooldown;
    let mut alarms = plan.alarms.iter().filter(|alarm| alarm.about);
    let alarm = alarms.find(|alarm| {
        let since = rings_since(history, &alarm.name);
        since.is_some_and(|since| now.duration_since(since) > patience)
    })?;
    let kills = kills(history, plan, now - patience);
    if kills >= policy["remedies"]["max_kills"].as_u64().unwrap_or(5) {
        return None;
    }
    let culprit = culprits(history, plan, policy, alarm, now - patience).next()?;
    Some(format!(
        "{} rings, and nobody has ended {culprit}",
        alarm.name
    ))
}

/// How many were ended of late.
fn kills(history: &History, plan: &RemedyPlan, since: Timestamp) -> u64 {
    let lately = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at >= since);
    let kills = lately
        .filter_map(ended)
        .filter(|it| it.cluster == plan.cluster);
    u64::try_from(kills.count()).unwrap_or(u64::MAX)
}

/// Those that a rule has meant since `then`, whatever the connections in use.
fn culprits<'a>(
    history: &'a History,
    plan: &'a RemedyPlan,
    policy: &'a Value,
    alarm: &'a AlarmPlan,
    then: Timestamp,
) -> impl Iterator<Item = &'a Session> {
    let trouble = trouble(alarm);
    let here = plan.clients.iter().map(|client| &client.instance);
    let here = here.filter(|instance| concerns(alarm, instance));
    let mut here: Vec<&String> = here.collect();
    here.sort_unstable();
    here.dedup();
    let here = here.into_iter();
    let sessions = here.filter_map(|instance| history.sessions.get(instance));
    sessions.flatten().filter(move |session| {
        let meant = ["long_statements", "idle_transactions"].iter().any(|name| {
            let rule = &policy["remedies"][name];
            let on = rule["on"].as_array();
            let holds = on.is_none_or(|on| on.is_empty() || on.iter().any(|it| it == trouble));
            rule.is_object()
                && holds
                && session.now.since < then
                && means(rule, name, session, &session.now, then)
        });
        meant && protected(session).is_none()
    })
}
