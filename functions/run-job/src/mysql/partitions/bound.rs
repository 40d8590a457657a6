//! Bounds, as the server spells them.

use aurora_sql::{SqlError, Statement};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::{database::Bounds, mysql::odd};

/// Day 719,528 of `TO_DAYS()`.
/// <https://dev.mysql.com/doc/refman/8.0/en/date-and-time-functions.html#function_to-days>
const EPOCH: Date = Date::constant(1970, 1, 1);
const EPOCH_DAY: i64 = 719_528;

/// The bound of `information_schema.PARTITIONS.PARTITION_DESCRIPTION`: `Some(None)` for `MAXVALUE`,
/// `None` where it is no date.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-partitions-table.html>
#[expect(clippy::option_option, reason = "a bound, MAXVALUE, or neither")]
pub(super) fn read(bounds: Bounds, spelled: &str) -> Option<Option<DateTime>> {
    if spelled == "MAXVALUE" {
        return Some(None);
    }
    let bound = match bounds {
        Bounds::ToDays => date_of(spelled.parse().ok()?)?.into(),
        Bounds::UnixTimestamp => {
            let at = Timestamp::from_second(spelled.parse().ok()?).ok()?;
            at.to_zoned(TimeZone::UTC).datetime()
        }
        Bounds::Date | Bounds::DateTime => quoted(spelled)?,
    };
    Some(Some(bound))
}

/// Writes a bound; `None` for `MAXVALUE`.
pub(super) fn write(
    statement: Statement,
    bounds: Bounds,
    below: Option<DateTime>,
) -> Result<Statement, SqlError> {
    let Some(below) = below else {
        return Ok(statement.sql("MAXVALUE"));
    };
    let number = |number: Option<i64>, statement: Statement| {
        let number = number.and_then(|number| u64::try_from(number).ok());
        number
            .map_or_else(|| Err(odd(&statement)), Ok)
            .map(|n| statement.number(n))
    };
    match bounds {
        Bounds::ToDays => number(day_of(below.date()), statement),
        Bounds::UnixTimestamp => {
            let at = below.to_zoned(TimeZone::UTC).ok();
            number(at.map(|at| at.timestamp().as_second()), statement)
        }
        Bounds::Date => Ok(statement.string(&below.date().to_string())),
        Bounds::DateTime => {
            Ok(statement.string(&below.strftime("%Y-%m-%d %H:%M:%S%.f").to_string()))
        }
    }
}

fn quoted(spelled: &str) -> Option<DateTime> {
    let text = spelled.strip_prefix('\'')?.strip_suffix('\'')?;
    text.parse().ok()
}

fn date_of(day: i64) -> Option<Date> {
    let days = day.checked_sub(EPOCH_DAY)?;
    let days = jiff::Span::new().try_days(days).ok()?;
    EPOCH.checked_add(days).ok()
}

fn day_of(date: Date) -> Option<i64> {
    let since = date.since(EPOCH).ok()?;
    Some(i64::from(since.get_days()) + EPOCH_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_the_server_spells_them() {
        for (bounds, spelled, read_as) in [
            (Bounds::ToDays, "739944", "2025-11-24T00:00:00"),
            (Bounds::ToDays, "0", "0000-01-01T00:00:00"),
            (Bounds::UnixTimestamp, "0", "1970-01-01T00:00:00"),
            (Bounds::UnixTimestamp, "1795392000", "2026-11-23T00:00:00"),
            (Bounds::Date, "'2026-11-23'", "2026-11-23T00:00:00"),
            (
                Bounds::DateTime,
                "'2026-11-23 06:00:00'",
                "2026-11-23T06:00:00",
            ),
            (
                Bounds::DateTime,
                "'2026-11-23 06:00:00.500'",
                "2026-11-23T06:00:00.5",
            ),
        ] {
            let bound = read(bounds, spelled).flatten();
            assert_eq!(
                bound.map(|bound| bound.to_string()).as_deref(),
                Some(read_as),
                "{spelled}"
            );
        }
        assert_eq!(read(Bounds::ToDays, "MAXVALUE"), Some(None));
        for (bounds, spelled) in [
            (Bounds::ToDays, "NULL"),
            (Bounds::UnixTimestamp, "'2026-11-23'"),
            (Bounds::Date, "20261123"),
            (Bounds::Date, "_utf8mb4'x'"),
        ] {
            assert_eq!(read(bounds, spelled), None, "{spelled}");
        }
    }

    #[test]
    fn a_day_is_the_one_it_was_read_from() {
        for day in [1, 366, 719_527, 719_528, 739_944, 3_652_424] {
            assert_eq!(date_of(day).and_then(day_of), Some(day));
        }
    }
}
