//! Partitions.

use crate::database::{Exchanged, Partition, Partitioned, Scheme};
use aurora_sql::SqlError;
use jobs::policy::Name;

use super::Connected;

impl Partitioned for Connected {
    async fn scheme(&mut self, _schema: &Name, _table: &Name) -> Result<Option<Scheme>, SqlError> {
        unimplemented!()
    }

    async fn has_rows(
        &mut self,
        _schema: &Name,
        _table: &Name,
        _partition: &str,
    ) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn add(
        &mut self,
        _schema: &Name,
        _table: &Name,
        _scheme: &Scheme,
        _new: &[Partition],
    ) -> Result<(), SqlError> {
        unimplemented!()
    }

    async fn drop_partition(
        &mut self,
        _schema: &Name,
        _table: &Name,
        _partition: &str,
    ) -> Result<(), SqlError> {
        unimplemented!()
    }

    async fn make_like(
        &mut self,
        _schema: &Name,
        _table: &Name,
        _archive: &Name,
        _name: &Name,
    ) -> Result<(), SqlError> {
        unimplemented!()
    }

    async fn exchange(
        &mut self,
        _schema: &Name,
        _table: &Name,
        _partition: &str,
        _archive: &Name,
        _name: &Name,
    ) -> Result<Exchanged, SqlError> {
        unimplemented!()
    }
}
