//! Exchanging a partition's rows with a table.
//!
//! <https://dev.mysql.com/doc/refman/8.0/en/partitioning-management-exchange.html>

use aurora_sql::{Session, SqlError, Statement};
use jobs::policy::Name;

use super::{COUNT, altered, counting, named, of_table, unsigned};
use crate::{
    database::Exchanged,
    mysql::{Connected, odd},
};

/// A table without partitions has one row, and a view none.
const PARTITIONED: &str = "SELECT COUNT(*), COUNT(PARTITION_NAME) \
     FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

/// How many rows a table has; `None` where there is none.
pub(super) async fn size(
    session: &mut Session,
    schema: &Name,
    table: &Name,
) -> Result<Option<u64>, SqlError> {
    if look(session, schema, table).await? == Kind::Absent {
        return Ok(None);
    }
    let statement = counting(
        "counting the rows of an archive table",
        COUNT,
        " */ COUNT(*) FROM ",
    );
    let statement = of_table(statement, schema, table);
    let rows = session.query_within(&statement, COUNT).await?;
    let row = rows.first().ok_or_else(|| odd(&statement))?;
    unsigned(row.integer(0)?, &statement).map(Some)
}

/// Two statements; a run that was cut off between them left a table that is partitioned still.
pub(super) async fn make_like(
    on: &mut Connected,
    schema: &Name,
    table: &Name,
    archive: &Name,
    name: &Name,
) -> Result<(), SqlError> {
    if look(&mut on.session, archive, name).await? == Kind::Absent {
        let statement = Statement::new("making an archive table", "CREATE TABLE IF NOT EXISTS ");
        let statement = of_table(statement, archive, name).sql(" LIKE ");
        on.change(&of_table(statement, schema, table)).await?;
    }
    let partitioned = look(&mut on.session, archive, name).await? == Kind::Partitioned;
    if partitioned && size(&mut on.session, archive, name).await? == Some(0) {
        let statement = altered("making an archive table plain", archive, name);
        on.change(&statement.sql(" REMOVE PARTITIONING")).await?;
    }
    Ok(())
}

/// The server moves no rows: the two files take each other's place.
pub(super) async fn exchange(
    on: &mut Connected,
    schema: &Name,
    table: &Name,
    partition: &str,
    (archive, name): (&Name, &Name),
) -> Result<Exchanged, SqlError> {
    let before = size(&mut on.session, archive, name).await?.unwrap_or(0);
    if before > 0 {
        return Ok(Exchanged::NotEmpty(before));
    }
    let statement = altered("exchanging a partition", schema, table)
        .sql(" EXCHANGE PARTITION ")
        .identifier(&named(partition)?)
        .sql(" WITH TABLE ");
    on.change(&of_table(statement, archive, name)).await?;
    let after = size(&mut on.session, archive, name).await?;
    Ok(Exchanged::Moved(after.unwrap_or(0)))
}

/// What kind of table there is.
#[derive(PartialEq, Eq)]
enum Kind {
    Absent,
    Plain,
    Partitioned,
}

async fn look(session: &mut Session, schema: &Name, table: &Name) -> Result<Kind, SqlError> {
    let statement = Statement::new("looking for an archive table", PARTITIONED)
        .bind(schema.as_str())
        .bind(table.as_str());
    let rows = session.query(&statement).await?;
    let row = rows.first().ok_or_else(|| odd(&statement))?;
    Ok(match (row.integer(0)?, row.integer(1)?) {
        (Some(0) | None, _) => Kind::Absent,
        (_, Some(0) | None) => Kind::Plain,
        _ => Kind::Partitioned,
    })
}
