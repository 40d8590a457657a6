//! `cron(…)` of EventBridge Scheduler, as far as EVENTs need it.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};

/// Times by the calendar.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    /// The minutes of an hour.
    pub minutes: Vec<i8>,
    /// The hours of a day.
    pub hours: Vec<i8>,
    /// The days.
    pub day: Day,
    /// The months of a year.
    pub months: Vec<i8>,
    /// The years: one, and each so many years later.
    pub years: (i16, i16),
}

/// The days of a cron expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// All.
    Every,
    /// One day of the week.
    OfWeek(Weekday),
    /// One day of the month, where the month has it.
    OfMonth(i8),
    /// The last day of the month.
    Last,
}

impl Cron {
    /// Each day at these minutes of these hours.
    #[must_use]
    pub fn daily(minutes: Vec<i8>, hours: Vec<i8>) -> Self {
        Self {
            minutes,
            hours,
            day: Day::Every,
            months: (1..=12).collect(),
            years: (1970, 1),
        }
    }

    /// Its local times on one day, in their order.
    pub(super) fn on(&self, date: Date) -> impl Iterator<Item = DateTime> + '_ {
        let hours = if self.has(date) { &self.hours[..] } else { &[] };
        hours.iter().flat_map(move |hour| {
            let times = self.minutes.iter();
            let times = times.filter_map(|minute| Time::new(*hour, *minute, 0, 0).ok());
            times.map(move |time| date.to_datetime(time))
        })
    }

    fn has(&self, date: Date) -> bool {
        let day = match self.day {
            Day::Every => true,
            Day::OfWeek(day) => date.weekday() == day,
            Day::OfMonth(day) => date.day() == day,
            Day::Last => date.day() == date.days_in_month(),
        };
        let (year, step) = self.years;
        let year = date.year() >= year && (date.year() - year) % step == 0;
        day && year && self.months.contains(&date.month())
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (of_month, of_week) = match self.day {
            Day::Every => ("*".into(), "?".into()),
            Day::OfWeek(day) => ("?".into(), word(day).to_owned()),
            Day::OfMonth(day) => (day.to_string(), "?".into()),
            Day::Last => ("L".into(), "?".into()),
        };
        let year = match self.years {
            (_, 1) => "*".into(),
            (year, step) => format!("{year}/{step}"),
        };
        let minutes = list(&self.minutes, 60);
        let (hours, months) = (list(&self.hours, 24), list(&self.months, 12));
        write!(
            f,
            "cron({minutes} {hours} {of_month} {months} {of_week} {year})"
        )
    }
}

fn list(numbers: &[i8], all: usize) -> String {
    if numbers.len() == all {
        return "*".into();
    }
    let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(",")
}

const fn word(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MON",
        Weekday::Tuesday => "TUE",
        Weekday::Wednesday => "WED",
        Weekday::Thursday => "THU",
        Weekday::Friday => "FRI",
        Weekday::Saturday => "SAT",
        Weekday::Sunday => "SUN",
    }
}
