//! Everything that is read before rows go, and what is decided from it.

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::{
    Job,
    policy::{Child, Kind, Name, Rows},
};

use super::{
    check::{self, Seen},
    choice::{self, Choice, Known},
    condition,
};
use crate::database::{Condition, Kin, Session, Table, Walk};

/// What a job is about, as the server has it now.
#[derive(Debug)]
pub(super) struct Scene {
    pub table: Table,
    pub into: Option<Table>,
    pub children: Vec<Kin>,
    pub condition: Condition,
}

/// The rows that a job takes away, and whether it copies them.
pub(super) fn rows(job: &Job) -> Option<(&Rows, bool)> {
    match job.kind()? {
        Kind::Purge(rows) => Some((rows, false)),
        Kind::Archive(rows) => Some((rows, true)),
        Kind::Partitions(_) | Kind::Call(_) | Kind::Statement(_) => None,
    }
}

impl Scene {
    /// Reads it, or says why the job must not run, each reason with the remedy.
    pub async fn read<S: Session>(
        session: &mut S,
        job: &Job,
        slot: Timestamp,
    ) -> Result<Result<Self, Vec<String>>, SqlError> {
        let Some((rows, archive)) = rows(job) else {
            return Ok(refused("policy: expected purge or archive"));
        };
        let into = match archive_name(rows, archive, &job.database) {
            Ok(into) => into,
            Err(why) => return Ok(refused(why)),
        };
        let Some(table) = session.table(&job.database, &rows.table).await? else {
            return Ok(refused(absent("table", job, &rows.table)));
        };
        let condition = match condition::of(rows, &table, slot) {
            Ok(condition) => condition,
            Err(why) => return Ok(refused(why)),
        };
        let children = match family(session, job, &table, &rows.children).await? {
            Ok(children) => children,
            Err(why) => return Ok(refused(why)),
        };
        let archive = match &into {
            Some((schema, name)) => session.table(schema, name).await?,
            None => None,
        };
        let said = rows.into.as_deref().unwrap_or_default();
        let seen = Seen {
            rows,
            table: &table,
            into: into.as_ref().map(|_| (said, archive.as_ref())),
            children: &children,
        };
        let refusals = check::refusals(&seen, &job.chunk);
        let into = archive;
        let scene = || Self {
            table,
            into,
            children,
            condition,
        };
        Ok(if refusals.is_empty() {
            Ok(scene())
        } else {
            Err(refusals)
        })
    }

    /// The walk of one of the table's indexes.
    pub fn walk<'a>(&'a self, index: &'a crate::database::Index) -> Walk<'a> {
        Walk {
            table: &self.table,
            index,
            condition: &self.condition,
            into: self.into.as_ref(),
            children: &self.children,
        }
    }

    /// Which index is walked, and why; or why none may be.
    pub async fn choose<S: Session>(
        &self,
        session: &mut S,
        rows: &Rows,
    ) -> Result<Result<Choice<'_>, String>, SqlError> {
        let Some(primary) = self.table.primary() else {
            return Ok(Err(format!("{} has no primary key", self.table.name)));
        };
        let estimate = match session.estimate(&self.walk(primary)).await {
            Ok(estimate) => estimate,
            Err(SqlError::Refused { code, .. }) => return Ok(Err(no_sql(rows, code))),
            Err(error) => return Err(error),
        };
        if estimate.scan && rows.free.is_some() && !rows.accept_scan {
            return Ok(Err(scans(&self.table)));
        }
        let mut known = vec![Known {
            index: primary,
            estimate,
        }];
        for index in choice::candidates(&self.table, &self.condition) {
            let estimate = session.estimate(&self.walk(index)).await?;
            known.push(Known { index, estimate });
        }
        // By itself the server may have chosen another index: what it would look at there is that
        // index's, and nothing about the primary key.
        if !self.led_by_primary() {
            known[0].estimate.scan = true;
        }
        Ok(Ok(choice::choose(&self.table, primary, &known)))
    }

    fn led_by_primary(&self) -> bool {
        let first = self.table.primary().and_then(|key| key.columns.first());
        match &self.condition {
            Condition::Aged { column, .. } => first == Some(column),
            Condition::Free(_) => false,
        }
    }
}

