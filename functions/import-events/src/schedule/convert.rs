//! From an EVENT's schedule to one of EventBridge Scheduler.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use super::{Cron, Day, Expression, Rate, Timetable, differences, firings, monthly::monthly};
use crate::event::{Event, Interval, Length, Schedule};

/// A schedule in the place of an EVENT's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// When it fires.
    pub timetable: Timetable,
    /// What is different in meaning, a sentence each. Where there is none, both fire in the same
    /// minutes.
    pub differences: Vec<String>,
}

/// An EVENT's schedule that EventBridge Scheduler cannot have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{reason}{}", .offer.as_ref().map_or(String::new(), |offer| format!("; the nearest is {offer}")))]
pub struct Refusal {
    /// Why.
    pub reason: String,
    /// What it can have that is nearest.
    pub offer: Option<Expression>,
}

/// What an `EVERY` says, on the clock on which the schedule is to be written.
struct Every {
    interval: Interval,
    start: Timestamp,
    local: DateTime,
    end: Option<Timestamp>,
    zone: String,
}

/// The schedule that fires as the EVENT does from `now` on.
///
/// # Errors
/// [`Refusal`] where no schedule does, or where the EVENT fires no more.
pub fn convert(event: &Event, now: Timestamp) -> Result<Conversion, Refusal> {
    let Some(next) = firings::next(event, now) else {
        return Err(refusal("it fires no more: its time is over".into(), None));
    };
    match event.schedule {
        Schedule::At(at) => Ok(once(event, at, next)),
        Schedule::Every {
            interval,
            starts,
            ends,
        } => {
            let start = event.zone.moment(starts).unwrap_or(next);
            // An offset that has no name is written on UTC's clock.
            let zone = event.zone.name().unwrap_or_else(|| "UTC".into());
            let rules = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
            let local = rules.to_datetime(start);
            let end = ends.and_then(|ends| event.zone.moment(ends));
            let every = Every {
                interval,
                start,
                local,
                end,
                zone,
            };
            again(event, &every, now, next)
        }
    }
}

/// On UTC's clock where the local time comes twice or has no name: `at` could mean either.
fn once(event: &Event, at: DateTime, moment: Timestamp) -> Conversion {
    let zone = event.zone.name().unwrap_or_else(|| "UTC".into());
    let plain = !event.zone.rules().to_ambiguous_timestamp(at).is_ambiguous();
    let (at, zone) = match zone.as_str() {
        "UTC" => (TimeZone::UTC.to_datetime(moment), zone),
        _ if plain => (at, zone),
        _ => (TimeZone::UTC.to_datetime(moment), "UTC".into()),
    };
    let expression = Expression::At(at);
    let timetable = Timetable {
        expression,
        zone,
        start: None,
        end: None,
    };
    Conversion {
        timetable,
        differences: Vec::new(),
    }
}

fn again(
    event: &Event,
    every: &Every,
    now: Timestamp,
    next: Timestamp,
) -> Result<Conversion, Refusal> {
    let (expression, too_short) = expression(event, every)?;
    let timetable = bounded(expression, every, now, next);
    let differences = differences::between(event, &timetable, every.local, too_short, now);
    Ok(Conversion {
        timetable,
        differences,
    })
}

/// The expression, and whether some months are too short for its day.
fn expression(event: &Event, every: &Every) -> Result<(Expression, bool), Refusal> {
    match every.interval.length() {
        Length::Seconds(step) if step % 60 != 0 => Err(too_fine(every.interval, step)),
        Length::Seconds(step) => Ok((by_the_clock(every.local, step), false)),
        Length::Months(step) => {
            let same_day = event.zone.local(every.start).date() == every.local.date();
            let found = monthly(every.local, step).filter(|_| same_day);
            let (cron, short) =
                found.ok_or_else(|| no_such_months(every.interval, step, same_day))?;
            Ok((Expression::Cron(cron), short))
        }
    }
}

/// `cron` where each day, or one day of each week, has the same times, and an expression can list
/// them; `rate` otherwise.
fn by_the_clock(start: DateTime, step: i32) -> Expression {
    let minutes = step / 60;
    let (minute, hour) = (i32::from(start.minute()), i32::from(start.hour()));
    let multiples = |from: i32, step: i32, below: i32| {
        let all = (from % step..below).step_by(usize::try_from(step).unwrap_or(1));
        all.filter_map(|number| i8::try_from(number).ok())
            .collect::<Vec<_>>()
    };
    match minutes {
        _ if 60 % minutes == 0 => Expression::Cron(Cron::daily(
            multiples(minute, minutes, 60),
            multiples(0, 1, 24),
        )),
        _ if minutes % 60 == 0 && 24 % (minutes / 60) == 0 => {
            let hours = multiples(hour, minutes / 60, 24);
            Expression::Cron(Cron::daily(vec![start.minute()], hours))
        }
        10_080 => Expression::Cron(Cron {
            day: Day::OfWeek(start.weekday()),
            ..Cron::daily(vec![start.minute()], vec![start.hour()])
        }),
        _ => Expression::Rate(Rate::minutes(minutes.unsigned_abs())),
    }
}

/// With its start and end. A start that is past is left out, as Scheduler takes none; a rate needs
/// one to count from, and has the EVENT's next firing.
fn bounded(expression: Expression, every: &Every, now: Timestamp, next: Timestamp) -> Timetable {
    let seconds = i64::from(every.local.second());
    let (start, last) = match &expression {
        Expression::Rate(rate) => {
            let passed =
                |end: Timestamp| (end.as_second() - next.as_second()) / rate.every().as_secs();
            let last = every
                .end
                .map(|end| next + rate.every() * i32::try_from(passed(end)).unwrap_or(i32::MAX));
            (Some(next), last)
        }
        // A cron fires at whole minutes, earlier than the EVENT by the seconds of its start.
        _ => (
            Some(every.start - SignedDuration::from_secs(seconds)).filter(|start| *start > now),
            every
                .end
                .map(|end| whole_minute(end - SignedDuration::from_secs(seconds))),
        ),
    };
    // Scheduler does not say whether it fires at the end date itself, so it comes a little later.
    let end = last.map(|last| last + SignedDuration::from_secs(30));
    let zone = every.zone.clone();
    Timetable {
        expression,
        zone,
        start,
        end,
    }
}

fn whole_minute(time: Timestamp) -> Timestamp {
    time - SignedDuration::from_secs(time.as_second().rem_euclid(60))
}

fn too_fine(interval: Interval, step: i32) -> Refusal {
    let minutes = (step + 30) / 60;
    let offer = Expression::Rate(Rate::minutes(minutes.unsigned_abs()));
    let reason = format!(
        "EVERY {interval} is no whole number of minutes, and EventBridge Scheduler fires at whole minutes"
    );
    refusal(reason, Some(offer))
}

fn no_such_months(interval: Interval, step: i32, same_day: bool) -> Refusal {
    let days = step.unsigned_abs().saturating_mul(487) / 16;
    let offer = Expression::Rate(Rate::minutes(days.saturating_mul(1_440)));
    let reason = if same_day {
        format!("EVERY {interval} comes in other months each year, which no cron expression says")
    } else {
        "its zone is an offset without a name, in which its day of the month is not UTC's".into()
    };
    refusal(reason, Some(offer))
}

const fn refusal(reason: String, offer: Option<Expression>) -> Refusal {
    Refusal { reason, offer }
}
