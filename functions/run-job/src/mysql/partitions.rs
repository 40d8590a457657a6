//! Partitions.

mod bound;
mod exchange;
mod scheme;

use std::time::Duration;

use aurora_sql::{Identifier, SqlError, Statement};
use jobs::policy::Name;

use super::{Connected, odd};
use crate::database::{Bounds, Counted, Exchanged, Partition, Partitioned, Scheme};

/// How long a change of a table's definition may take once it has the table's lock, for which it
/// waits as long as the session allows. It is a matter of seconds, where files are large.
const CHANGE: Duration = Duration::from_mins(5);

/// How long the rows of a partition may be counted: it needs no locks, but keeps undo.
const COUNT: Duration = Duration::from_mins(5);

/// How long they may be counted again while the table is locked for all others.
const RECOUNT: Duration = Duration::from_secs(1);

impl Partitioned for Connected {
    async fn scheme(&mut self, schema: &Name, table: &Name) -> Result<Option<Scheme>, SqlError> {
        scheme::scheme(&mut self.session, schema, table).await
    }

    async fn has_rows(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
    ) -> Result<bool, SqlError> {
        let asked = Statement::new(
            "looking for rows in a partition",
            "SELECT EXISTS (SELECT * FROM ",
        );
        let statement = of_partition(asked, schema, table, partition)?.sql(")");
        Ok(self.number(&statement).await? != 0)
    }

    async fn count(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        column: &str,
    ) -> Result<Counted, SqlError> {
        let asked = counting(
            "counting the rows of a partition",
            COUNT,
            " */ COUNT(*), COUNT(TO_DAYS(",
        )
        .identifier(&named(column)?)
        .sql(")) FROM ");
        let statement = of_partition(asked, schema, table, partition)?;
        let rows = self.session.query_within(&statement, COUNT).await?;
        let row = rows.first().ok_or_else(|| odd(&statement))?;
        let all = unsigned(row.integer(0)?, &statement)?;
        let dated = unsigned(row.integer(1)?, &statement)?;
        Ok(Counted {
            rows: all,
            undated: all.saturating_sub(dated),
        })
    }

    async fn size(&mut self, schema: &Name, table: &Name) -> Result<Option<u64>, SqlError> {
        exchange::size(&mut self.session, schema, table).await
    }

    async fn add(
        &mut self,
        schema: &Name,
        table: &Name,
        layout: &Scheme,
        new: &[Partition],
    ) -> Result<(), SqlError> {
        let statement = altered("adding partitions", schema, table);
        let Some(bounds) = layout.bounds else {
            return Err(odd(&statement));
        };
        let open_end = layout.partitions.iter().find(|p| p.below.is_none());
        let statement = match open_end {
            Some(end) => statement
                .sql(" REORGANIZE PARTITION ")
                .identifier(&named(&end.name)?)
                .sql(" INTO ("),
            None => statement.sql(" ADD PARTITION ("),
        };
        let statement = listed(statement, bounds, new.iter().chain(open_end))?;
        self.change(&statement.sql(")")).await
    }

    async fn drop_partition(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        rows: u64,
    ) -> Result<bool, SqlError> {
        let lock = Statement::new("locking the table", "LOCK TABLES ");
        let lock = of_table(lock, schema, table).sql(" WRITE");
        self.session.execute(&lock).await?;
        let outcome = self.drop_as_counted(schema, table, partition, rows).await;
        let unlock = Statement::new("unlocking the table", "UNLOCK TABLES");
        let unlocked = self.session.execute(&unlock).await;
        // What is lost with the connection is unlocked as well.
        let dropped = outcome?;
        unlocked.map(|_| dropped)
    }

    async fn make_like(
        &mut self,
        schema: &Name,
        table: &Name,
        archive: &Name,
        name: &Name,
    ) -> Result<(), SqlError> {
        exchange::make_like(self, schema, table, archive, name).await
    }

    async fn exchange(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        archive: &Name,
        name: &Name,
    ) -> Result<Exchanged, SqlError> {
        exchange::exchange(self, schema, table, partition, (archive, name)).await
    }
}

impl Connected {
    async fn drop_as_counted(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        rows: u64,
    ) -> Result<bool, SqlError> {
        if !self.has_still(schema, table, partition, rows).await? {
            return Ok(false);
        }
        let statement = altered("dropping a partition", schema, table).sql(" DROP PARTITION ");
        let statement = statement.identifier(&named(partition)?);
        self.change(&statement).await.map(|()| true)
    }

    /// Whether a partition has as many rows as before. Where they are too many to be counted behind
    /// the table's lock, nobody knows, and it is believed.
    async fn has_still(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        rows: u64,
    ) -> Result<bool, SqlError> {
        if rows == 0 {
            return Ok(!self.has_rows(schema, table, partition).await?);
        }
        let asked = counting("counting the rows again", RECOUNT, " */ COUNT(*) FROM ");
        let statement = of_partition(asked, schema, table, partition)?;
        match self.number(&statement).await {
            Ok(now) => Ok(now == rows),
            Err(SqlError::TimedOut { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn change(&mut self, statement: &Statement) -> Result<(), SqlError> {
        let changed = self.session.execute_within(statement, CHANGE).await;
        changed.map(drop)
    }

    /// The only number of the only row.
    async fn number(&mut self, statement: &Statement) -> Result<u64, SqlError> {
        let rows = self.session.query_within(statement, COUNT).await?;
        let row = rows.first().ok_or_else(|| odd(statement))?;
        unsigned(row.integer(0)?, statement)
    }
}

/// `SELECT` with a limit that the server keeps by itself.
fn counting(what: &'static str, limit: Duration, rest: &'static str) -> Statement {
    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    let hint = Statement::new(what, "SELECT /*+ MAX_EXECUTION_TIME(");
    hint.number(limit).sql(")").sql(rest)
}

fn of_table(statement: Statement, schema: &Name, table: &Name) -> Statement {
    let statement = statement.identifier(schema.identifier()).sql(".");
    statement.identifier(table.identifier())
}

fn of_partition(
    statement: Statement,
    schema: &Name,
    table: &Name,
    partition: &str,
) -> Result<Statement, SqlError> {
    let statement = of_table(statement, schema, table).sql(" PARTITION (");
    Ok(statement.identifier(&named(partition)?).sql(")"))
}

fn altered(what: &'static str, schema: &Name, table: &Name) -> Statement {
    of_table(Statement::new(what, "ALTER TABLE "), schema, table)
}

fn listed<'a>(
    mut statement: Statement,
    bounds: Bounds,
    partitions: impl Iterator<Item = &'a Partition>,
) -> Result<Statement, SqlError> {
    for (number, partition) in partitions.enumerate() {
        let before = if number == 0 {
            "PARTITION "
        } else {
            ", PARTITION "
        };
        let before = statement.sql(before).identifier(&named(&partition.name)?);
        statement = bound::write(before.sql(" VALUES LESS THAN ("), bounds, partition.below)?;
        statement = statement.sql(")");
    }
    Ok(statement)
}

/// A name that the server told.
fn named(name: &str) -> Result<Identifier, SqlError> {
    let nameless = || odd(&Statement::new("reading a name", ""));
    Identifier::new(name).map_err(|_| nameless())
}

fn unsigned(number: Option<i128>, statement: &Statement) -> Result<u64, SqlError> {
    let number = number.and_then(|number| u64::try_from(number).ok());
    number.ok_or_else(|| odd(statement))
}
