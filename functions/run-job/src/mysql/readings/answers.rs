//! From rows to numbers.

use aurora_sql::Row;

use crate::database::{ReaderLag, Unread};

/// Columns of `SHOW REPLICA STATUS`, which have been the same since MySQL 5.1.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-replica-status.html>
const IO_RUNNING: usize = 10;
const SQL_RUNNING: usize = 11;
const SECONDS_BEHIND: usize = 32;

/// The number of an answer that is nothing else.
pub(super) fn only_number(rows: &[Row]) -> Result<f64, Unread> {
    match rows {
        [row] if row.columns() == 1 => number(row, 0),
        [row] => Err(odd(&format!(
            "it answers {} columns, expected one",
            row.columns()
        ))),
        [] => Err(odd("it answers no row, expected one")),
        rows => Err(odd(&format!(
            "it answers {} rows, expected one",
            rows.len()
        ))),
    }
}

pub(super) fn reader_lag(row: &Row) -> Result<ReaderLag, Unread> {
    let reader = row.required_text(0)?;
    let milliseconds = number(row, 1)?;
    Ok(ReaderLag {
        reader,
        milliseconds,
    })
}

/// The lag in milliseconds, of the answer to [`applier`](super::statements::applier).
pub(super) fn applier_lag(rows: &[Row]) -> Result<f64, Unread> {
    let [row] = rows else {
        return Err(odd("it answers no row"));
    };
    if number(row, 0)? < 1.0 {
        return Err(no_replica());
    }
    running(number(row, 1)? < 1.0, number(row, 2)? < 1.0)?;
    Ok(number(row, 3)? / 1_000.0)
}

/// The lag in milliseconds, of the answer to `SHOW REPLICA STATUS`: of the channel that is furthest
/// behind.
pub(super) fn status_lag(rows: &[Row]) -> Result<f64, Unread> {
    let mut furthest = None;
    for row in rows {
        let runs = |column| Ok::<_, Unread>(row.text(column)?.as_deref() == Some("Yes"));
        running(runs(IO_RUNNING)?, runs(SQL_RUNNING)?)?;
        let lag = number(row, SECONDS_BEHIND)? * 1_000.0;
        furthest = Some(lag.max(furthest.unwrap_or(lag)));
    }
    furthest.ok_or_else(no_replica)
}

fn running(receives: bool, applies: bool) -> Result<(), Unread> {
    match (receives, applies) {
        (true, true) => Ok(()),
        (false, true) => Err(odd("replication does not receive from its source")),
        (true, false) => Err(odd("replication does not apply what it received")),
        (false, false) => Err(odd("replication is stopped")),
    }
}

fn no_replica() -> Unread {
    odd("it is no replica")
}

fn number(row: &Row, column: usize) -> Result<f64, Unread> {
    let text = row.text(column)?;
    let text = text.ok_or_else(|| odd("it answers NULL, expected a number"))?;
    let number = text.trim().parse::<f64>().ok();
    // What it answered may be anything, so it is not said.
    let number = number.filter(|number| number.is_finite());
    number.ok_or_else(|| odd("its answer is no number"))
}

fn odd(why: &str) -> Unread {
    Unread::Odd(why.to_owned())
}
