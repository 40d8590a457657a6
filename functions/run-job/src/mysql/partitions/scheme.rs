//! How a table is partitioned.

use aurora_sql::{Row, Session, SqlError, Statement};
use jobs::policy::Name;

use super::{bound, unsigned};
use crate::database::{Bounds, Partition, Scheme};

/// Subpartitions come as rows of their own.
const PARTITIONS: &str = "SELECT PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, \
     SUBPARTITION_NAME, PARTITION_DESCRIPTION, COALESCE(TABLE_ROWS, 0) \
     FROM information_schema.PARTITIONS \
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND PARTITION_NAME IS NOT NULL \
     ORDER BY PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION";

const COLUMN: &str = "SELECT DATA_TYPE FROM information_schema.COLUMNS \
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?";

pub(super) async fn scheme(
    session: &mut Session,
    schema: &Name,
    table: &Name,
) -> Result<Option<Scheme>, SqlError> {
    let statement = Statement::new("reading the partitions", PARTITIONS)
        .bind(schema.as_str())
        .bind(table.as_str());
    let rows = session.query(&statement).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let method = first.text(1)?.unwrap_or_default();
    let expression = first.text(2)?.unwrap_or_default();
    let by = by(&method, &expression);
    let (bounds, column) = match by {
        By::Function(bounds, column) => (Some(bounds), column),
        By::Column(column) => (of_type(session, schema, table, &column).await?, column),
        By::Else => (None, String::new()),
    };
    let partitions: Option<Vec<Partition>> = match bounds {
        Some(bounds) => all(bounds, &rows, &statement)?,
        None => None,
    };
    Ok(Some(Scheme {
        spelled: format!("{method} ({expression})"),
        bounds: bounds.filter(|_| partitions.is_some()),
        column,
        subpartitioned: first.text(3)?.is_some(),
        partitions: partitions.unwrap_or_default(),
    }))
}

/// What a table is partitioned by.
#[derive(Debug, PartialEq, Eq)]
enum By {
    Function(Bounds, String),
    Column(String),
    Else,
}

fn by(method: &str, expression: &str) -> By {
    let within = |function: &str| {
        let inner = expression.strip_prefix(function)?.strip_suffix(')')?;
        unquoted(inner)
    };
    let found = match method {
        "RANGE" => within("to_days(")
            .map(|column| By::Function(Bounds::ToDays, column))
            .or_else(|| {
                Some(By::Function(
                    Bounds::UnixTimestamp,
                    within("unix_timestamp(")?,
                ))
            }),
        "RANGE COLUMNS" => unquoted(expression).map(By::Column),
        _ => None,
    };
    found.unwrap_or(By::Else)
}

/// The one name that is quoted here.
fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('`')?.strip_suffix('`')?;
    let name = inner.replace("``", "`");
    let whole = inner.matches('`').count() == 2 * name.matches('`').count();
    (whole && !inner.contains("`,`")).then_some(name)
}

async fn of_type(
    session: &mut Session,
    schema: &Name,
    table: &Name,
    column: &str,
) -> Result<Option<Bounds>, SqlError> {
    let statement = Statement::new("asking for a column", COLUMN)
        .bind(schema.as_str())
        .bind(table.as_str())
        .bind(column);
    let rows = session.query(&statement).await?;
    let kind = rows.first().map(|row| row.required_text(0)).transpose()?;
    Ok(match kind.as_deref() {
        Some("date") => Some(Bounds::Date),
        Some("datetime") => Some(Bounds::DateTime),
        _ => None,
    })
}

/// `None` where a bound is no date.
fn all(
    bounds: Bounds,
    rows: &[Row],
    statement: &Statement,
) -> Result<Option<Vec<Partition>>, SqlError> {
    let mut partitions: Vec<Partition> = Vec::new();
    for row in rows {
        let name = row.required_text(0)?;
        let Some(below) = bound::read(bounds, &row.text(4)?.unwrap_or_default()) else {
            return Ok(None);
        };
        let rows = unsigned(row.integer(5)?, statement)?;
        match partitions.last_mut().filter(|last| last.name == name) {
            Some(last) => last.rows += rows,
            None => partitions.push(Partition { name, below, rows }),
        }
    }
    Ok(Some(partitions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_column_and_the_two_functions_are_known() {
        let column = || "created_at".to_owned();
        for (method, expression, known) in [
            (
                "RANGE",
                "to_days(`created_at`)",
                By::Function(Bounds::ToDays, column()),
            ),
            (
                "RANGE",
                "unix_timestamp(`created_at`)",
                By::Function(Bounds::UnixTimestamp, column()),
            ),
            ("RANGE COLUMNS", "`created_at`", By::Column(column())),
            ("RANGE COLUMNS", "`a``b`", By::Column("a`b".to_owned())),
            ("RANGE COLUMNS", "`a`,`b`", By::Else),
            ("RANGE", "year(`created_at`)", By::Else),
            ("RANGE", "`id`", By::Else),
            ("RANGE", "to_days(`created_at`) + 1", By::Else),
            ("HASH", "to_days(`created_at`)", By::Else),
            ("LIST COLUMNS", "`created_at`", By::Else),
        ] {
            assert_eq!(by(method, expression), known, "{method} ({expression})");
        }
    }
}
