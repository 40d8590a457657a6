//! Procedures and statements.

use crate::database::{Holder, Place, RunId, Supervised, Work};
use aurora_sql::SqlError;
use std::time::Duration;

use super::Connected;

impl Supervised for Connected {
    async fn work(&mut self, _work: Work<'_>, _budget: Duration) -> Result<u64, SqlError> {
        unimplemented!()
    }

    async fn work_noted(
        &mut self,
        _work: Work<'_>,
        _budget: Duration,
        _run: RunId,
        _holder: &Holder,
        _then: &Place,
    ) -> Result<Option<u64>, SqlError> {
        unimplemented!()
    }
}
