//! How far the firings of an EVENT are apart.

use std::fmt;

/// An interval as `EVERY` takes it.
/// <https://dev.mysql.com/doc/refman/8.0/en/expressions.html#temporal-intervals>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// How many of the unit; of its smallest part where it has several: 90 for `'1:30' HOUR_MINUTE`.
    amount: u32,
    unit: Unit,
}

/// The unit of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are MySQL's words")]
pub enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    YearMonth,
    DayHour,
    DayMinute,
    DaySecond,
    HourMinute,
    HourSecond,
    MinuteSecond,
}

/// How long an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Months of the calendar.
    Months(i32),
    /// Seconds on the wall clock.
    Seconds(i32),
}

/// A unit, its word, and its parts.
type Row = (Unit, &'static str, &'static [(char, u32)]);

/// A row for each unit: its word, and what separates its parts, with the size of each part but the
/// largest in the next smaller one.
const UNITS: [Row; 15] = [
    (Unit::Year, "YEAR", &[]),
    (Unit::Quarter, "QUARTER", &[]),
    (Unit::Month, "MONTH", &[]),
    (Unit::Week, "WEEK", &[]),
    (Unit::Day, "DAY", &[]),
    (Unit::Hour, "HOUR", &[]),
    (Unit::Minute, "MINUTE", &[]),
    (Unit::Second, "SECOND", &[]),
    (Unit::YearMonth, "YEAR_MONTH", &[('-', 12)]),
    (Unit::DayHour, "DAY_HOUR", &[(' ', 24)]),
    (Unit::DayMinute, "DAY_MINUTE", &[(' ', 24), (':', 60)]),
    (
        Unit::DaySecond,
        "DAY_SECOND",
        &[(' ', 24), (':', 60), (':', 60)],
    ),
    (Unit::HourMinute, "HOUR_MINUTE", &[(':', 60)]),
    (Unit::HourSecond, "HOUR_SECOND", &[(':', 60), (':', 60)]),
    (Unit::MinuteSecond, "MINUTE_SECOND", &[(':', 60)]),
];

impl Unit {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        UNITS.iter().map(|row| row.0)
    }

    /// The unit of this word: `HOUR_MINUTE`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        UNITS.iter().find(|row| row.1 == word).map(|row| row.0)
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static Row {
        let row = UNITS.iter().find(|row| row.0 == self);
        row.unwrap_or(&UNITS[0])
    }

    /// One of its smallest part.
    const fn one(self) -> Length {
        match self {
            Self::Year => Length::Months(12),
            Self::Quarter => Length::Months(3),
            Self::Month | Self::YearMonth => Length::Months(1),
            Self::Week => Length::Seconds(604_800),
            Self::Day => Length::Seconds(86_400),
            Self::Hour | Self::DayHour => Length::Seconds(3_600),
            Self::Minute | Self::DayMinute | Self::HourMinute => Length::Seconds(60),
            Self::Second | Self::DaySecond | Self::HourSecond | Self::MinuteSecond => {
                Length::Seconds(1)
            }
        }
    }
}

impl Interval {
    /// `amount` times `unit`, or its smallest part. `None` where it is nothing, or longer than the
    /// server itself can count: its seconds and months have 31 bits.
    #[must_use]
    pub fn new(amount: u32, unit: Unit) -> Option<Self> {
        let count = i32::try_from(amount).ok().filter(|count| *count > 0)?;
        match unit.one() {
            Length::Months(one) | Length::Seconds(one) => one.checked_mul(count)?,
        };
        Some(Self { amount, unit })
    }

    /// The interval in the columns `INTERVAL_VALUE` and `INTERVAL_FIELD`: `'1:30'` (with its
    /// quotes) and `HOUR_MINUTE`.
    #[must_use]
    pub fn read(value: &str, field: &str) -> Option<Self> {
        let unit = Unit::named(field)?;
        let mut rest = value.trim_matches('\'');
        let mut amount = 0_u32;
        for (separator, size) in unit.row().2 {
            let (part, after) = rest.split_once(*separator)?;
            amount = amount.checked_add(number(part)?)?.checked_mul(*size)?;
            rest = after;
        }
        Self::new(amount.checked_add(number(rest)?)?, unit)
    }

    /// How long it is.
    #[must_use]
    pub const fn length(self) -> Length {
        // In bounds: `new` has multiplied the same.
        let count = self.amount.cast_signed();
        match self.unit.one() {
            Length::Months(one) => Length::Months(one.saturating_mul(count)),
            Length::Seconds(one) => Length::Seconds(one.saturating_mul(count)),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

impl fmt::Display for Interval {
    /// As `SHOW CREATE EVENT` does: `1 DAY`, `'1:30' HOUR_MINUTE`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, word, parts) = self.unit.row();
        let (mut rest, mut value) = (self.amount, String::new());
        for (separator, size) in parts.iter().rev() {
            value = format!("{separator}{}{value}", rest % size);
            rest /= size;
        }
        let quote = if parts.is_empty() { "" } else { "'" };
        write!(f, "{quote}{rest}{value}{quote} {word}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_interval_of_several_parts_is_counted_in_its_smallest() {
        for (value, field, length) in [
            ("1", "DAY", Length::Seconds(86_400)),
            ("2", "WEEK", Length::Seconds(1_209_600)),
            ("1", "QUARTER", Length::Months(3)),
            ("'1-6'", "YEAR_MONTH", Length::Months(18)),
            ("'1 2:3:4'", "DAY_SECOND", Length::Seconds(93_784)),
            ("'1:30'", "HOUR_MINUTE", Length::Seconds(5_400)),
            ("'90:10'", "MINUTE_SECOND", Length::Seconds(5_410)),
        ] {
            let interval = Interval::read(value, field).unwrap();
            assert_eq!(interval.length(), length, "{value} {field}");
            assert_eq!(interval.to_string(), format!("{value} {field}"));
        }
    }

    #[test]
    fn what_is_no_interval_is_not_read() {
        for (value, field) in [
            ("0", "DAY"),
            ("-1", "DAY"),
            ("1", "MICROSECOND"),
            ("'1'", "HOUR_MINUTE"),
            ("'1:2:3'", "HOUR_MINUTE"),
            ("", "DAY"),
            ("+1", "DAY"),
            ("24856", "DAY"),
        ] {
            assert_eq!(Interval::read(value, field), None, "{value} {field}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(amount in 1..2_000_u32, unit in 0..UNITS.len()) {
            let interval = Interval::new(amount, UNITS[unit].0).unwrap();
            let text = interval.to_string();
            let (value, field) = text.rsplit_once(' ').unwrap();
            prop_assert_eq!(Interval::read(value, field), Some(interval));
        }
    }
}