fn refused<T>(why: impl Into<String>) -> Result<T, Vec<String>> {
    Err(vec![why.into()])
}

fn absent(field: &str, job: &Job, table: &Name) -> String {
    let database = &job.database;
    format!(
        "{field}: there is no table {database}.{table}, or the job's user may not see it: \
         GRANT SELECT, DELETE ON {database}.{table}"
    )
}

fn no_sql(rows: &Rows, code: u16) -> String {
    let field = if rows.free.is_some() { "where" } else { "and" };
    format!(
        "{field}: the server does not take it as a condition (error {code}); try it in a SELECT"
    )
}

fn scans(table: &Table) -> String {
    format!(
        "where: no index leads to its rows, so that about {} rows would be read: \
         add an index, or set accept_scan",
        choice::count(table.rows)
    )
}

/// Where copies go: `table`, or `schema.table`.
fn archive_name(
    rows: &Rows,
    archive: bool,
    database: &Name,
) -> Result<Option<(Name, Name)>, String> {
    match (archive, rows.into.as_deref()) {
        (false, None) => Ok(None),
        (false, Some(_)) => Err("into: a purge copies nothing; use archive".to_owned()),
        (true, None) => Err("into: name the table that takes the rows".to_owned()),
        (true, Some(into)) => {
            let (schema, table) = into.split_once('.').unwrap_or((database.as_str(), into));
            let names = Name::new(schema).zip(Name::new(table).filter(|_| !table.contains('.')));
            let names =
                names.ok_or_else(|| format!("into: expected table or schema.table, got {into:?}"));
            names.map(Some)
        }
    }
}

/// The children with what the server says of them, and theirs.
async fn family<S: Session>(
    session: &mut S,
    job: &Job,
    parent: &Table,
    children: &[Child],
) -> Result<Result<Vec<Kin>, String>, SqlError> {
    let mut kin = Vec::new();
    for child in children {
        let Some(table) = session.table(&job.database, &child.table).await? else {
            return Ok(Err(absent("children", job, &child.table)));
        };
        let primary = || parent.primary().map(|key| key.columns.clone());
        let references = match child.references.as_slice() {
            [] => primary().unwrap_or_default(),
            named => spelled(parent, named),
        };
        let children = match Box::pin(family(session, job, &table, &child.children)).await? {
            Ok(children) => children,
            Err(why) => return Ok(Err(why)),
        };
        let columns = spelled(&table, &child.columns);
        kin.push(Kin {
            table,
            columns,
            references,
            children,
        });
    }
    Ok(Ok(kin))
}

/// Names of columns as the server spells them; those it does not know as they are.
fn spelled(table: &Table, names: &[Name]) -> Vec<Name> {
    let known = |name| table.column(name).map_or(name, |column| &column.name);
    names.iter().map(|name| known(name).clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::check::tests::{name, rows};
    use super::*;

    fn read(archive: bool, into: Option<&str>) -> Result<String, String> {
        let rows = Rows {
            into: into.map(str::to_owned),
            ..rows()
        };
        let names = archive_name(&rows, archive, &name("app"))?;
        Ok(names.map_or_else(String::new, |(schema, table)| format!("{schema} {table}")))
    }

    #[test]
    fn an_archive_is_named_with_or_without_its_schema() {
        assert_eq!(read(true, Some("old")), Ok("app old".to_owned()));
        assert_eq!(read(true, Some("past.old")), Ok("past old".to_owned()));
        assert_eq!(read(false, None), Ok(String::new()));
    }

    #[test]
    fn an_archive_needs_a_name_and_a_purge_takes_none() {
        for (archive, into) in [
            (true, None),
            (false, Some("old")),
            (true, Some("a.b.c")),
            (true, Some("a.")),
        ] {
            let refused = read(archive, into).unwrap_err();
            assert!(refused.starts_with("into: "), "{refused}");
        }
    }
}
