//! Cron expressions of six fields: minutes, hours, day of the month, month, day of the week, year.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based>

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::{
    field::{Field, MONTHS, WEEKDAYS, number},
    moment,
};

/// A cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cron {
    minutes: Field,
    hours: Field,
    day: Day,
    months: Field,
    years: Field,
}

/// Which days of a month. Exactly one of the two fields is `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Day {
    OfMonth(Field),
    /// `L`
    LastOfMonth,
    /// `3W`: the weekday nearest to the third, in the same month.
    Near(i8),
    OfWeek(Field),
    /// `5L`: the last Thursday.
    LastOfWeek(i16),
    /// `3#2`: the second Tuesday.
    Nth(i16, i8),
}

impl Cron {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(' ').collect();
        let [minutes, hours, of_month, months, of_week, years] = fields[..] else {
            return None;
        };
        let day = match (of_month, of_week) {
            ("?", "?") => return None,
            ("?", day) => day_of_week(day)?,
            (day, "?") => day_of_month(day)?,
            _ => return None,
        };
        Some(Self {
            minutes: Field::parse(minutes, 0, 59, "")?,
            hours: Field::parse(hours, 0, 23, "")?,
            day,
            months: Field::parse(months, 1, 12, MONTHS)?,
            years: Field::parse(years, 1970, 2199, "")?,
        })
    }

    /// The first time after `after` in `zone`.
    pub(super) fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut date = zone.to_datetime(after).date();
        while date.year() <= 2199 {
            let next = self.on(date, zone).find(|time| *time > after);
            if next.is_some() {
                return next;
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// The times on one day.
    fn on(&self, date: Date, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let due = self.years.has(date.year())
            && self.months.has(i16::from(date.month()))
            && self.day.is(date);
        let hours = (0..24).filter(move |hour| due && self.hours.has(i16::from(*hour)));
        let times = hours.flat_map(move |hour| {
            let minutes = (0..60).filter(|minute| self.minutes.has(i16::from(*minute)));
            minutes.map(move |minute| date.at(hour, minute, 0, 0))
        });
        times.filter_map(|time| moment(time, zone))
    }
}

fn day_of_month(text: &str) -> Option<Day> {
    let near = |day| number(day, 1, 31, "").and_then(|day| i8::try_from(day).ok());
    match text.strip_suffix('W') {
        Some(day) => near(day).map(Day::Near),
        None if text == "L" => Some(Day::LastOfMonth),
        None => Field::parse(text, 1, 31, "").map(Day::OfMonth),
    }
}

fn day_of_week(text: &str) -> Option<Day> {
    let weekday = |day| number(day, 1, 7, WEEKDAYS);
    if let Some((day, nth)) = text.split_once('#') {
        let nth = i8::try_from(number(nth, 1, 5, "")?).ok()?;
        return Some(Day::Nth(weekday(day)?, nth));
    }
    match text.strip_suffix('L') {
        Some("") => Field::parse("7", 1, 7, "").map(Day::OfWeek),
        Some(day) => weekday(day).map(Day::LastOfWeek),
        None => Field::parse(text, 1, 7, WEEKDAYS).map(Day::OfWeek),
    }
}

impl Day {
    fn is(&self, date: Date) -> bool {
        let weekday = i16::from(date.weekday().to_sunday_one_offset());
        match self {
            Self::OfMonth(days) => days.has(i16::from(date.day())),
            Self::LastOfMonth => date.day() == date.days_in_month(),
            Self::Near(day) => near(date, *day) == Some(date.day()),
            Self::OfWeek(days) => days.has(weekday),
            Self::LastOfWeek(last) => weekday == *last && date.day() + 7 > date.days_in_month(),
            Self::Nth(nth, week) => weekday == *nth && (date.day() + 6) / 7 == *week,
        }
    }
}

/// The working day nearest to `day` in the month of `date`.
fn near(date: Date, day: i8) -> Option<i8> {
    let wanted = date.with().day(day).build().ok()?;
    Some(match wanted.weekday() {
        Weekday::Saturday if day == 1 => day + 2,
        Weekday::Saturday => day - 1,
        Weekday::Sunday if day == date.days_in_month() => day - 2,
        Weekday::Sunday => day + 1,
        _ => day,
    })
}
