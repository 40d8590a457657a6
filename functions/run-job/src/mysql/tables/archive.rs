//! Copies of rows, proven before the rows go.

use aurora_sql::{Session, SqlError, Statement};

use super::{
    checksum::{self, Sum},
    spell::{self, between, listed},
};
use crate::database::{Column, Range, Table, Walk};

/// The columns that are copied. The others are computed.
pub(super) fn columns(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| !column.generated)
}

/// Copies the stretch's rows: how many.
pub(super) async fn copy(
    session: &mut Session,
    walk: &Walk<'_>,
    into: &Table,
    range: &Range,
) -> Result<u64, SqlError> {
    // Else a row with the number 0 would get another where the archive counts its rows by itself.
    let sql = Statement::new("copying the rows", "INSERT /*+ ").sql(spell::ZEROS);
    let sql = sql.sql(" */ INTO ");
    let sql = spell::table(sql, into).sql(" (");
    let sql = listed(sql, columns(walk.table), |sql, column| {
        sql.identifier(column.name.identifier())
    });
    let sql = listed(sql.sql(") SELECT "), columns(walk.table), |sql, column| {
        spell::column(sql, walk.table, &column.name)
    });
    let sql = spell::forced(sql.sql(" FROM "), walk);
    session.execute(&spell::stretch(sql, walk, range)).await
}

/// What the archive has of the stretch's rows, found by the primary key of each.
pub(super) async fn copies(
    session: &mut Session,
    walk: &Walk<'_>,
    into: &Table,
    range: &Range,
) -> Result<Sum, SqlError> {
    let key = || {
        walk.table
            .primary()
            .into_iter()
            .flat_map(|key| key.columns.iter().enumerate())
    };
    let sql = Statement::new("proving the copies", checksum::ANSWER);
    let sql = checksum::of_row(sql, columns(walk.table), |sql, column| {
        sql.sql("`copy`.").identifier(column.name.identifier())
    });
    let sql = listed(
        sql.sql(checksum::END).sql(" FROM (SELECT "),
        key(),
        |sql, (at, name)| spell::column(sql, walk.table, name).spelled(&format!(" AS `c{at}`")),
    );
    let sql = spell::forced(sql.sql(" FROM "), walk);
    let sql = spell::stretch(sql, walk, range).sql(") AS `row` STRAIGHT_JOIN ");
    let sql = spell::table(sql, into).sql(" AS `copy` ON ");
    let sql = between(sql, " AND ", key(), |sql, (at, name)| {
        let sql = sql.sql("`copy`.").identifier(name.identifier());
        sql.spelled(&format!(" = `row`.`c{at}`"))
    });
    checksum::read(&session.query(&sql).await?, &sql)
}
