//! From the policy's words to the condition, with every value in it.

use aurora_model::Zone;
use jiff::Timestamp;
use jobs::policy::{And, Operator, Rows};
use serde_json::Value;

use super::{cutoff, free};
use crate::database::{Column, Condition, Literal, Table, Test};

/// Which rows of `table` go, for the run of `slot`.
///
/// # Errors
/// Why it cannot be said, in words, with the remedy.
pub(super) fn of(rows: &Rows, table: &Table, slot: Timestamp) -> Result<Condition, String> {
    match (&rows.free, &rows.column, rows.older_than) {
        (Some(text), None, None) if rows.and.is_none() => {
            let now = Zone::UTC.local(slot).datetime();
            let pieces = free::pieces(text, now);
            pieces
                .map(Condition::Free)
                .map_err(|why| format!("where: {why}"))
        }
        (None, Some(_), Some(_)) => aged(rows, table, slot),
        _ => {
            Err("give either column and older_than (and, where wanted, and), or where alone".into())
        }
    }
}

fn aged(rows: &Rows, table: &Table, slot: Timestamp) -> Result<Condition, String> {
    let (Some(name), Some(age)) = (&rows.column, rows.older_than) else {
        return Err("column and older_than belong together".to_owned());
    };
    let column = table.column(name);
    let column = column.ok_or_else(|| missing("column", name.as_str(), table))?;
    let cutoff = slot.checked_sub(age.duration()).map_err(|_| {
        format!("older_than: {age} before {slot} is before all time; give a shorter age")
    })?;
    let before = cutoff::before(column, rows.unit, &rows.column_zone, cutoff);
    let before = before.ok_or_else(|| unfit(column, rows))?;
    let and = rows.and.as_ref().map(|and| test(and, table)).transpose()?;
    Ok(Condition::Aged {
        column: column.name.clone(),
        before,
        and,
    })
}

fn missing(field: &str, column: &str, table: &Table) -> String {
    let name = &table.name;
    format!("{field}: the table {name} has no column {column}; name one that it has")
}

fn unfit(column: &Column, rows: &Rows) -> String {
    let unit = serde_json::to_value(rows.unit).unwrap_or_default();
    let unit = unit.as_str().unwrap_or_default();
    format!(
        "column: {} is {}, which holds no age in unit {unit}; that takes {}",
        column.name,
        column.full,
        cutoff::types(rows.unit)
    )
}

fn test(and: &And, table: &Table) -> Result<Test, String> {
    let column = table.column(&and.column);
    let column = column.ok_or_else(|| missing("and", and.column.as_str(), table))?;
    let values = match (and.operator, &and.value) {
        (Operator::Is | Operator::IsNot, Value::Null) => Vec::new(),
        (Operator::Is | Operator::IsNot, _) => {
            return Err("and: is and is-not take the value null only".to_owned());
        }
        (Operator::In | Operator::NotIn, Value::Array(values)) if !values.is_empty() => {
            let values = values.iter().map(|value| literal(column, value));
            values.collect::<Result<_, _>>()?
        }
        (Operator::In | Operator::NotIn, _) => {
            return Err("and: in and not-in take a list of at least one value".to_owned());
        }
        (_, value) => vec![literal(column, value)?],
    };
    Ok(Test {
        column: column.name.clone(),
        operator: and.operator,
        values,
    })
}

/// A value of the column's own kind: MySQL takes a text for the number 0 where it is compared with
/// one. <https://dev.mysql.com/doc/refman/8.0/en/type-conversion.html>
fn literal(column: &Column, value: &Value) -> Result<Literal, String> {
    let kind = column.kind.as_str();
    let number = matches!(
        kind,
        "tinyint"
            | "smallint"
            | "mediumint"
            | "int"
            | "bigint"
            | "decimal"
            | "float"
            | "double"
            | "bit"
            | "year"
    );
    let text = matches!(
        kind,
        "char"
            | "varchar"
            | "tinytext"
            | "text"
            | "mediumtext"
            | "longtext"
            | "enum"
            | "set"
            | "date"
            | "datetime"
            | "timestamp"
            | "time"
    );
    match value {
        Value::Number(value) if number => Ok(Literal::Number(value.clone())),
        Value::Bool(value) if number => Ok(Literal::Number(u8::from(*value).into())),
        Value::String(value) if text => Ok(Literal::Text(value.clone())),
        _ if number => Err(other(column, value, "a number, true or false")),
        _ if text => Err(other(column, value, "a text")),
        _ => Err(format!(
            "and: {} is {}, which is compared with nothing here; use where instead",
            column.name, column.full
        )),
    }
}

fn other(column: &Column, value: &Value, expected: &str) -> String {
    let (name, full) = (&column.name, &column.full);
    format!("and: {name} is {full}, so the value is {expected}, not {value}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check::tests::{column, logs};
    use super::*;

    fn read(more: Value) -> Result<Condition, String> {
        let mut rows = json!({"table": "logs", "column": "Created_At", "older_than": "30d"});
        let (Value::Object(rows_), Value::Object(more)) = (&mut rows, more) else {
            panic!("objects");
        };
        rows_.extend(more);
        let rows = serde_json::from_value(rows).unwrap();
        let mut table = logs();
        table.columns.push(column("size", "int"));
        of(&rows, &table, "2026-10-31T00:00:00Z".parse().unwrap())
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "reads better where it is called"
    )]
    fn and(column: &str, operator: &str, value: Value) -> Value {
        json!({"and": {"column": column, "operator": operator, "value": value}})
    }

    #[test]
    fn an_age_is_counted_from_the_schedules_time_and_names_are_the_servers() {
        let Ok(Condition::Aged {
            column,
            before,
            and,
        }) = read(json!({}))
        else {
            panic!("an age");
        };
        let time = jiff::civil::date(2026, 10, 1).at(0, 0, 0, 0);
        assert_eq!((column.as_str(), and), ("created_at", None));
        assert_eq!(before, Literal::DateTime(time));
    }

    #[test]
    fn a_value_is_of_the_columns_own_kind() {
        for (test, why) in [
            (
                and("state", "=", json!(0)),
                "and: state is varchar(20), so the value is a text, not 0",
            ),
            (
                and("size", "in", json!([1, "2"])),
                "and: size is int, so the value is a number, true or false, not \"2\"",
            ),
            (
                and("size", "in", json!([])),
                "and: in and not-in take a list of at least one value",
            ),
            (
                and("size", "is", json!(1)),
                "and: is and is-not take the value null only",
            ),
            (
                and("size", "=", Value::Null),
                "and: size is int, so the value is a number, true or false, not null",
            ),
            (
                and("gone", "=", json!(1)),
                "and: the table logs has no column gone; name one that it has",
            ),
        ] {
            assert_eq!(read(test).unwrap_err(), why);
        }
        for test in [
            and("state", "not-in", json!(["a", "b"])),
            and("size", "=", json!(true)),
            and("size", "is-not", Value::Null),
        ] {
            assert!(read(test).is_ok());
        }
    }

    #[test]
    fn a_condition_is_either_an_age_or_ones_own() {
        let both = read(json!({"where": "size > 1"})).unwrap_err();
        assert!(
            both.starts_with("give either column and older_than"),
            "{both}"
        );
        let half = read(json!({"older_than": null})).unwrap_err();
        assert!(
            half.starts_with("give either column and older_than"),
            "{half}"
        );
    }
}
