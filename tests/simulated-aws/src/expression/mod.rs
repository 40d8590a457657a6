//! Schedule expressions: `at(…)`, `rate(…)` and `cron(…)`.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>

mod cron;
mod field;

use jiff::{
    SignedDuration, Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use cron::Cron;

/// When something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// Once, at this local time.
    At(DateTime),
    /// Every so often.
    Rate(SignedDuration),
    /// By the calendar.
    Cron(Box<Cron>),
}

impl Expression {
    /// Reads an expression; none where it is not well formed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, inner) = text.strip_suffix(')')?.split_once('(')?;
        match kind {
            "at" => at(inner).map(Self::At),
            "rate" => rate(inner).map(Self::Rate),
            "cron" => Cron::parse(inner).map(|cron| Self::Cron(Box::new(cron))),
            _ => None,
        }
    }

    /// The first time after `after`. Rates are counted from `start`. A local time that does not
    /// exist in `zone` is left out, one that comes twice counts once.
    /// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time>
    pub(crate) fn next(
        &self,
        after: Timestamp,
        start: Timestamp,
        zone: &TimeZone,
    ) -> Option<Timestamp> {
        match self {
            Self::At(time) => moment(*time, zone).filter(|time| *time > after),
            Self::Rate(every) => {
                let (every, since) = (every.as_secs(), after.as_second() - start.as_second());
                let periods = since.div_euclid(every).max(-1) + 1;
                let next = start.as_second() + periods * every;
                Timestamp::from_second(next.max(start.as_second())).ok()
            }
            Self::Cron(cron) => cron.next(after, zone),
        }
    }
}

/// The moment of a local time; of one that comes twice, the first.
fn moment(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => None,
        _ => ambiguous.earlier().ok(),
    }
}

/// `2026-11-21T03:00:00`, with nothing left out.
fn at(text: &str) -> Option<DateTime> {
    let time: DateTime = text.parse().ok()?;
    (time.strftime("%Y-%m-%dT%H:%M:%S").to_string() == text).then_some(time)
}

/// `5 minutes`; the singular goes with one.
fn rate(text: &str) -> Option<SignedDuration> {
    let (value, unit) = text.split_once(' ')?;
    let value: i64 = value.parse().ok().filter(|value| *value > 0)?;
    let unit = match unit {
        "minute" if value == 1 => "minutes",
        "hour" if value == 1 => "hours",
        "day" if value == 1 => "days",
        plural => plural,
    };
    let seconds = match unit {
        "minutes" => 60,
        "hours" => 3600,
        "days" => 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(value.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, after: &str, zone: &str) -> String {
        let expression = Expression::parse(expression).expect(expression);
        let after = after.parse().unwrap();
        let start = "2026-11-21T02:00:00Z".parse().unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let next = expression.next(after, start, &zone);
        next.map_or("never".to_owned(), |next| next.to_string())
    }

    #[test]
    fn what_is_not_well_formed_is_no_expression() {
        for bad in [
            "",
            "at",
            "at()",
            "at(2026-11-21)",
            "at(2026-11-21 03:00:00)",
            "at(2026-11-21T03:00)",
            "at(2026-02-30T03:00:00)",
            "rate(0 minutes)",
            "rate(5 minute)",
            "rate(5 seconds)",
            "rate(5minutes)",
            "cron(0 3 * * *)",
            "cron(0 3 * * * *)",
            "cron(0 3 ? * ? *)",
            "cron(60 3 * * ? *)",
            "cron(0 3 32 * ? *)",
            "cron(0 3 ? 13 * *)",
            "cron(0 3 ? * MUN *)",
            "cron(0 3 ? * 8 *)",
            "cron(0 3 ? * 2#6 *)",
            "cron(0 3 * * ? 1969)",
            "cron(0 5-3 * * ? *)",
            "cron(0/0 3 * * ? *)",
            "cron(0 3 L,3 * ? *)",
            "every(5 minutes)",
        ] {
            assert_eq!(Expression::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_rate_counts_from_the_start_and_an_at_comes_once() {
        let noon = "2026-11-21T12:00:00Z";
        assert_eq!(next("rate(5 minutes)", noon, "UTC"), "2026-11-21T12:05:00Z");
        assert_eq!(next("rate(3 hours)", noon, "UTC"), "2026-11-21T14:00:00Z");
        assert_eq!(
            next("rate(1 day)", "2026-11-20T00:00:00Z", "UTC"),
            "2026-11-21T02:00:00Z"
        );
        let at = "at(2026-11-21T13:30:00)";
        assert_eq!(next(at, noon, "Europe/Berlin"), "2026-11-21T12:30:00Z");
        assert_eq!(next(at, noon, "Asia/Tokyo"), "never");
    }

    #[test]
    fn a_cron_follows_the_calendar() {
        // A Saturday.
        let noon = "2026-11-21T12:00:00Z";
        for (cron, expected) in [
            ("cron(0 3 * * ? *)", "2026-11-22T03:00:00Z"),
            ("cron(15,45 12 * * ? *)", "2026-11-21T12:15:00Z"),
            ("cron(0/20 * ? * MON-FRI *)", "2026-11-23T00:00:00Z"),
            ("cron(0 8 ? * 2 *)", "2026-11-23T08:00:00Z"),
            ("cron(0 8 L * ? *)", "2026-11-30T08:00:00Z"),
            ("cron(0 8 ? FEB L 2027)", "2027-02-06T08:00:00Z"),
            ("cron(0 8 ? * 6L *)", "2026-11-27T08:00:00Z"),
            ("cron(0 8 ? * TUE#1 *)", "2026-12-01T08:00:00Z"),
            // 6 December 2026 is a Sunday; 1 May 2027 a Saturday.
            ("cron(0 8 6W * ? *)", "2026-12-07T08:00:00Z"),
            ("cron(0 8 1W 5 ? *)", "2027-05-03T08:00:00Z"),
            ("cron(0 8 31 * ? *)", "2026-12-31T08:00:00Z"),
            ("cron(0 8 29 2 ? *)", "2028-02-29T08:00:00Z"),
            ("cron(0 8 30 2 ? *)", "never"),
            ("cron(0 8 * * ? 2020-2026)", "2026-11-22T08:00:00Z"),
            ("cron(0 8 * * ? 2025)", "never"),
        ] {
            assert_eq!(next(cron, noon, "UTC"), expected, "{cron}");
        }
    }

    #[test]
    fn a_local_time_that_is_not_there_is_left_out_and_a_doubled_one_comes_once() {
        let zone = "Europe/Berlin";
        let cron = "cron(30 2 * * ? *)";
        assert_eq!(
            next(cron, "2026-03-28T12:00:00Z", zone),
            "2026-03-30T00:30:00Z"
        );
        assert_eq!(
            next(cron, "2026-10-24T12:00:00Z", zone),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            next(cron, "2026-10-25T00:30:00Z", zone),
            "2026-10-26T01:30:00Z"
        );
    }
}
