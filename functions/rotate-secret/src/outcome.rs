//! What became of a statement.

use aurora_model::Outcome;
use aurora_sql::SqlError;

use crate::halt::Halt;

/// The password named as the primary one is not: nothing was changed.
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html#error_er_incorrect_current_password>
const NOT_PRIMARY: u16 = 3891;

/// Whether the password named as the primary one is not.
pub(crate) const fn not_primary(error: &SqlError) -> bool {
    matches!(error, SqlError::Refused { code, .. } if *code == NOT_PRIMARY)
}

pub(crate) const fn failed(detail: String, retry: bool) -> Outcome {
    Outcome::Failed { detail, retry }
}

/// What became of a statement that was answered like this.
pub(crate) fn of(answer: Result<(), SqlError>) -> Outcome {
    match answer {
        Ok(()) => Outcome::Done,
        Err(error) => failed(error.to_string(), error.retryable()),
    }
}

/// What became of an action that was not begun.
pub(crate) fn of_halt(halt: Halt) -> Outcome {
    match halt {
        Halt::Keep(_) | Halt::Rotated(_) => Outcome::AlreadyDone,
        Halt::Wait(detail) => Outcome::Busy { detail },
        Halt::Alert(detail) => failed(detail, false),
        Halt::Error(error) => failed(error.to_string(), error.retryable()),
    }
}
