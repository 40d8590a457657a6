//! Tables, walked and emptied.

use crate::database::{Done, Estimate, Key, Step, Table, Tables, Walk};
use aurora_sql::SqlError;
use jobs::policy::Name;

use super::Connected;

impl Tables for Connected {
    async fn table(&mut self, _schema: &Name, _table: &Name) -> Result<Option<Table>, SqlError> {
        unimplemented!()
    }

    async fn estimate(&mut self, _walk: &Walk<'_>) -> Result<Estimate, SqlError> {
        unimplemented!()
    }

    async fn boundary(
        &mut self,
        _walk: &Walk<'_>,
        _after: Option<&Key>,
        _rows: u32,
    ) -> Result<Option<Key>, SqlError> {
        unimplemented!()
    }

    async fn step(&mut self, _walk: &Walk<'_>, _step: &Step<'_>) -> Result<Done, SqlError> {
        unimplemented!()
    }
}
