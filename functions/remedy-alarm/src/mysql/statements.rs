//! The statements that take the most time, of two readings of the same numbers.

mod top;

use std::collections::HashMap;

use aurora_sql::{Row, Session, SqlError, Statement};
use tokio::time::Instant;

use super::spell::{fraction, number, text};

pub(super) use top::{Top, top};

/// What the server counts of one form of statement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Count {
    pub(super) calls: u64,
    pub(super) seconds: f64,
    pub(super) examined: u64,
    pub(super) sent: u64,
    /// For how many seconds the server has known the form.
    pub(super) age: u64,
    /// Whether one has ended within the last hour.
    pub(super) lately: bool,
}

/// The schema and the digest. Both are `None` of what did not fit into the server's table.
pub(super) type Form = (Option<String>, Option<String>);

/// All that the server counts, at one moment.
pub(super) struct Sample {
    pub(super) at: Instant,
    pub(super) counts: HashMap<Form, Count>,
}

const WHAT: &str = "asking for the statements";

/// Those about the server itself, ours for the most part, are left out.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-statement-summary-tables.html>
const SQL: &str = "SELECT SCHEMA_NAME, DIGEST, COUNT_STAR, SUM_TIMER_WAIT / 1e12, SUM_ROWS_EXAMINED, \
     SUM_ROWS_SENT, COALESCE(GREATEST(TIMESTAMPDIFF(SECOND, FIRST_SEEN, NOW(6)), 0), 0), \
     LAST_SEEN > NOW(6) - INTERVAL 1 HOUR \
     FROM performance_schema.events_statements_summary_by_digest \
     WHERE COALESCE(LOWER(DIGEST_TEXT), '') NOT LIKE '%`performance_schema` .%' \
     AND COALESCE(LOWER(DIGEST_TEXT), '') NOT LIKE '%`information_schema` .%' \
     AND COALESCE(LOWER(SCHEMA_NAME), '') NOT IN ('performance_schema', 'information_schema')";

/// Reads them.
pub(super) async fn sample(session: &mut Session) -> Result<Sample, SqlError> {
    let at = Instant::now();
    let rows = session.query(&Statement::new(WHAT, SQL)).await?;
    let counts: Result<_, SqlError> = rows.iter().map(count).collect();
    Ok(Sample {
        at,
        counts: counts?,
    })
}

fn count(row: &Row) -> Result<(Form, Count), SqlError> {
    let count = Count {
        calls: number(row, 2)?,
        seconds: fraction(row, 3)?,
        examined: number(row, 4)?,
        sent: number(row, 5)?,
        age: number(row, 6)?,
        lately: number(row, 7)? != 0,
    };
    Ok((form(row)?, count))
}

fn form(row: &Row) -> Result<Form, SqlError> {
    Ok((text(row, 0)?, text(row, 1)?))
}

/// The texts of these, by form; a text is long, so it is asked for last.
pub(super) async fn texts(
    session: &mut Session,
    top: &Top,
) -> Result<HashMap<Form, String>, SqlError> {
    let statement = Statement::new(
        WHAT,
        "SELECT SCHEMA_NAME, DIGEST, DIGEST_TEXT \
         FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST IN (''",
    );
    let digests = top.forms.iter().filter_map(|(form, ..)| form.1.as_deref());
    let statement = digests.fold(statement, |statement, digest| {
        statement.sql(", ").string(digest)
    });
    let rows = session.query(&statement.sql(")")).await?;
    let pair = |row: &Row| Ok((form(row)?, text(row, 2)?.unwrap_or_default()));
    rows.iter().map(pair).collect()
}
