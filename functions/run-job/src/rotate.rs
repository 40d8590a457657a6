//! Adds partitions ahead and takes away those past their age.

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::Job;

use crate::{
    database::Database,
    turn::{Ended, Outlook, Turn},
};

/// What the job would do now; nothing is changed.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look<D: Database>(
    _session: &mut D::Session,
    _job: &Job,
    _slot: Timestamp,
) -> Result<Outlook, SqlError> {
    std::future::ready(()).await;
    unimplemented!()
}

/// Goes on with the run until it is through or its turn ends.
pub async fn go_on<D: Database>(_turn: &mut Turn<'_, D>) -> Ended {
    std::future::ready(()).await;
    unimplemented!()
}
