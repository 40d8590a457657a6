//! Rows of other tables that go before the rows they belong to.

use aurora_sql::{Session, SqlError, Statement};
use jobs::policy::Name;

use super::spell::{self, between, listed};
use crate::database::{Kin, Range, Walk};

/// What became of the children.
pub(super) struct Swept {
    /// How many are gone.
    pub gone: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// Deletes at most `most` rows that belong to the stretch's rows, grandchildren before children.
pub(super) async fn sweep(
    session: &mut Session,
    walk: &Walk<'_>,
    range: &Range,
    most: u64,
) -> Result<Swept, SqlError> {
    let mut gone = 0;
    for chain in chains(walk.children) {
        let left = most.saturating_sub(gone);
        if left == 0 {
            return Ok(Swept { gone, more: true });
        }
        let deleted = session.execute(&delete(walk, range, &chain, left)).await?;
        gone += deleted;
        if deleted >= left {
            return Ok(Swept { gone, more: true });
        }
    }
    Ok(Swept { gone, more: false })
}

/// Every table with those between it and the walk's, which is left out; the deepest first.
fn chains(children: &[Kin]) -> Vec<Vec<&Kin>> {
    let each = children.iter().flat_map(|kin| {
        let below = chains(&kin.children).into_iter();
        let mut chains: Vec<Vec<&Kin>> = below
            .map(|chain| [kin].into_iter().chain(chain).collect())
            .collect();
        chains.push(vec![kin]);
        chains
    });
    each.collect()
}

/// The rows are found first, and deleted by their primary key: a `DELETE` of several tables takes
/// no `LIMIT`, and one of a single table does not begin with the parents.
fn delete(walk: &Walk<'_>, range: &Range, chain: &[&Kin], most: u64) -> Statement {
    let sql = Statement::new("deleting children", "DELETE /*+ ")
        .sql(spell::ZEROS)
        .sql(" */ ");
    let Some((child, key)) = chain
        .last()
        .and_then(|kin| Some((*kin, kin.table.primary()?)))
    else {
        return sql;
    };
    let deepest = chain.len();
    let sql = spell::table(sql, &child.table).sql(" FROM (SELECT ");
    let sql = listed(sql, key.columns.iter().enumerate(), |sql, (at, name)| {
        named(
            aliased(sql, deepest).sql(".").identifier(name.identifier()),
            at,
        )
    });
    let sql = parents(sql.sql(" FROM ("), walk, range, chain).sql(") AS `k0`");
    let sql = chain
        .iter()
        .enumerate()
        .fold(sql, |sql, (at, kin)| joined(sql, at, kin));
    let sql = sql.sql(" LIMIT ?) AS `gone` STRAIGHT_JOIN ").bind(most);
    let sql = spell::table(sql, &child.table).sql(" ON ");
    between(
        sql,
        " AND ",
        key.columns.iter().enumerate(),
        |sql, (at, name)| {
            let sql = spell::column(sql, &child.table, name).sql(" = `gone`.");
            alias(sql, at)
        },
    )
}

/// The stretch's rows with the columns that children refer to.
fn parents(sql: Statement, walk: &Walk<'_>, range: &Range, chain: &[&Kin]) -> Statement {
    let references: &[Name] = chain.first().map_or(&[], |kin| &kin.references);
    let sql = listed(
        sql.sql("SELECT "),
        references.iter().enumerate(),
        |sql, (at, name)| named(spell::column(sql, walk.table, name), at),
    );
    spell::stretch(spell::forced(sql.sql(" FROM "), walk), walk, range)
}

/// The `at`-th table of the chain, joined to the one before.
fn joined(sql: Statement, at: usize, kin: &Kin) -> Statement {
    let sql = spell::table(sql.sql(" STRAIGHT_JOIN "), &kin.table).sql(" AS ");
    let sql = aliased(sql, at + 1).sql(" ON ");
    let pairs = kin.columns.iter().zip(&kin.references).enumerate();
    between(sql, " AND ", pairs, |sql, (number, (column, reference))| {
        let sql = aliased(sql, at + 1)
            .sql(".")
            .identifier(column.identifier());
        let sql = aliased(sql.sql(" = "), at).sql(".");
        // The walk's table comes with its columns renamed.
        if at == 0 {
            alias(sql, number)
        } else {
            sql.identifier(reference.identifier())
        }
    })
}

fn aliased(sql: Statement, at: usize) -> Statement {
    sql.spelled(&format!("`k{at}`"))
}

fn alias(sql: Statement, at: usize) -> Statement {
    sql.spelled(&format!("`c{at}`"))
}

fn named(sql: Statement, at: usize) -> Statement {
    alias(sql.sql(" AS "), at)
}
