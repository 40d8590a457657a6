//! From the columns of a row to numbers.

use aurora_sql::{Row, SqlError};

const WHAT: &str = "looking at the server";

/// A whole number that is never negative and never `NULL`.
pub(super) fn number(row: &Row, column: usize) -> Result<u64, SqlError> {
    optional(row, column)?.ok_or_else(odd)
}

/// A whole number that is never negative; `None` for `NULL`.
pub(super) fn optional(row: &Row, column: usize) -> Result<Option<u64>, SqlError> {
    let number = row.integer(column)?;
    let number = number.map(|number| u64::try_from(number).map_err(|_| odd()));
    number.transpose()
}

/// A number that may have a fraction and is never `NULL`.
pub(super) fn fraction(row: &Row, column: usize) -> Result<f64, SqlError> {
    let text = row.required_text(column)?;
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(odd)
}

/// A text; `None` for `NULL` and where it is empty.
pub(super) fn text(row: &Row, column: usize) -> Result<Option<String>, SqlError> {
    Ok(row.text(column)?.filter(|text| !text.is_empty()))
}

/// An answer that is not as expected, with the client's number for it.
pub(super) fn odd() -> SqlError {
    SqlError::odd_answer(WHAT)
}
