//! Places in an index: read exactly, and compared as the index is ordered.

use aurora_sql::{Row, SqlError, Statement, Value};

use super::spell::{between, column, listed};
use crate::database::{Column, Held, Key, Part, Walk};

/// The key's columns, each as [`read`] takes it.
pub(super) fn select(sql: Statement, walk: &Walk<'_>) -> Statement {
    listed(sql, walk.key(), |sql, key| {
        let (before, after) = match key.held() {
            Some(Held::Bytes) => ("HEX(", ")"),
            Some(Held::Coded { .. }) => ("HEX(CAST(", " AS BINARY))"),
            Some(Held::Integer | Held::Text { .. }) => ("", ""),
            _ => ("CAST(", " AS CHAR)"),
        };
        column(sql.sql(before), walk.table, &key.name).sql(after)
    })
}

/// The key's columns by name.
pub(super) fn names(sql: Statement, walk: &Walk<'_>) -> Statement {
    listed(sql, walk.key(), |sql, key| {
        column(sql, walk.table, &key.name)
    })
}

/// What [`select`] answered.
pub(super) fn read(row: &Row, walk: &Walk<'_>) -> Result<Key, SqlError> {
    let columns = walk.key().into_iter().enumerate();
    let parts = columns.map(|(at, key)| {
        Ok(match key.held() {
            Some(Held::Integer) => row.integer(at)?.map(Part::Integer),
            Some(Held::Bytes | Held::Coded { .. }) => row.text(at)?.map(Part::Hex),
            _ => row.text(at)?.map(Part::Text),
        }
        .unwrap_or(Part::Null))
    });
    parts.collect::<Result<_, _>>().map(Key)
}

/// Everything behind `key`. Row comparisons, `(a, b) > (1, 2)`, would not be looked up in the index.
/// <https://dev.mysql.com/doc/refman/8.0/en/row-constructor-optimization.html>
pub(super) fn behind(sql: Statement, walk: &Walk<'_>, key: &Key) -> Statement {
    ordered(sql, walk, key, |_| Than::Greater)
}

/// Everything up to and with `key`.
pub(super) fn up_to(sql: Statement, walk: &Walk<'_>, key: &Key) -> Statement {
    let last = key.0.len().saturating_sub(1);
    ordered(sql, walk, key, |at| {
        if at == last { Than::AtMost } else { Than::Less }
    })
}

/// `a > 1 OR (a = 1 AND b > 2) OR …`
fn ordered(sql: Statement, walk: &Walk<'_>, key: &Key, than: impl Fn(usize) -> Than) -> Statement {
    let columns: Vec<(&Column, &Part)> = walk.key().into_iter().zip(&key.0).collect();
    between(sql, " OR ", 0..columns.len(), |sql, at| {
        let (equal, rest) = columns.split_at(at);
        let sql = equal.iter().fold(sql.sql("("), |sql, (name, part)| {
            compared(sql, walk, name, part, Than::Equal).sql(" AND ")
        });
        let first = rest.first().into_iter();
        let sql = first.fold(sql, |sql, (name, part)| {
            compared(sql, walk, name, part, than(at))
        });
        sql.sql(")")
    })
}

#[derive(Clone, Copy)]
enum Than {
    Equal,
    Greater,
    Less,
    AtMost,
}

/// NULL comes before everything else.
/// <https://dev.mysql.com/doc/refman/8.0/en/working-with-null.html>
fn compared(sql: Statement, walk: &Walk<'_>, key: &Column, part: &Part, than: Than) -> Statement {
    let name = |sql| column(sql, walk.table, &key.name);
    match (part, than) {
        (Part::Null, Than::Equal | Than::AtMost) => name(sql).sql(" IS NULL"),
        (Part::Null, Than::Greater) => name(sql).sql(" IS NOT NULL"),
        (Part::Null, Than::Less) => sql.sql("FALSE"),
        (_, Than::Equal) => value(name(sql).sql(" = "), key, part),
        (_, Than::Greater) => value(name(sql).sql(" > "), key, part),
        (_, Than::Less | Than::AtMost) => {
            let nulls = key.nullable;
            let sql = if nulls {
                name(sql.sql("(")).sql(" IS NULL OR ")
            } else {
                sql
            };
            let is = if matches!(than, Than::Less) {
                " < "
            } else {
                " <= "
            };
            let sql = value(name(sql).sql(is), key, part);
            if nulls { sql.sql(")") } else { sql }
        }
    }
}

/// A value of the column's own type and collation: else the server might compare floating-point
/// numbers, or texts by another order than the index's.
/// <https://dev.mysql.com/doc/refman/8.0/en/type-conversion.html>
fn value(sql: Statement, key: &Column, part: &Part) -> Statement {
    let bound = match part {
        Part::Null => return sql.sql("NULL"),
        Part::Integer(number) => return sql.sql("?").bind(integer(*number)),
        Part::Text(text) | Part::Hex(text) => text.as_str(),
    };
    match key.held() {
        Some(Held::Date | Held::DateTime) if bound.contains("-00") => sql.spelled(&digits(bound)),
        Some(Held::Date) => sql.sql("CAST(? AS DATE)").bind(bound),
        Some(Held::DateTime) => sql.sql("CAST(? AS DATETIME(6))").bind(bound),
        Some(Held::Time) => sql.sql("CAST(? AS TIME(6))").bind(bound),
        Some(Held::Bytes) => sql.sql("UNHEX(?)").bind(bound),
        Some(Held::Decimal(size)) => {
            let sql = sql.sql("CAST(? AS DECIMAL(").spelled(&size).sql("))");
            sql.bind(bound)
        }
        Some(Held::Text { charset, collation }) => {
            let sql = sql.sql("CONVERT(? USING ").spelled(&charset);
            sql.sql(") COLLATE ").spelled(&collation).bind(bound)
        }
        Some(Held::Coded { charset, collation }) => {
            let sql = sql.sql("CONVERT(UNHEX(?) USING ").spelled(&charset);
            sql.sql(") COLLATE ").spelled(&collation).bind(bound)
        }
        Some(Held::Integer) | None => sql.sql("?").bind(bound),
    }
}

fn integer(number: i128) -> Value {
    let signed = i64::try_from(number).map(Value::Integer);
    signed.unwrap_or_else(|_| Value::Unsigned(u64::try_from(number).unwrap_or(u64::MAX)))
}

/// A date with a month or day 0, which the session takes as a number only: `20260000`.
fn digits(date: &str) -> String {
    let known = |c: &char| c.is_ascii_digit() || *c == '.';
    let digits: String = date.chars().filter(known).collect();
    match digits.split_once('.') {
        Some((whole, fraction)) if fraction.trim_end_matches('0').is_empty() => whole.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_sent_as_what_it_is() {
        assert_eq!(integer(-1), Value::Integer(-1));
        assert_eq!(integer(u64::MAX.into()), Value::Unsigned(u64::MAX));
    }

    #[test]
    fn a_date_that_is_none_is_compared_as_a_number() {
        assert_eq!(digits("0000-00-00"), "00000000");
        assert_eq!(digits("2026-01-00 01:02:03.000000"), "20260100010203");
        assert_eq!(
            digits("2026-01-00 01:02:03.500000"),
            "20260100010203.500000"
        );
    }
}
