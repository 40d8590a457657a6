//! Tables over the simulator's store: a row has a number, an age, a mark and perhaps a parent.

use std::time::Duration;

use aurora_sql::SqlError;
use jiff::{Timestamp, tz::TimeZone};
use jobs::policy::Name;
use run_job::database::{
    Column, Condition, Done, Estimate, ForeignKey, Index, Key, Literal, Part, Step, Table, Tables,
    Walk,
};
use simulator::store::{self, Row, Store, Stretch, sum};

use super::{Connected, ledger, missing};

/// How long a commit takes here.
const COMMIT: Duration = Duration::from_millis(3);

impl Tables for Connected {
    async fn table(&mut self, schema: &Name, table: &Name) -> Result<Option<Table>, SqlError> {
        let (schema, name) = (schema.clone(), table.clone());
        self.read("reading the table", move |store| {
            let of = |table: &store::Table| described(store, &schema, &name, table);
            Ok(store.tables.get(name.as_str()).map(of))
        })
        .await
    }

    async fn estimate(&mut self, walk: &Walk<'_>) -> Result<Estimate, SqlError> {
        let (name, stretch) = (walk.table.name.clone(), stretch(walk, None, None));
        self.read("estimating", move |store| {
            let table = store.tables.get(name.as_str()).ok_or_else(missing)?;
            let examined = if stretch.by_age {
                table.going(&stretch).len()
            } else {
                table.rows.len()
            };
            Ok(Estimate {
                examined: examined as u64,
                scan: !stretch.by_age,
            })
        })
        .await
    }

    async fn boundary(
        &mut self,
        walk: &Walk<'_>,
        after: Option<&Key>,
        rows: u32,
    ) -> Result<Option<Key>, SqlError> {
        let (name, stretch) = (walk.table.name.clone(), stretch(walk, after, None));
        self.read("looking for the boundary", move |store| {
            let table = store.tables.get(name.as_str()).ok_or_else(missing)?;
            let entry = table.boundary(&stretch, rows as usize);
            Ok(entry.map(|entry| key(stretch.by_age, entry)))
        })
        .await
    }

    async fn step(&mut self, walk: &Walk<'_>, step: &Step<'_>) -> Result<Done, SqlError> {
        let work = Work {
            table: walk.table.name.to_string(),
            stretch: stretch(walk, step.range.after.as_ref(), step.range.to.as_ref()),
            into: walk.into.map(|into| into.name.to_string()),
            child: walk.children.first().map(|kin| kin.table.name.to_string()),
            most: step.most as usize,
            run: step.run,
            holder: step.holder.0.clone(),
            then: ledger::json(step.then),
        };
        let (run, table) = (step.run.0, &work.table);
        let said = ("a step", format!("a step of run {run} through {table}"));
        self.change(said, move |store, _| work.done(store)).await
    }
}

/// A step, without what it borrows.
struct Work {
    table: String,
    stretch: Stretch,
    into: Option<String>,
    child: Option<String>,
    most: usize,
    run: run_job::database::RunId,
    holder: String,
    then: String,
}

impl Work {
    fn done(&self, store: &mut Store) -> Result<Done, SqlError> {
        if ledger::held(store, self.run, &self.holder)?.is_none() {
            return Ok(Done::NotOurs);
        }
        let table = store.tables.get(&self.table).ok_or_else(missing)?;
        let going = table.going(&self.stretch);
        if going.len() > self.most {
            return Ok(Done::TooMany);
        }
        let children = self.children(store, &going);
        if children.len() + going.len() > self.most {
            return self.some_children(store, &children);
        }
        self.whole(store, &going, &children)
    }

    fn children(&self, store: &Store, going: &[i64]) -> Vec<i64> {
        let table = self.child.as_ref().and_then(|name| store.tables.get(name));
        let rows = table.into_iter().flat_map(|table| &table.rows);
        let of = |(_, row): &(&i64, &Row)| row.parent.is_some_and(|parent| going.contains(&parent));
        rows.filter(of).map(|(id, _)| *id).collect()
    }

    fn take(store: &mut Store, table: &str, ids: &[i64]) -> Vec<(i64, Row)> {
        let rows = &mut store.table_mut(table).rows;
        let taken = ids.iter().map(|id| (*id, rows.remove(id)));
        taken.filter_map(|(id, row)| Some((id, row?))).collect()
    }

    fn some_children(&self, store: &mut Store, children: &[i64]) -> Result<Done, SqlError> {
        let some = &children[..children.len().min(self.most)];
        Self::take(store, self.child.as_deref().unwrap_or_default(), some);
        let row = ledger::held(store, self.run, &self.holder)?.ok_or_else(missing)?;
        row.steps += 1;
        row.children += some.len() as u64;
        Ok(Done::Children {
            children: some.len() as u64,
            commit: COMMIT,
        })
    }

