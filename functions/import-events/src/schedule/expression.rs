//! When EventBridge Scheduler fires.

use std::fmt;

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use super::Cron;

/// A schedule expression.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Once.
    At(DateTime),
    /// Every so often in absolute time, from the start date on.
    Rate(Rate),
    /// By the calendar.
    Cron(Cron),
}

/// How often: from a minute on, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    minutes: u32,
}

impl Rate {
    /// Every so many minutes; none is taken for one.
    #[must_use]
    pub fn minutes(minutes: u32) -> Self {
        let minutes = minutes.max(1);
        Self { minutes }
    }

    /// How long it is from firing to firing.
    #[must_use]
    pub fn every(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }
}

/// When a schedule of EventBridge Scheduler fires. It fires within the minute that this says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// The expression.
    pub expression: Expression,
    /// The zone in which `at` and `cron` are meant, by its name in the IANA database.
    pub zone: String,
    /// It does not fire before this.
    pub start: Option<Timestamp>,
    /// It does not fire after this.
    pub end: Option<Timestamp>,
}

impl Timetable {
    /// Its first firing after `after`, were it enabled.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.firings(after).next()
    }

    /// Its firings after `after`, in their order. A local time that the clocks skip is left out,
    /// one that comes twice counts once.
    /// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time>
    #[must_use]
    pub fn firings(&self, after: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_> {
        let all = self.unbounded(after);
        let begun =
            move |time: &Timestamp| *time > after && self.start.is_none_or(|start| *time >= start);
        let over = |time: &Timestamp| self.end.is_none_or(|end| *time <= end);
        Box::new(all.filter(begun).take_while(over))
    }

    fn unbounded(&self, after: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_> {
        // A zone that is not known is none that fires.
        let Ok(zone) = TimeZone::get(&self.zone) else {
            return Box::new(std::iter::empty());
        };
        let from = self.start.map_or(after, |start| start.max(after));
        match &self.expression {
            Expression::At(at) => Box::new(moment(*at, &zone).into_iter()),
            Expression::Rate(rate) => {
                let (rate, start) = (rate.every().as_secs(), self.start.unwrap_or(after));
                let passed = (from.as_second() - start.as_second()) / rate;
                let times = (passed..).map_while(move |count| {
                    let ahead = SignedDuration::from_secs(rate.checked_mul(count)?);
                    start.checked_add(ahead).ok()
                });
                Box::new(times)
            }
            Expression::Cron(cron) => {
                let days = zone.to_datetime(from).date().series(1.day());
                let days = days.take_while(|day| day.year() < 2200);
                let times = days.flat_map(|day| cron.on(day));
                Box::new(times.filter_map(move |time| moment(time, &zone)))
            }
        }
    }
}

/// The moment of a local time, if there is one; the first of two.
fn moment(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => None,
        _ => ambiguous.earlier().ok(),
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self.minutes {
            minutes if minutes % 1_440 == 0 => (minutes / 1_440, "day"),
            minutes if minutes % 60 == 0 => (minutes / 60, "hour"),
            minutes => (minutes, "minute"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "rate({count} {unit}{plural})")
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => write!(f, "at({})", at.strftime("%Y-%m-%dT%H:%M:%S")),
            Self::Rate(rate) => rate.fmt(f),
            Self::Cron(cron) => cron.fmt(f),
        }
    }
}
