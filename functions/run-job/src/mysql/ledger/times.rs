//! Times, as the ledger's `DATETIME(3)` columns have them: UTC, to the millisecond.
//! <https://dev.mysql.com/doc/refman/8.0/en/datetime.html>

use aurora_sql::{Row, SqlError};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::odd;

/// As a statement's value.
pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

/// The time in a column; `None` for `NULL`.
pub(super) fn read(row: &Row, column: usize, what: &str) -> Result<Option<Timestamp>, SqlError> {
    let text = row.text(column)?;
    let time = text.map(|text| parsed(&text).ok_or_else(|| odd(what)));
    time.transpose()
}

fn parsed(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.parse().ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_both_protocols_spell_them() {
        let time: Timestamp = "2026-11-21T02:00:00.007Z".parse().unwrap();
        assert_eq!(written(time), "2026-11-21 02:00:00.007");
        for text in ["2026-11-21 02:00:00.007", "2026-11-21 02:00:00.007000"] {
            assert_eq!(parsed(text), Some(time), "{text}");
        }
        assert_eq!(parsed("0000-00-00 00:00:00"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(milliseconds in 0_i64..4_102_444_800_000) {
            let time = Timestamp::from_millisecond(milliseconds).unwrap();
            prop_assert_eq!(parsed(&written(time)), Some(time));
        }
    }
}
