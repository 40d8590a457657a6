//! When a secret is rotated.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Rules, invalid_parameter};
use crate::{Call, Refusal, expression::Expression};

/// No rotation comes more often.
const LEAST: SignedDuration = SignedDuration::from_hours(4);

impl Rules {
    /// The rules a call brings, if it brings any.
    pub(super) fn read(call: &Call) -> Result<Option<Self>, Refusal> {
        let Some(given) = call
            .input
            .get("RotationRules")
            .filter(|given| given.is_object())
        else {
            return Ok(None);
        };
        let text = |member: &str| given[member].as_str().map(str::to_owned);
        let rules = Self {
            days: given["AutomaticallyAfterDays"].as_i64(),
            expression: text("ScheduleExpression"),
            duration: text("Duration"),
        };
        if rules.days.is_some() == rules.expression.is_some() {
            let why = "You must specify either AutomaticallyAfterDays or ScheduleExpression.";
            return Err(invalid_parameter(why));
        }
        let good = rules
            .expression
            .as_deref()
            .is_none_or(|text| expression(text).is_some());
        if good && rules.window().is_some() {
            return Ok(Some(rules));
        }
        Err(invalid_parameter("Invalid ScheduleExpression or Duration."))
    }

    /// The window in which the rotation after `now` begins; none without rules.
    pub(super) fn next(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let day = now.as_second() - now.as_second().rem_euclid(86_400);
        let midnight = Timestamp::from_second(day).ok()?;
        let begins = match (self.days, self.expression.as_deref().and_then(expression)) {
            (Some(days), _) => midnight + SignedDuration::from_hours(24 * days),
            (None, Some(Expression::Rate(every))) if every.as_hours() % 24 == 0 => midnight + every,
            (None, Some(Expression::Rate(every))) => now + every,
            (None, Some(expression)) => expression.next(now, now, &TimeZone::UTC)?,
            (None, None) => return None,
        };
        Some((begins, begins + self.window()?))
    }

    /// How long it is: by default to the end of the day, and for what comes more often an hour.
    fn window(&self) -> Option<SignedDuration> {
        let Some(duration) = &self.duration else {
            let hourly = matches!(
                self.expression.as_deref().and_then(expression),
                Some(Expression::Rate(every)) if every.as_hours() % 24 != 0
            );
            return Some(SignedDuration::from_hours(if hourly { 1 } else { 24 }));
        };
        let hours: i64 = duration.strip_suffix('h')?.parse().ok()?;
        (1..=24)
            .contains(&hours)
            .then(|| SignedDuration::from_hours(hours))
    }
}

/// A rate of hours or days, or a cron expression on the hour and in every year.
fn expression(text: &str) -> Option<Expression> {
    let good = match text.split_once('(')? {
        ("rate", _) => !text.contains("minute"),
        ("cron", fields) => fields.starts_with("0 ") && fields.ends_with(" *)"),
        _ => false,
    };
    let expression = good.then(|| Expression::parse(text))??;
    let often = matches!(expression, Expression::Rate(every) if every < LEAST);
    (!often).then_some(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(days: Option<i64>, expression: Option<&str>, duration: Option<&str>) -> String {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (expression, duration) = (owned(expression), owned(duration));
        let rules = Rules {
            days,
            expression,
            duration,
        };
        let window = rules.next("2026-11-21T12:30:00Z".parse().unwrap());
        window.map_or("never".to_owned(), |(from, to)| format!("{from} {to}"))
    }

    #[test]
    fn a_rotation_begins_in_a_window() {
        assert_eq!(
            next(Some(1), None, None),
            "2026-11-22T00:00:00Z 2026-11-23T00:00:00Z"
        );
        assert_eq!(
            next(None, Some("rate(10 days)"), Some("3h")),
            "2026-12-01T00:00:00Z 2026-12-01T03:00:00Z"
        );
        assert_eq!(
            next(None, Some("rate(4 hours)"), None),
            "2026-11-21T16:30:00Z 2026-11-21T17:30:00Z"
        );
        assert_eq!(
            next(None, Some("cron(0 3 ? * MON *)"), Some("2h")),
            "2026-11-23T03:00:00Z 2026-11-23T05:00:00Z"
        );
        assert_eq!(next(None, None, None), "never");
    }

    #[test]
    fn what_comes_too_often_or_between_hours_is_no_rule() {
        for bad in [
            "rate(3 hours)",
            "rate(600 minutes)",
            "cron(30 3 * * ? *)",
            "cron(0 3 * * ? 2027)",
            "at(2026-11-21T12:30:00)",
            "daily",
        ] {
            assert_eq!(expression(bad), None, "{bad}");
        }
    }
}
