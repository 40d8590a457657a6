//! When a schedule that somebody wrote fires next.

use jiff::{Timestamp, civil::Weekday};
use scheduler::Schedule;

use crate::schedule::{Cron, Day, Expression, Rate, Timetable};

/// When `schedule` fires next after `now`. `None` where it fires no more, and where its expression is
/// one that is not read here: several days of a week or a month, `#`, `W`.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>
pub(super) fn next(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let expression = parse(&schedule.expression)?;
    // A rate is counted from a moment that Scheduler does not tell unless there is a start date.
    if matches!(expression, Expression::Rate(_)) && schedule.starts.is_none() {
        return None;
    }
    let timetable = Timetable {
        expression,
        zone: schedule.zone.clone(),
        start: schedule.starts,
        end: schedule.ends,
    };
    timetable.next(now)
}

fn parse(expression: &str) -> Option<Expression> {
    let (kind, rest) = expression.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    match kind {
        "at" => inner.parse().ok().map(Expression::At),
        "rate" => rate(inner).map(Expression::Rate),
        "cron" => cron(inner).map(Expression::Cron),
        _ => None,
    }
}

fn rate(inner: &str) -> Option<Rate> {
    let (count, unit) = inner.split_once(' ')?;
    let count: u32 = count.parse().ok()?;
    let minutes = match unit.trim().trim_end_matches('s') {
        "minute" => 1,
        "hour" => 60,
        "day" => 1_440,
        _ => return None,
    };
    count.checked_mul(minutes).map(Rate::minutes)
}

fn cron(inner: &str) -> Option<Cron> {
    let fields: Vec<&str> = inner.split_whitespace().collect();
    let [minutes, hours, of_month, months, of_week, year] = fields[..] else {
        return None;
    };
    Some(Cron {
        minutes: numbers(minutes, 0, 59)?,
        hours: numbers(hours, 0, 23)?,
        day: day(of_month, of_week)?,
        months: numbers(months, 1, 12)?,
        years: years(year)?,
    })
}

/// `*`, `5`, `1-5`, `0/15`, `1,3,7-9`.
fn numbers(field: &str, least: i8, most: i8) -> Option<Vec<i8>> {
    let mut all = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (
                range,
                Some(step.parse::<usize>().ok().filter(|it| *it > 0)?),
            ),
            None => (part, None),
        };
        let (from, to) = match (range, range.split_once('-')) {
            ("*" | "?", _) => (least, most),
            (_, Some((from, to))) => (from.parse().ok()?, to.parse().ok()?),
            (one, None) => {
                let one = one.parse().ok()?;
                (one, if step.is_some() { most } else { one })
            }
        };
        if from < least || to > most {
            return None;
        }
        all.extend((from..=to).step_by(step.unwrap_or(1)));
    }
    all.sort_unstable();
    all.dedup();
    Some(all)
}

fn day(of_month: &str, of_week: &str) -> Option<Day> {
    match (of_month, of_week) {
        ("*" | "?", "*" | "?") => Some(Day::Every),
        ("L", "?") => Some(Day::Last),
        (day, "?") => Some(Day::OfMonth(day.parse().ok()?)),
        ("?" | "*", day) => weekday(day).map(Day::OfWeek),
        _ => None,
    }
}

/// 1 is Sunday.
fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_ascii_uppercase().as_str() {
        "1" | "SUN" => Weekday::Sunday,
        "2" | "MON" => Weekday::Monday,
        "3" | "TUE" => Weekday::Tuesday,
        "4" | "WED" => Weekday::Wednesday,
        "5" | "THU" => Weekday::Thursday,
        "6" | "FRI" => Weekday::Friday,
        "7" | "SAT" => Weekday::Saturday,
        _ => return None,
    })
}

/// `*`, `2027`, `2027/2`.
fn years(field: &str) -> Option<(i16, i16)> {
    match field.split_once('/') {
        Some((from, step)) => Some((from.parse().ok()?, step.parse().ok().filter(|it| *it > 0)?)),
        None if field == "*" => Some((1970, 1)),
        // No other year is that many years later.
        None => Some((field.parse().ok()?, i16::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(expression: &str) -> Option<String> {
        let timetable = Timetable {
            expression: parse(expression)?,
            zone: "Europe/Berlin".into(),
            start: None,
            end: None,
        };
        let now = "2026-11-22T12:10:30Z".parse().unwrap();
        timetable.next(now).map(|next| next.to_string())
    }

    #[test]
    fn expressions_that_people_write_are_read() {
        for (expression, next) in [
            ("cron(0 3 * * ? *)", Some("2026-11-23T02:00:00Z")),
            ("cron(0/15 * * * ? *)", Some("2026-11-22T12:15:00Z")),
            ("cron(*/20 8-18 * * ? *)", Some("2026-11-22T12:20:00Z")),
            ("cron(30 4 1 * ? *)", Some("2026-12-01T03:30:00Z")),
            ("cron(30 4 L * ? *)", Some("2026-11-30T03:30:00Z")),
            ("cron(0 2 ? * SUN *)", Some("2026-11-29T01:00:00Z")),
            ("cron(0 2 ? * 2 *)", Some("2026-11-23T01:00:00Z")),
            ("cron(0 2 1 1 ? 2028/2)", Some("2028-01-01T01:00:00Z")),
            ("cron(0 2 1 1 ? 2020)", None),
            ("at(2026-12-01T03:00:00)", Some("2026-12-01T02:00:00Z")),
            ("cron(0 2 ? * MON-FRI *)", None),
            ("cron(0 2 ? * 2#1 *)", None),
            ("cron(0 25 * * ? *)", None),
            ("cron(0 2 * *)", None),
            ("every day", None),
        ] {
            assert_eq!(after(expression).as_deref(), next, "{expression}");
        }
    }

    proptest! {
        #[test]
        fn what_an_import_writes_reads_back(
            minutes in proptest::collection::btree_set(0..60_i8, 1..4),
            hours in proptest::collection::btree_set(0..24_i8, 1..4),
            day in 0..4_usize,
            years in prop_oneof![Just((1970, 1)), (2026..2040_i16, 2..5_i16)],
        ) {
            let days = [Day::Every, Day::OfWeek(Weekday::Friday), Day::OfMonth(7), Day::Last];
            let cron = Cron {
                day: days[day],
                years,
                ..Cron::daily(minutes.into_iter().collect(), hours.into_iter().collect())
            };
            prop_assert_eq!(parse(&cron.to_string()), Some(Expression::Cron(cron)));
        }
    }
}
