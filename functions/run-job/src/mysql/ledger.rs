//! The ledger's statements. Times are UTC: a session's time zone is UTC, and the client writes them.

mod end;
mod install;
mod read;
mod times;
mod transaction;
mod write;

use aurora_sql::{Row, SqlError};
use jiff::Timestamp;
use jobs::JobName;

use super::Connected;
use crate::database::{Begun, End, Holder, Ledger, NewRun, Pause, Place, RunId, Skip, Standing};

/// MySQL's number for a row that is there already.
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html#error_er_dup_entry>
const DUPLICATE: u16 = 1062;

impl Ledger for Connected {
    async fn install(&mut self) -> Result<bool, SqlError> {
        install::install(&mut self.session).await
    }

    async fn standing(&mut self, job: &JobName) -> Result<Option<Standing>, SqlError> {
        if !install::of_our_version(&mut self.session).await? {
            return Ok(None);
        }
        read::standing(&mut self.session, job).await.map(Some)
    }

    async fn begin(&mut self, job: &JobName, new: &NewRun) -> Result<Begun, SqlError> {
        write::begin(&mut self.session, job, new).await
    }

    async fn take_up(&mut self, run: RunId, holder: &Holder) -> Result<bool, SqlError> {
        write::take_up(&mut self.session, run, holder).await
    }

    async fn put(&mut self, run: RunId, holder: &Holder, place: &Place) -> Result<bool, SqlError> {
        write::put(&mut self.session, run, holder, place).await
    }

    async fn end(&mut self, run: RunId, holder: &Holder, end: &End) -> Result<bool, SqlError> {
        end::end(&mut self.session, run, holder, end).await
    }

    async fn told(&mut self, run: RunId) -> Result<(), SqlError> {
        write::told(&mut self.session, run).await
    }

    async fn skip(&mut self, job: &JobName, skip: &Skip) -> Result<bool, SqlError> {
        end::skip(&mut self.session, job, skip).await
    }

    async fn buffer(&mut self, job: &JobName, slot: Option<Timestamp>) -> Result<(), SqlError> {
        write::buffer(&mut self.session, job, slot).await
    }

    async fn prove(&mut self, job: &JobName, at: Timestamp, proof: &str) -> Result<(), SqlError> {
        write::prove(&mut self.session, job, at, proof).await
    }

    async fn paused(&mut self, job: &JobName) -> Result<Option<Pause>, SqlError> {
        read::paused(&mut self.session, job).await
    }
}

/// Whether the server refused a row because it is there already.
const fn duplicate(error: &SqlError) -> bool {
    matches!(error, SqlError::Refused { code, .. } if *code == DUPLICATE)
}

/// An answer that is not as expected, with the client's number for it.
fn odd(what: &str) -> SqlError {
    SqlError::odd_answer(what)
}

/// A number of a column that has no sign.
fn number<T: TryFrom<i128>>(row: &Row, column: usize, what: &str) -> Result<T, SqlError> {
    let number = row.integer(column)?.ok_or_else(|| odd(what))?;
    T::try_from(number).map_err(|_| odd(what))
}
