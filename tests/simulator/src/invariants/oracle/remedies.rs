//! What the simulator knows by itself of what remedy-alarm may end: the policy is read as JSON.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::cloudwatch::State;

use crate::{
    activity::{Doing, Ending, Moment, Session},
    history::History,
    script::{AlarmPlan, ENDS, LOOKS, MASTER, RemedyPlan, Watches},
};

/// The rules of a policy, and what each ends.
pub const RULES: [(&str, Ending); 3] = [
    ("long_statements", Ending::Statement),
    ("idle_transactions", Ending::Connection),
    ("idle_sessions", Ending::Connection),
];
const SYSTEM: [&str; 3] = ["rdsadmin", "mysql.session", "mysql.sys"];
const REPLICATION: [&str; 2] = ["Binlog Dump GTID", "Connect"];
/// The server tells seconds only.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

/// The plan of the cluster that `run` is about, and the policy it has.
#[must_use]
pub fn of_run(history: &History, run: usize) -> Option<(&RemedyPlan, &Value)> {
    let remedies = history.script.remedies.as_ref()?;
    let carried = history.chain_of(run).payload.get("policy");
    let policy = carried.unwrap_or_else(|| remedies.environment());
    let plan = remedies.plan(policy["cluster"].as_str()?)?;
    Some((plan, policy))
}

/// A length of time as policies write it.
#[must_use]
pub fn span(value: &Value, default: i64) -> SignedDuration {
    let text = value.as_str().unwrap_or_default();
    let number = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    let number: i64 = number.parse().unwrap_or(default);
    match text.chars().last() {
        Some('m') => SignedDuration::from_mins(number),
        Some('h') => SignedDuration::from_hours(number),
        _ => SignedDuration::from_secs(number),
    }
}

/// Why nobody may end the session.
#[must_use]
pub fn protected(session: &Session) -> Option<&'static str> {
    let Some(user) = session.user.as_deref() else {
        return Some("a thread of the server");
    };
    match &session.now.doing {
        Doing::Always(command) if REPLICATION.contains(command) => return Some("replication"),
        _ => {}
    }
    match () {
        () if user == MASTER => Some("the master user's"),
        () if SYSTEM.contains(&user) => Some("the system's"),
        () if [LOOKS, ENDS].contains(&user) => Some("Nightshift's own"),
        () if session.program.as_deref() == Some("nightshift") => Some("Nightshift's own"),
        () => None,
    }
}

/// Whether the `rule` called `name` means what the session did at some moment that lasted until `at`.
#[must_use]
pub fn means(rule: &Value, name: &str, session: &Session, did: &Moment, at: Timestamp) -> bool {
    let idle = did.doing == Doing::Sleeps;
    let (does, digest) = match &did.doing {
        Doing::Executes(digest) => (name == "long_statements", digest.as_deref()),
        _ if did.transaction.is_some() => (idle && name == "idle_transactions", None),
        _ => (idle && name == "idle_sessions", None),
    };
    let long = did.lasts(at) + ROUNDING >= span(&rule["longer_than"], 0);
    let of = [
        ("users", session.user.as_deref()),
        ("schemas", session.schema.as_deref()),
        ("digests", digest),
    ];
    let listed = of.iter().all(|(list, value)| {
        let only = &rule["only"][list];
        only.as_array().is_none_or(Vec::is_empty) || names(only, *value)
    });
    let spared = of
        .iter()
        .any(|(list, value)| names(&rule["never"][list], *value));
    // Nobody knows that it is none of those.
    let perhaps = name == "long_statements"
        && digest.is_none()
        && rule["never"]["digests"]
            .as_array()
            .is_some_and(|it| !it.is_empty());
    does && long && listed && !spared && !perhaps
}

fn names(patterns: &Value, value: Option<&str>) -> bool {
    let patterns = patterns.as_array().into_iter().flatten();
    let mut patterns = patterns.filter_map(Value::as_str);
    patterns.any(|pattern| match value {
        None => pattern == "*",
        Some(value) => like(&pattern.to_lowercase(), &value.to_lowercase()),
    })
}

/// `*` stands for anything.
fn like(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = &pattern[1..];
            text.char_indices().any(|(at, _)| like(rest, &text[at..])) || like(rest, "")
        }
        (Some(a), Some(b)) if a == b => like(&pattern[a.len_utf8()..], &text[b.len_utf8()..]),
        _ => false,
    }
}

/// What an alarm is about, as a policy's `on` calls it.
#[must_use]
pub fn trouble(alarm: &AlarmPlan) -> &'static str {
    match alarm.watches {
        Watches::Metric(_, "CPUUtilization", _) => "cpu",
        Watches::Metric(_, "DatabaseConnections", _) => "connections",
        Watches::Metric(_, "ReadLatency", _) => "read-latency",
        Watches::Metric(_, "LongestTransactionSeconds", _) => "long-transaction",
        _ => "other",
    }
}

/// Whether what goes on on the instance may be the cause: a metric of another one is not about it, unless it
/// is not known what that means.
#[must_use]
pub fn concerns(alarm: &AlarmPlan, instance: &str) -> bool {
    let known = !["long-transaction", "other"].contains(&trouble(alarm));
    match &alarm.watches {
        Watches::Metric(_, _, ("DBInstanceIdentifier", of)) if known => {
            of.eq_ignore_ascii_case(instance)
        }
        _ => true,
    }
}

/// The alarms about the cluster that rang at some moment between these two.
#[must_use]
pub fn ringing<'a>(
    history: &History,
    plan: &'a RemedyPlan,
    (since, until): (Timestamp, Timestamp),
) -> Vec<&'a AlarmPlan> {
    let rang = |name: &str| rang(history, name, (since, until));
    let own = |name: &&String| {
        let mut alarms = plan.alarms.iter();
        alarms.any(|it| it.name == **name && it.about && rang(name))
    };
    let about = plan.alarms.iter().filter(|alarm| match &alarm.watches {
        Watches::Metric(..) => alarm.about && rang(&alarm.name),
        Watches::AnyOf(children) => alarm.about && children.iter().any(|it| own(&it)),
    });
    about.collect()
}

/// Whether an alarm rang at some moment between these two.
fn rang(history: &History, name: &str, (since, until): (Timestamp, Timestamp)) -> bool {
    let changes = history.alarms.get(name);
    let changes = changes.into_iter().flatten();
    let mut rings = false;
    for (at, state) in changes.filter(|(at, _)| *at <= until) {
        if *at <= since {
            rings = *state == State::Alarm;
        } else {
            rings |= *state == State::Alarm;
        }
    }
    rings
}

/// Since when the alarm has rung, if it does at the end.
#[must_use]
pub fn rings_since(history: &History, name: &str) -> Option<Timestamp> {
    let (at, state) = history.alarms.get(name)?.last()?;
    (*state == State::Alarm).then_some(*at)
}
