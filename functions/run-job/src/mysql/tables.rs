//! Tables, walked and emptied.

mod archive;
mod checksum;
mod children;
mod cursor;
mod describe;
mod explain;
mod spell;
mod step;

use aurora_sql::{SqlError, Statement};
use jobs::policy::Name;

use super::Connected;
use crate::database::{Done, Estimate, Key, Step, Table, Tables, Walk};

impl Tables for Connected {
    async fn table(&mut self, schema: &Name, table: &Name) -> Result<Option<Table>, SqlError> {
        describe::table(&mut self.session, schema, table).await
    }

    async fn estimate(&mut self, walk: &Walk<'_>) -> Result<Estimate, SqlError> {
        explain::estimate(&mut self.session, walk).await
    }

    async fn boundary(
        &mut self,
        walk: &Walk<'_>,
        after: Option<&Key>,
        rows: u32,
    ) -> Result<Option<Key>, SqlError> {
        let select = Statement::new("looking for the end of a step", "SELECT ");
        let select = cursor::select(select, walk).sql(" FROM ");
        let mut wheres = spell::Wheres::new(spell::forced(select, walk));
        wheres = wheres.and_by_index(walk);
        if let Some(after) = after {
            wheres = wheres.and(|sql| cursor::behind(sql, walk, after));
        }
        let sql = wheres.done().sql(" ORDER BY ");
        let sql = cursor::names(sql, walk).sql(" LIMIT 1 OFFSET ?");
        let sql = sql.bind(u64::from(rows).saturating_sub(1));
        let found = self.session.query(&sql).await?;
        found.first().map(|row| cursor::read(row, walk)).transpose()
    }

    async fn step(&mut self, walk: &Walk<'_>, step: &Step<'_>) -> Result<Done, SqlError> {
        step::step(&mut self.session, walk, step).await
    }
}
