//! When a schedule that is put back begins.

use jiff::{SignedDuration, Timestamp};

/// The start date with which a schedule is put back that began at `starts`.
///
/// Scheduler refuses one of more than five minutes ago. It bounds nothing any more, so it is left
/// out; but a `rate` is counted from it, so there it is moved on by whole periods to the first moment
/// after `now`: the schedule goes on as it would have.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based>
pub(crate) fn put_back(
    expression: &str,
    starts: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    let starts = starts?;
    if starts > now {
        return Some(starts);
    }
    let period = period(expression)?;
    let passed = now.as_second() - starts.as_second();
    let periods = passed / period.as_secs() + 1;
    let ahead = period.checked_mul(i32::try_from(periods).ok()?)?;
    starts.checked_add(ahead).ok()
}

/// Of `rate(5 minutes)`, five minutes.
fn period(expression: &str) -> Option<SignedDuration> {
    let inner = expression.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = inner.trim().split_once(' ')?;
    let number: i32 = number.parse().ok().filter(|number| *number > 0)?;
    let unit = match unit.trim() {
        "minute" | "minutes" => SignedDuration::from_mins(1),
        "hour" | "hours" => SignedDuration::from_hours(1),
        "day" | "days" => SignedDuration::from_hours(24),
        _ => return None,
    };
    unit.checked_mul(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_keeps_its_beat_and_a_start_to_come_stays() {
        let now = "2026-11-22T12:10:30Z";
        for (expression, starts, put) in [
            (
                "rate(1 day)",
                "2020-01-01T03:00:00Z",
                Some("2026-11-23T03:00:00Z"),
            ),
            (
                "rate(7 days)",
                "2026-11-15T03:00:00Z",
                Some("2026-11-29T03:00:00Z"),
            ),
            (
                "rate(2 hours)",
                "2026-11-22T12:10:30Z",
                Some("2026-11-22T14:10:30Z"),
            ),
            (
                "rate(5 minutes)",
                "2026-11-22T12:08:00Z",
                Some("2026-11-22T12:13:00Z"),
            ),
            (
                "rate(1 minute)",
                "2026-11-22T12:10:31Z",
                Some("2026-11-22T12:10:31Z"),
            ),
            ("cron(0 3 * * ? *)", "2020-01-01T03:00:00Z", None),
            (
                "cron(0 3 * * ? *)",
                "2027-01-01T03:00:00Z",
                Some("2027-01-01T03:00:00Z"),
            ),
            ("at(2026-12-01T03:00:00)", "2020-01-01T03:00:00Z", None),
            ("rate(0 days)", "2020-01-01T03:00:00Z", None),
        ] {
            let found = put_back(expression, Some(at(starts)), at(now));
            assert_eq!(found, put.map(at), "{expression} from {starts}");
        }
        assert_eq!(put_back("rate(1 day)", None, at(now)), None);
    }
}
