//! What the server expects of a statement.
//! <https://dev.mysql.com/doc/refman/8.0/en/explain-output.html>

use aurora_sql::{Row, Session, SqlError, Statement};
use jobs::policy::Name;

use super::spell;
use crate::database::{Estimate, Walk};

/// Columns of the traditional format.
const TABLE: usize = 2;
const TYPE: usize = 4;
const KEY: usize = 6;
const ROWS: usize = 9;

/// About how many rows a table has. `information_schema.TABLES` may be a day old.
pub(super) async fn rows(
    session: &mut Session,
    schema: &Name,
    table: &Name,
) -> Result<u64, SqlError> {
    let statement = explain("SELECT 1 FROM ").identifier(schema.identifier());
    let statement = statement.sql(".").identifier(table.identifier());
    let plan = session.query(&statement).await?;
    Ok(plan.first().map(examined).transpose()?.unwrap_or(0))
}

/// On the primary key the server chooses by itself how to find the rows.
pub(super) async fn estimate(session: &mut Session, walk: &Walk<'_>) -> Result<Estimate, SqlError> {
    let statement = explain("SELECT 1 FROM ");
    let statement = spell::table(statement, walk.table);
    let statement = if walk.index.is_primary() {
        statement
    } else {
        // With one index to take, the server would not look into it.
        // https://dev.mysql.com/doc/refman/8.0/en/range-optimization.html#equality-range-optimization
        let statement = statement.sql(" FORCE INDEX (PRIMARY, ");
        statement.identifier(walk.index.name.identifier()).sql(")")
    };
    let wheres = spell::Wheres::new(statement);
    let statement = wheres.and(|sql| spell::condition(sql, walk)).done();
    let plan = session.query(&statement).await?;
    // A condition may have subqueries of other tables.
    let name = walk.table.name.as_str();
    let own = plan
        .iter()
        .find(|row| matches!(row.text(TABLE), Ok(Some(table)) if table == name));
    let Some(own) = own else {
        return Ok(Estimate::default());
    };
    let kind = own.text(TYPE)?.unwrap_or_default();
    let by = own.text(KEY)?;
    let other = !walk.index.is_primary() && by.as_deref() != Some(walk.index.name.as_str());
    Ok(Estimate {
        examined: examined(own)?,
        scan: other || matches!(kind.as_str(), "ALL" | "index"),
    })
}

fn explain(sql: &'static str) -> Statement {
    Statement::new(
        "asking what the condition costs",
        "EXPLAIN FORMAT=TRADITIONAL ",
    )
    .sql(sql)
}

fn examined(row: &Row) -> Result<u64, SqlError> {
    let rows = row.integer(ROWS)?.unwrap_or(0);
    Ok(u64::try_from(rows).unwrap_or(0))
}
