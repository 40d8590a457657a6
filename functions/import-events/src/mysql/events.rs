//! Reading EVENTs.

use aurora_sql::{Account, Identifier, Row, SqlError, Statement};
use jiff::Timestamp;

use super::odd;
use crate::{
    database::{Found, Status},
    event::COLUMNS,
};

const WHAT: &str = "reading the EVENTs";

/// Every EVENT that the login may see.
pub(super) fn all() -> Statement {
    columns().sql(" FROM information_schema.EVENTS ORDER BY EVENT_SCHEMA, EVENT_NAME")
}

/// One EVENT.
pub(super) fn one(schema: &str, name: &str) -> Statement {
    let statement =
        columns().sql(" FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? AND EVENT_NAME = ?");
    statement.bind(schema).bind(name)
}

/// The moment after which it fires no more is computed by the server: it knows the EVENT's zone.
fn columns() -> Statement {
    let mut statement = Statement::new(WHAT, "SELECT ");
    for column in COLUMNS {
        statement = statement.sql(column).sql(", ");
    }
    statement.sql(
        "CHARACTER_SET_CLIENT, COLLATION_CONNECTION, \
         CONVERT_TZ(COALESCE(EXECUTE_AT, ENDS), TIME_ZONE, '+00:00') <= UTC_TIMESTAMP(), \
         CAST(TIMESTAMPDIFF(SECOND, '1970-01-01', \
         CONVERT_TZ(COALESCE(EXECUTE_AT, ENDS), TIME_ZONE, '+00:00')) AS SIGNED), \
         COALESCE(EXECUTE_AT, ENDS) IS NULL",
    )
}

/// `SHOW CREATE EVENT`.
pub(super) fn create(event: &Found) -> Result<Statement, SqlError> {
    let what = "reading how the EVENT is made";
    let statement = Statement::new(what, "SHOW CREATE EVENT ");
    named(statement, event)
}

/// The EVENT's name, behind its schema's.
pub(super) fn named(statement: Statement, event: &Found) -> Result<Statement, SqlError> {
    let what = statement.what();
    let name = |name: &str| {
        Identifier::new(name).map_err(|_| SqlError::Refused {
            what: what.to_owned(),
            code: 2031,
            state: "HY000".to_owned(),
        })
    };
    let (schema, name) = (name(&event.schema)?, name(&event.name)?);
    Ok(statement.identifier(&schema).sql(".").identifier(&name))
}

/// A row of [`columns`].
pub(super) fn read(row: &Row, statement: &Statement) -> Result<Found, SqlError> {
    let mut columns: [Option<String>; COLUMNS.len()] = Default::default();
    for (at, column) in columns.iter_mut().enumerate() {
        *column = row.text(at)?.map(without_fraction);
    }
    let text = |name: &str| {
        let at = COLUMNS.iter().position(|column| *column == name);
        let text = at.and_then(|at| columns[at].clone());
        text.ok_or_else(|| odd(statement))
    };
    let last = |ahead: usize| COLUMNS.len() + ahead;
    let definer = Account::from_current_user(&text("DEFINER")?);
    let over = match (row.integer(last(2))?, row.integer(last(4))?) {
        (_, Some(1)) => Some(false),
        (over, _) => over.map(|over| over == 1),
    };
    let until = row.integer(last(3))?;
    let until = until.and_then(|until| Timestamp::from_second(i64::try_from(until).ok()?).ok());
    Ok(Found {
        schema: text("EVENT_SCHEMA")?,
        name: text("EVENT_NAME")?,
        status: status(&text("STATUS")?).ok_or_else(|| odd(statement))?,
        definer: definer.ok_or_else(|| odd(statement))?,
        charset: row.required_text(last(0))?,
        collation: row.required_text(last(1))?,
        last_executed: text("LAST_EXECUTED").ok(),
        over,
        until,
        passes_away: text("ON_COMPLETION")? == "NOT PRESERVE",
        columns,
    })
}

/// A time of the binary protocol as the text protocol has it: an EVENT's have whole seconds.
fn without_fraction(text: String) -> String {
    match text.strip_suffix(".000000") {
        Some(whole) if whole.len() == "2026-11-22 03:00:00".len() => whole.to_owned(),
        _ => text,
    }
}

fn status(text: &str) -> Option<Status> {
    match text {
        "ENABLED" => Some(Status::Enabled),
        "DISABLED" => Some(Status::Disabled),
        "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED" => Some(Status::ReplicaSide),
        _ => None,
    }
}
