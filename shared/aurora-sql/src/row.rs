//! One row of an answer.

use std::sync::Arc;

use mysql_async::{Column, Value};

use crate::SqlError;

/// One row. Columns are counted from 0, in the order of the `SELECT`.
///
/// It has no `Debug`: rows of `mysql.user` hold password hashes.
pub struct Row {
    what: &'static str,
    names: Arc<[Column]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(what: &'static str, row: mysql_async::Row) -> Self {
        let names = row.columns();
        let values = row.unwrap_raw().into_iter();
        let values = values.map(|value| value.unwrap_or(Value::NULL)).collect();
        Self {
            what,
            names,
            values,
        }
    }

    /// The number of the column called `name`, in upper and lower case as the server spells it, for answers
    /// whose columns the server chooses: those of `SHOW`.
    ///
    /// # Errors
    /// [`SqlError::Refused`] with 2027 where there is no such column.
    pub fn column(&self, name: &str) -> Result<usize, SqlError> {
        let place = self.names.iter().position(|at| at.name_str() == name);
        place.ok_or_else(|| self.odd())
    }

    /// How many columns it has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.values.len()
    }

    /// The bytes of a column; `None` for `NULL`. Numbers and times are spelled as MySQL does.
    ///
    /// # Errors
    /// [`SqlError::Refused`] with 2027, the client's number for an answer that is not as expected,
    /// where there is no such column.
    pub fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, SqlError> {
        Ok(match self.values.get(column).ok_or_else(|| self.odd())? {
            Value::NULL => None,
            Value::Bytes(bytes) => Some(bytes.clone()),
            other => Some(spelled(other).into_bytes()),
        })
    }

    /// The text of a column; `None` for `NULL`.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and where it is not UTF-8.
    pub fn text(&self, column: usize) -> Result<Option<String>, SqlError> {
        let bytes = self.bytes(column)?;
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|_| self.odd())
    }

    /// The text of a column that is never `NULL`.
    ///
    /// # Errors
    /// As [`text`](Self::text), and for `NULL`.
    pub fn required_text(&self, column: usize) -> Result<String, SqlError> {
        self.text(column)?.ok_or_else(|| self.odd())
    }

    /// The number in a column; `None` for `NULL`. Wide enough for every integer type of MySQL.
    ///
    /// # Errors
    /// As [`text`](Self::text), and where it is not a whole number.
    pub fn integer(&self, column: usize) -> Result<Option<i128>, SqlError> {
        let text = self.text(column)?;
        let number = text.map(|text| text.parse()).transpose();
        number.map_err(|_| self.odd())
    }

    fn odd(&self) -> SqlError {
        SqlError::odd_answer(self.what)
    }
}

/// A number or time of the binary protocol as the text protocol has it.
fn spelled(value: &Value) -> String {
    match value {
        Value::NULL | Value::Bytes(_) => String::new(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Date(year, month, day, hour, minute, second, micros) => {
            let date = format!("{year:04}-{month:02}-{day:02}");
            format!("{date} {hour:02}:{minute:02}:{second:02}.{micros:06}")
        }
        Value::Time(negative, days, hours, minutes, seconds, micros) => {
            let sign = if *negative { "-" } else { "" };
            let hours = u64::from(*days) * 24 + u64::from(*hours);
            format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{micros:06}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: Vec<Value>) -> Row {
        let (what, names) = ("a test", Arc::default());
        Row {
            what,
            names,
            values,
        }
    }

    #[test]
    fn a_number_reads_the_same_from_both_protocols() {
        let row = row(vec![
            Value::Int(-5),
            Value::Bytes(b"-5".to_vec()),
            Value::UInt(u64::MAX),
            Value::NULL,
        ]);
        assert_eq!(row.integer(0), Ok(Some(-5)));
        assert_eq!(row.integer(1), Ok(Some(-5)));
        assert_eq!(row.integer(2), Ok(Some(i128::from(u64::MAX))));
        assert_eq!(row.integer(3), Ok(None));
    }

    #[test]
    fn times_are_spelled_as_mysql_spells_them() {
        let row = row(vec![
            Value::Date(2026, 3, 9, 1, 2, 3, 4),
            Value::Time(true, 1, 2, 3, 4, 0),
        ]);
        assert_eq!(row.required_text(0).unwrap(), "2026-03-09 01:02:03.000004");
        assert_eq!(row.required_text(1).unwrap(), "-26:03:04.000000");
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error_not_a_panic() {
        let row = row(vec![Value::NULL, Value::Bytes(vec![0xff])]);
        for error in [
            row.column("Name").unwrap_err(),
            row.required_text(0).unwrap_err(),
            row.text(1).unwrap_err(),
            row.bytes(2).unwrap_err(),
        ] {
            assert_eq!(
                error.to_string(),
                "a test was refused with error 2027 (HY000)"
            );
        }
    }
}
