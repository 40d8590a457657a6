//! A retention rule over stretches of the calendar.

use std::{collections::HashSet, fmt};

use jiff::{
    Zoned,
    civil::{Date, ISOWeekDate},
    tz::Offset,
};

/// The newest of each of the last `limit` buckets that have one.
pub struct Calendar {
    name: &'static str,
    /// How many buckets it wants.
    pub limit: usize,
    bucket: fn(&Zoned) -> Bucket,
    /// The buckets whose newest has been kept. A set and not just the last one: where a zone set
    /// its clocks back over midnight, a day comes twice.
    kept: HashSet<Bucket>,
    reached: Option<Bucket>,
}

impl Calendar {
    /// A rule that has kept nothing yet.
    pub fn new(name: &'static str, limit: u32, bucket: fn(&Zoned) -> Bucket) -> Self {
        Self {
            name,
            limit: limit as usize,
            bucket,
            kept: HashSet::new(),
            reached: None,
        }
    }

    /// Why this rule keeps a snapshot made at `local`, asked from the newest to the oldest.
    pub fn keeps(&mut self, local: &Zoned, oldest: bool) -> Option<String> {
        let Self { name, limit, .. } = *self;
        if self.kept.len() >= limit {
            return None;
        }
        let bucket = (self.bucket)(local);
        if self.kept.insert(bucket) {
            self.reached = Some(bucket);
            let used = self.kept.len();
            return Some(format!("{name} {used} of {limit}, newest of {bucket}"));
        }
        let used = self.kept.len();
        oldest.then(|| format!("oldest there is, as {name} has only {used} of {limit}"))
    }

    /// Why this rule, asked just before, does not keep it.
    pub fn passed(&self, local: &Zoned) -> Passed {
        let Self { name, limit, .. } = self;
        let bucket = (self.bucket)(local);
        match self.reached {
            Some(reached) if !self.kept.contains(&bucket) => {
                Passed::Full(format!("{name} {limit} reached at {reached}"))
            }
            _ => Passed::Newer(bucket),
        }
    }
}

/// Why a calendar rule passed a snapshot by.
pub enum Passed {
    /// It has as many as it wants, and says where it got them.
    Full(String),
    /// It keeps a newer one of the same bucket.
    Newer(Bucket),
}

/// A stretch of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// With the offset, as in autumn an hour comes twice.
    Hour(Date, i8, Offset),
    Day(Date),
    Week(i16, i8),
    Month(i16, i8),
    Year(i16),
}

impl Bucket {
    /// The hour of a time.
    pub fn hour(local: &Zoned) -> Self {
        Self::Hour(local.date(), local.hour(), local.offset())
    }

    /// The day of a time.
    pub fn day(local: &Zoned) -> Self {
        Self::Day(local.date())
    }

    /// The ISO week of a time.
    pub fn week(local: &Zoned) -> Self {
        let week = ISOWeekDate::from(local.date());
        Self::Week(week.year(), week.week())
    }

    /// The month of a time.
    pub fn month(local: &Zoned) -> Self {
        Self::Month(local.year(), local.month())
    }

    /// The year of a time.
    pub fn year(local: &Zoned) -> Self {
        Self::Year(local.year())
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hour(date, hour, offset) => write!(f, "{date} {hour:02}:00 (UTC{offset})"),
            Self::Day(date) => write!(f, "{date}"),
            Self::Week(year, week) => write!(f, "week {year}-W{week:02}"),
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}
