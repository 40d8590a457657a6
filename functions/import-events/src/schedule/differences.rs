//! What an EVENT and its schedule do not have in common.

use jiff::{SignedDuration, Timestamp, civil::DateTime};

use super::{Expression, Timetable, firings::firings};
use crate::event::{Event, Length, Schedule};

/// How far ahead changes of the clocks are looked at: in 28 years each date has been each day of
/// the week, and in 10 almost.
const AHEAD: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is different, a sentence each.
pub(super) fn between(
    event: &Event,
    timetable: &Timetable,
    start: DateTime,
    too_short: bool,
    now: Timestamp,
) -> Vec<String> {
    let seconds = seconds(timetable, start);
    let short = too_short.then(|| short(start));
    let clocks = first_change(event, timetable, now).map(|at| clocks(event, timetable, at));
    [seconds, short, clocks].into_iter().flatten().collect()
}

fn seconds(timetable: &Timetable, start: DateTime) -> Option<String> {
    let cron = matches!(timetable.expression, Expression::Cron(_));
    (cron && start.second() != 0).then(|| {
        format!(
            "EventBridge Scheduler fires at whole minutes: {} seconds before the EVENT.",
            start.second()
        )
    })
}

fn short(start: DateTime) -> String {
    format!(
        "Some months have no day {day}. There MySQL fires on their last day, then a month after that \
         day and again on day {day}; the schedule fires {instead}.",
        day = start.day(),
        instead = if start.day() == 31 || start.month() == 2 {
            "on the last day of each of its months, once"
        } else {
            "in the other months only"
        }
    )
}

fn clocks(event: &Event, timetable: &Timetable, at: Timestamp) -> String {
    let date = event.zone.local(at).date();
    match timetable.expression {
        Expression::Rate(_) => format!(
            "An EVENT counts its interval on the wall clock and does not fire while an hour comes for \
             the second time; a rate counts the time that has passed. From the next change of the \
             clocks on ({date}) they fire at other times."
        ),
        _ => format!(
            "When the clocks skip the time of a firing, the EVENT fires at the moment they do, the \
             schedule not at all (first on {date})."
        ),
    }
}

/// The first change of the EVENT's clocks around which the two do not fire in the same minutes.
fn first_change(event: &Event, timetable: &Timetable, now: Timestamp) -> Option<Timestamp> {
    let (ahead, step) = reach(event);
    let until = now.checked_add(ahead).ok()?;
    let mut changes = event.zone.changes(now).take_while(|change| *change < until);
    changes.find(|change| {
        // To the minute: none of the two has fired in this one yet, or both have.
        let from = end_of_minute(now.max(*change - DAY - step));
        let to = *change + DAY + step;
        let minute = |time: Timestamp| time.as_second().div_euclid(60);
        let within = |time: &Timestamp| *time < to;
        let ours = timetable.firings(from).take_while(within).map(minute);
        let theirs = firings(event, from).take_while(within).map(minute);
        !theirs.eq(ours)
    })
}

fn end_of_minute(time: Timestamp) -> Timestamp {
    time + SignedDuration::from_secs(59 - time.as_second().rem_euclid(60))
}

/// How far to look for changes, and how far around each: where an EVENT fires each day, the
/// changes of a year tell all.
fn reach(event: &Event) -> (SignedDuration, SignedDuration) {
    match event.schedule {
        Schedule::At(_) => (SignedDuration::ZERO, SignedDuration::ZERO),
        Schedule::Every { interval, .. } => match interval.length() {
            Length::Months(_) => (AHEAD, SignedDuration::ZERO),
            Length::Seconds(step) if step <= 86_400 => (DAY * 500, SignedDuration::ZERO),
            Length::Seconds(step) => (AHEAD, SignedDuration::from_secs(i64::from(step))),
        },
    }
}
