//! How many readers are wanted now, and by what.

use aurora_model::{
    AlarmState, Span,
    window::{Standing, Window, open_until},
};
use cloudwatch::AlarmNow;
use jiff::Timestamp;

use crate::{Policy, policy::Floor};

/// The fewest readers that are wanted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    /// How many.
    pub readers: usize,
    /// Until when a floor of the schedule says so; `None` where it is the policy's `min`.
    pub until: Option<Timestamp>,
}

/// The larger of the policy's `min` and the floors that hold `now`.
pub fn least(policy: &Policy, now: Timestamp) -> Least {
    let min = Least {
        readers: policy.min.into(),
        until: None,
    };
    let floors = policy.schedule_floors.iter();
    let held = floors.filter_map(|floor| holds(floor, policy, now));
    let highest = held.max_by_key(|least| (least.readers, least.until));
    highest
        .filter(|floor| floor.readers > min.readers)
        .unwrap_or(min)
}

fn holds(floor: &Floor, policy: &Policy, now: Timestamp) -> Option<Least> {
    let window: &[Window] = std::slice::from_ref(&floor.window);
    let Standing::Open(until) = open_until(window, &policy.time_zone, now) else {
        return None;
    };
    Some(Least {
        readers: floor.readers.into(),
        until,
    })
}

/// What the alarms ask for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// More readers: this alarm, which has stood for the longest.
    More(&'a AlarmNow),
    /// Fewer are allowed, without a break since this time.
    Fewer(Timestamp),
    /// Neither.
    Nothing,
}

/// What the policy's alarms ask for, by the states in which they are now. One that could not be found
/// asks for nothing, and allows nothing.
pub fn asked<'a>(policy: &Policy, alarms: &'a [AlarmNow]) -> Asked<'a> {
    let of = |names: &[String]| -> Vec<&'a AlarmNow> {
        let named = alarms.iter().filter(|alarm| names.contains(&alarm.name));
        named.collect()
    };
    let (out, low) = (of(&policy.out_alarms), of(&policy.in_alarms));
    let standing = out.iter().filter(|it| it.state == AlarmState::Alarm);
    if let Some(first) = standing.min_by_key(|alarm| (alarm.since, &alarm.name)) {
        return Asked::More(first);
    }
    let (allowing, names, state) = if policy.in_alarms.is_empty() {
        (out, &policy.out_alarms, AlarmState::Ok)
    } else {
        (low, &policy.in_alarms, AlarmState::Alarm)
    };
    let all = allowing.len() == names.len() && allowing.iter().all(|it| it.state == state);
    let since = allowing.iter().map(|alarm| alarm.since).max();
    match since.filter(|_| all) {
        Some(since) => Asked::Fewer(since),
        None if all => Asked::Fewer(Timestamp::UNIX_EPOCH),
        None => Asked::Nothing,
    }
}

/// When `span` is over since `then`.
pub fn after(then: Timestamp, span: Span) -> Timestamp {
    then.saturating_add(span.duration()).unwrap_or(then)
}
