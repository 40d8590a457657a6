//! How many readers are wanted now, and by what.

use aurora_model::{
    AlarmState, Span, Tags,
    reader::REQUEST_HEEDED,
    tags,
    window::{Standing, Window, open_until},
};
use cloudwatch::AlarmNow;
use jiff::Timestamp;

use crate::{Policy, changes::Changes, policy::Floor};

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

/// Who asks for more readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker<'a> {
    /// An alarm of the policy, which has stood for the longest.
    Alarm(&'a AlarmNow),
    /// remedy-alarm, which asked at this time.
    Remedy(Timestamp),
}

impl Asker<'_> {
    /// Since when it asks.
    #[must_use]
    pub const fn since(self) -> Timestamp {
        match self {
            Self::Alarm(alarm) => alarm.since,
            Self::Remedy(at) => at,
        }
    }
}

/// When remedy-alarm asked for a reader, as the cluster's tag tells, if that is still to be heeded: no
/// reader has come or gone since, and it is not long ago.
pub fn request(tags: &Tags, changes: &Changes, now: Timestamp) -> Option<Timestamp> {
    let asked: Timestamp = tags.get(tags::READER_ASKED)?.parse().ok()?;
    let answered = changes.last().is_some_and(|last| last >= asked);
    let heeded = (asked..after(asked, REQUEST_HEEDED)).contains(&now);
    (heeded && !answered).then_some(asked)
}

/// What the alarms ask for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// More readers: by this.
    More(Asker<'a>),
    /// Fewer are allowed, without a break since this time.
    Fewer(Timestamp),
    /// Neither.
    Nothing,
}

/// What the policy's alarms ask for, by the states in which they are now. One that could not be found
/// asks for nothing, and allows nothing. A `request` of remedy-alarm asks for as much as an alarm.
pub fn asked<'a>(policy: &Policy, alarms: &'a [AlarmNow], request: Option<Timestamp>) -> Asked<'a> {
    let of = |names: &[String]| -> Vec<&'a AlarmNow> {
        let named = alarms.iter().filter(|alarm| names.contains(&alarm.name));
        named.collect()
    };
    let (out, low) = (of(&policy.out_alarms), of(&policy.in_alarms));
    let standing = out.iter().filter(|it| it.state == AlarmState::Alarm);
    if let Some(first) = standing.min_by_key(|alarm| (alarm.since, &alarm.name)) {
        return Asked::More(Asker::Alarm(first));
    }
    if let Some(at) = request {
        return Asked::More(Asker::Remedy(at));
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