    fn whole(&self, store: &mut Store, going: &[i64], children: &[i64]) -> Result<Done, SqlError> {
        Self::take(store, self.child.as_deref().unwrap_or_default(), children);
        let rows = Self::take(store, &self.table, going);
        let (count, checksum) = (
            rows.len() as u64,
            rows.iter().fold(0, |all, (id, _)| all ^ sum(*id)),
        );
        let copied = if self.into.is_some() { count } else { 0 };
        if let Some(into) = &self.into {
            Self::copy(store, into, rows)?;
        }
        let row = ledger::held(store, self.run, &self.holder)?.ok_or_else(missing)?;
        row.steps += 1;
        row.rows += count;
        row.copied += copied;
        row.children += children.len() as u64;
        row.checksum ^= checksum;
        row.place.clone_from(&self.then);
        Ok(Done::Whole {
            rows: count,
            copied,
            children: children.len() as u64,
            checksum,
            commit: COMMIT,
        })
    }

    fn copy(store: &mut Store, into: &str, rows: Vec<(i64, Row)>) -> Result<(), SqlError> {
        let archive = &mut store.table_mut(into).rows;
        for (id, row) in rows {
            if archive.insert(id, row).is_some() {
                return Err(SqlError::Refused {
                    what: "copying rows".into(),
                    code: 1062,
                    state: "23000".into(),
                });
            }
        }
        Ok(())
    }
}

fn stretch(walk: &Walk<'_>, after: Option<&Key>, to: Option<&Key>) -> Stretch {
    let (cutoff, marked) = match walk.condition {
        Condition::Aged { before, and, .. } => (moment(before), and.is_some()),
        Condition::Free(_) => (Timestamp::MAX, false),
    };
    Stretch {
        by_age: !walk.index.is_primary(),
        after: after.map(entry),
        to: to.map(entry),
        cutoff,
        marked,
    }
}

fn moment(before: &Literal) -> Timestamp {
    let at = match before {
        Literal::DateTime(at) => *at,
        Literal::Date(date) => date.at(0, 0, 0, 0),
        Literal::Text(_) | Literal::Number(_) => return Timestamp::MAX,
    };
    TimeZone::UTC.to_timestamp(at).unwrap_or(Timestamp::MAX)
}

/// A place of an index as run-job keeps it: the age in nanoseconds, where the index leads with it,
/// and the row's number.
fn key(by_age: bool, (at, id): (Timestamp, i64)) -> Key {
    let age = by_age.then(|| Part::Integer(at.as_nanosecond()));
    let id = Part::Integer(i128::from(id));
    Key(age.into_iter().chain([id]).collect())
}

fn entry(key: &Key) -> (Timestamp, i64) {
    let number = |part: &Part| match part {
        Part::Integer(number) => *number,
        _ => 0,
    };
    let (age, id) = match &key.0[..] {
        [age, id] => (number(age), number(id)),
        [id] => (0, number(id)),
        _ => (0, 0),
    };
    let age = Timestamp::from_nanosecond(age).unwrap_or(Timestamp::UNIX_EPOCH);
    (age, i64::try_from(id).unwrap_or(i64::MAX))
}

fn described(store: &Store, schema: &Name, name: &Name, table: &store::Table) -> Table {
    let index = |name: &str, column: &str| Index {
        name: named(name),
        columns: vec![named(column)],
        plain: true,
        unique: name == "PRIMARY",
    };
    let child = name.as_str().replace("logs_", "lines_");
    let child = (child != name.as_str() && store.tables.contains_key(&child)).then_some(child);
    let foreign = child.map(|table| ForeignKey {
        schema: schema.to_string(),
        table,
        columns: vec!["parent".into()],
        references: vec!["id".into()],
        on_delete: "NO ACTION".into(),
    });
    Table {
        schema: schema.clone(),
        name: name.clone(),
        engine: "InnoDB".into(),
        columns: vec![
            column("id", "bigint"),
            column("at", "datetime"),
            column("marked", "tinyint"),
            column("parent", "bigint"),
        ],
        indexes: vec![
            index("PRIMARY", "id"),
            index("by_at", "at"),
            index("by_parent", "parent"),
        ],
        referred_by: foreign.into_iter().collect(),
        delete_triggers: Vec::new(),
        rows: table.rows.len() as u64,
    }
}

fn column(name: &str, kind: &str) -> Column {
    Column {
        name: named(name),
        kind: kind.into(),
        full: kind.into(),
        nullable: name == "parent",
        collation: None,
        generated: false,
    }
}

#[expect(clippy::expect_used, reason = "these are names")]
fn named(name: &str) -> Name {
    Name::new(name).expect("a short name")
}
