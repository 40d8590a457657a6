//! What rows come to: their number, and the XOR of the CRC-32 of each.

use aurora_sql::{Row, SqlError, Statement};

use super::spell::listed;
use crate::database::Column;

/// Rows, counted and summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub rows: u64,
    pub checksum: u64,
}

/// `SELECT` [`ANSWER`] is read by [`read`].
pub(super) const ANSWER: &str = "SELECT COUNT(*), COALESCE(BIT_XOR(";

/// What [`ANSWER`] begins, behind the CRC.
pub(super) const END: &str = "), 0)";

pub(super) fn read(rows: &[Row], statement: &Statement) -> Result<Sum, SqlError> {
    let row = rows.first().ok_or_else(|| super::super::odd(statement))?;
    let number = |at| {
        let number = row
            .integer(at)?
            .and_then(|number| u64::try_from(number).ok());
        number.ok_or_else(|| super::super::odd(statement))
    };
    Ok(Sum {
        rows: number(0)?,
        checksum: number(1)?,
    })
}

/// The CRC-32 of values that are never NULL.
pub(super) fn of_key<'a>(
    sql: Statement,
    columns: impl IntoIterator<Item = &'a Column>,
    name: impl Fn(Statement, &Column) -> Statement,
) -> Statement {
    let sql = listed(sql.sql("CRC32(CONCAT_WS(',', "), columns, |sql, column| {
        name(sql.sql("CAST("), column).sql(" AS BINARY)")
    });
    sql.sql("))")
}

/// The CRC-32 of whole rows: of each value its length and CRC, so that NULL is not the empty text,
/// no value runs into the next, and the largest row is summed within `max_allowed_packet`.
pub(super) fn of_row<'a>(
    sql: Statement,
    columns: impl IntoIterator<Item = &'a Column>,
    name: impl Fn(Statement, &Column) -> Statement,
) -> Statement {
    let sql = listed(sql.sql("CRC32(CONCAT_WS(',', "), columns, |sql, column| {
        let sql = name(sql.sql("IFNULL(CONCAT(LENGTH(CAST("), column);
        let sql = sql.sql(" AS BINARY)), ':', CRC32(CAST(");
        name(sql, column).sql(" AS BINARY))), 'N')")
    });
    sql.sql("))")
}
