//! Which rows a purge or an archive takes away.

use aurora_model::Zone;
use handler::{PolicyError, policy::check_above_zero};
use serde_json::Value;

use super::{Checked, expect, scalar, sql, unprotected};
use crate::policy::{And, Child, Name, Operator, Rows, Unit};

/// More values than this in a list are a table that one should join.
const VALUES: usize = 1_000;

/// Checks a purge.
///
/// # Errors
/// The first field that makes no sense.
pub(super) fn purge(rows: &Rows, database: &Name) -> Checked {
    if let Some(into) = &rows.into {
        let expected = "nothing here: a purge copies no rows; for that say archive";
        return expect(false, "purge.into", expected, format_args!("{into:?}"));
    }
    self::rows(rows, "purge", database)?;
    children(&rows.children, "purge.children")
}

/// Checks an archive.
///
/// # Errors
/// As [`purge`].
pub(super) fn archive(rows: &Rows, database: &Name) -> Checked {
    self::rows(rows, "archive", database)?;
    let no_children = rows.children.is_empty();
    let expected =
        "none: an archive does not copy children; purge them by a job of their own first";
    expect(
        no_children,
        "archive.children",
        expected,
        rows.children.len(),
    )?;
    let Some(into) = &rows.into else {
        return missing(
            "archive.into",
            "the table that takes the rows, as table or schema.table",
        );
    };
    let got = format_args!("{into:?}");
    let Some((schema, table)) = Name::qualified(into, database) else {
        return expect(
            false,
            "archive.into",
            "table or schema.table, without quotes",
            got,
        );
    };
    unprotected(&schema, "archive.into")?;
    let same = |a: &Name, b: &Name| a.as_str().eq_ignore_ascii_case(b.as_str());
    let itself = same(&schema, database) && same(&table, &rows.table);
    expect(
        !itself,
        "archive.into",
        "another table than the one the rows are in",
        got,
    )
}

fn rows(rows: &Rows, at: &str, database: &Name) -> Checked {
    let Rows {
        table: _,
        column,
        older_than: _,
        unit: _,
        column_zone: _,
        and,
        free,
        accept_scan: _,
        children: _,
        into: _,
        max_rows,
    } = rows;
    unprotected(database, "database")?;
    match (column, free) {
        (_, Some(sql)) => free_condition(rows, sql, at)?,
        (Some(_), None) => by_age(rows, at)?,
        (None, None) if rows.older_than.is_some() => {
            return missing(&format!("{at}.column"), "where a row's age is read");
        }
        (None, None) => {
            let path = format!("policy.{at}");
            let problem =
                "expected column and older_than, or where, got neither: every row would go";
            return Err(PolicyError::new(path, problem));
        }
    }
    if let Some(and) = and {
        self::and(and, &format!("{at}.and"))?;
    }
    let path = format!("{at}.max_rows");
    expect(
        *max_rows != Some(0),
        &path,
        "a whole number of at least 1",
        0,
    )
}

fn by_age(rows: &Rows, at: &str) -> Checked {
    let path = format!("{at}.older_than");
    let Some(age) = rows.older_than else {
        return missing(&path, "the age past which rows go, such as 30d");
    };
    check_above_zero(&path, age)?;
    let zoned = rows.unit == Unit::Time || rows.column_zone == Zone::UTC;
    let expected = "no zone: a number of this unit is the same everywhere";
    expect(
        zoned,
        &format!("{at}.column_zone"),
        expected,
        &rows.column_zone,
    )
}

fn free_condition(rows: &Rows, sql: &str, at: &str) -> Checked {
    let said = [
        ("column", rows.column.is_some()),
        ("older_than", rows.older_than.is_some()),
        ("unit", rows.unit != Unit::Time),
        ("column_zone", rows.column_zone != Zone::UTC),
        ("and", rows.and.is_some()),
    ];
    if let Some((field, _)) = said.iter().find(|(_, said)| *said) {
        let expected = format!("no {field} beside where: say it within where");
        return expect(false, &format!("{at}.{field}"), &expected, "both");
    }
    let checked = sql::condition(sql);
    checked.map_err(|problem| PolicyError::new(format!("policy.{at}.where"), problem))
}

fn and(and: &And, at: &str) -> Checked {
    let And {
        column: _,
        operator,
        value,
    } = and;
    let list = |value: &Value| {
        let values = value.as_array().map_or(&[][..], Vec::as_slice);
        (1..=VALUES).contains(&values.len()) && values.iter().all(scalar)
    };
    let (fits, expected) = match operator {
        Operator::In | Operator::NotIn => (
            list(value),
            "a list of 1 to 1000 texts, numbers, true or false, as the operator takes it",
        ),
        Operator::Is | Operator::IsNot => {
            (value.is_null(), "null or nothing, as the operator takes it")
        }
        _ => (
            scalar(value),
            "a text, a number, true or false, as the operator takes it; for NULL take is or is-not",
        ),
    };
    expect(fits, &format!("{at}.value"), expected, short(value))
}

fn children(children: &[Child], at: &str) -> Checked {
    for child in children {
        let Child {
            table,
            columns,
            references,
            children: below,
        } = child;
        let path = format!("{at}.{table}");
        let some = !columns.is_empty();
        let expected = "the columns that refer to the parent";
        expect(some, &format!("{path}.columns"), expected, "none")?;
        let paired = references.is_empty() || references.len() == columns.len();
        let expected = format!("as many as columns, which are {}", columns.len());
        let path_of = format!("{path}.references");
        expect(paired, &path_of, &expected, references.len())?;
        self::children(below, &format!("{path}.children"))?;
    }
    Ok(())
}

/// A value cut to what fits into an error.
fn short(value: &Value) -> String {
    match value {
        Value::Array(list) if list.len() > 3 => format!("a list of {}", list.len()),
        value => value.to_string(),
    }
}

fn missing(path: &str, what: &str) -> Checked {
    expect(false, path, what, "nothing")
}
