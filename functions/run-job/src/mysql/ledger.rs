//! The ledger's statements.

use crate::database::{Begun, End, Holder, Ledger, NewRun, Pause, Place, RunId, Standing};
use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::JobName;

use super::Connected;

impl Ledger for Connected {
    async fn install(&mut self) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn standing(&mut self, _job: &JobName) -> Result<Option<Standing>, SqlError> {
        unimplemented!()
    }

    async fn begin(&mut self, _job: &JobName, _new: &NewRun) -> Result<Begun, SqlError> {
        unimplemented!()
    }

    async fn take_up(&mut self, _run: RunId, _holder: &Holder) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn put(
        &mut self,
        _run: RunId,
        _holder: &Holder,
        _place: &Place,
    ) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn end(&mut self, _run: RunId, _holder: &Holder, _end: &End) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn told(&mut self, _run: RunId) -> Result<(), SqlError> {
        unimplemented!()
    }

    async fn skip(
        &mut self,
        _job: &JobName,
        _slot: Timestamp,
        _at: Timestamp,
        _why: &str,
    ) -> Result<bool, SqlError> {
        unimplemented!()
    }

    async fn buffer(&mut self, _job: &JobName, _slot: Option<Timestamp>) -> Result<(), SqlError> {
        unimplemented!()
    }

    async fn paused(&mut self, _job: &JobName) -> Result<Option<Pause>, SqlError> {
        unimplemented!()
    }
}
