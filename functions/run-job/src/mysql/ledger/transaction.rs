//! Several changes, or none of them.

use aurora_sql::{Session, SqlError, Statement};

pub(super) async fn start(session: &mut Session) -> Result<(), SqlError> {
    let start = Statement::new("beginning a change of the ledger", "START TRANSACTION");
    session.execute(&start).await.map(drop)
}

/// Keeps what was done, where `done` says so; undoes it otherwise, and after an error. A session that
/// cannot undo it is over, and with it what it did.
pub(super) async fn finish<T>(
    session: &mut Session,
    done: Result<(bool, T), SqlError>,
) -> Result<T, SqlError> {
    match done {
        Ok((true, answer)) => {
            let commit = Statement::new("changing the ledger", "COMMIT");
            session.execute(&commit).await.map(|_| answer)
        }
        Ok((false, answer)) => undo(session).await.map(|()| answer),
        Err(error) => {
            let _ = undo(session).await;
            Err(error)
        }
    }
}

async fn undo(session: &mut Session) -> Result<(), SqlError> {
    let rollback = Statement::new("undoing a change of the ledger", "ROLLBACK");
    session.execute(&rollback).await.map(drop)
}
