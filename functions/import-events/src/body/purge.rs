//! One `DELETE`, as the rows that a purge takes away.

use aurora_model::{Span, Zone};
use jobs::policy::{And, Name, Rows, Unit};

use super::{
    condition::{self, Found},
    differences, free,
    lex::Token,
    moment::Base,
    reader::{Reader, is_word},
};
use crate::event::Event;

/// A purge that does what a `DELETE` does.
#[derive(Debug, PartialEq)]
pub(super) struct Purge {
    /// The schema of its table, where the statement says one.
    pub(super) schema: Option<Name>,
    pub(super) rows: Rows,
    /// What is different in meaning, a sentence each.
    pub(super) differences: Vec<String>,
}

/// The parts of `DELETE FROM table WHERE condition ORDER BY … LIMIT n`.
struct Delete<'a, 't> {
    schema: Option<Name>,
    table: Name,
    condition: &'t [Token<'a>],
    limit: Option<i64>,
    ordered: bool,
}

/// The purge in the place of a statement; `None` where it is no `DELETE` of one table by a
/// condition that a purge can have.
pub(super) fn purge(statement: &[Token<'_>], event: &Event) -> Option<Purge> {
    let delete = delete(Reader::new(statement))?;
    let mut purge = by_age(&delete, event).or_else(|| by_condition(&delete, event))?;
    purge.differences.extend(dropped(&delete));
    Some(purge)
}

fn delete<'a, 't>(mut reader: Reader<'a, 't>) -> Option<Delete<'a, 't>> {
    let path = reader.words("DELETE FROM").then(|| reader.path())??;
    let (schema, table) = match path[..] {
        [table] => (None, table),
        [schema, table] => (Some(Name::new(schema)?), table),
        _ => return None,
    };
    if !reader.words("WHERE") {
        return None;
    }
    let condition = reader.until(|token| is_word(token, "ORDER") || is_word(token, "LIMIT"));
    let ordered = reader.words("ORDER BY");
    if ordered {
        order(&mut reader)?;
    }
    let limit = if reader.words("LIMIT") {
        Some(reader.whole()?)
    } else {
        None
    };
    let table = Name::new(table)?;
    reader.is_over().then_some(Delete {
        schema,
        table,
        condition,
        limit,
        ordered,
    })
}

fn order(reader: &mut Reader<'_, '_>) -> Option<()> {
    loop {
        reader.path()?;
        let _ = reader.words("ASC") || reader.words("DESC");
        if !reader.symbol(",") {
            return Some(());
        }
    }
}

/// Where one condition is an age and at most one is another.
fn by_age(delete: &Delete, event: &Event) -> Option<Purge> {
    let own = |path: &[&str]| own_column(path, delete, event);
    let all = condition::all(delete.condition, &own)?;
    let mut ages = all.iter().filter_map(Found::age);
    let age = ages.next()?;
    let ands: Vec<&And> = all.iter().filter_map(Found::and).collect();
    if ages.next().is_some() || ands.len() > 1 {
        return None;
    }
    let zone = match age.base {
        // A number of seconds since 1970 is the same in each zone.
        _ if age.unit != Unit::Time => Zone::UTC,
        Base::Now => Zone::named(&event.zone.name()?)?,
        Base::UtcNow => Zone::UTC,
        Base::Today | Base::UtcToday => return None,
    };
    let seasons = age.wall && age.base == Base::Now && has_seasons(event);
    let mut differences = vec![slot()];
    differences.extend(age.inclusive.then(|| inclusive(&age.column)));
    differences.extend(seasons.then(clocks));
    let rows = Rows {
        column: Some(age.column.clone()),
        older_than: Some(Span::seconds(u32::try_from(age.seconds).ok()?)),
        unit: age.unit,
        column_zone: zone,
        and: ands.first().map(|and| (*and).clone()),
        ..rows(delete)
    };
    let schema = delete.schema.clone();
    Some(Purge {
        schema,
        rows,
        differences,
    })
}

/// Where the condition as a whole means the same in a session of `run-job`.
fn by_condition(delete: &Delete, event: &Event) -> Option<Purge> {
    let own = |path: &[&str]| own_column(path, delete, event);
    let free = free::condition(delete.condition, event, &own)?;
    let mut told: Vec<String> = free.says_now.then(slot).into_iter().collect();
    told.push(
        "The condition stays as it is; run-job refuses it where no index leads to its rows, unless \
         the policy says accept_scan."
            .into(),
    );
    told.extend(differences::zone(event));
    let rows = Rows {
        free: Some(free.sql),
        ..rows(delete)
    };
    let schema = delete.schema.clone();
    Some(Purge {
        schema,
        rows,
        differences: told,
    })
}

/// The last part of a path, where the parts before it are the statement's own table.
fn own_column(path: &[&str], delete: &Delete, event: &Event) -> Option<Name> {
    let schema = delete.schema.as_ref().unwrap_or(&event.schema);
    let own = match path {
        [_] => true,
        [table, _] => *table == delete.table.as_str(),
        [first, table, _] => *first == schema.as_str() && *table == delete.table.as_str(),
        _ => false,
    };
    path.last()
        .filter(|_| own)
        .and_then(|column| Name::new(column))
}

/// Whether the clocks of its zone have changed since it was made, or are to change.
fn has_seasons(event: &Event) -> bool {
    let made = event.zone.moment(event.created);
    made.is_some_and(|made| event.zone.changes(made).next().is_some())
}

fn rows(delete: &Delete) -> Rows {
    Rows {
        table: delete.table.clone(),
        column: None,
        older_than: None,
        unit: Unit::Time,
        column_zone: Zone::UTC,
        and: None,
        free: None,
        accept_scan: false,
        children: Vec::new(),
        into: None,
        max_rows: None,
    }
}

fn slot() -> String {
    "The age is counted from the time of the schedule, and stays the same for the whole run; NOW() in \
     the EVENT was the time at which it began."
        .into()
}

fn inclusive(column: &Name) -> String {
    format!(
        "A row whose {column} is exactly of this age stays until the next run: the EVENT took it (<=)."
    )
}

fn clocks() -> String {
    "A day of the policy has 24 hours: while a change of the clocks lies within the age, the boundary \
     is an hour beside the EVENT's."
        .into()
}

fn dropped(delete: &Delete) -> Vec<String> {
    let limit = delete.limit.map(|limit| {
        format!(
            "LIMIT {limit} is left out: it kept the EVENT's one transaction small, and run-job works \
             in small steps until no such row is left."
        )
    });
    let order = delete
        .ordered
        .then(|| "ORDER BY is left out: run-job walks an index.".to_owned());
    limit.into_iter().chain(order).collect()
}
