//! Why something goes no further.

use aurora_model::Choice;
use aurora_sql::SqlError;
use handler::Error;

use crate::decide::words;

/// Why something goes no further.
pub(crate) enum Halt {
    /// Something could not be read.
    Error(Error),
    /// The database did not answer as it should.
    Sql(SqlError),
    /// The job's lock was not had.
    Locked,
    /// Not now: the next tick.
    Wait(String),
    /// A person must act.
    Alert(String),
}

impl Halt {
    /// Whether trying again by itself may help.
    pub(super) const fn passes(&self) -> bool {
        match self {
            Self::Sql(error) => error.retryable(),
            Self::Error(error) => error.retryable(),
            Self::Locked => true,
            Self::Wait(_) | Self::Alert(_) => false,
        }
    }

    /// What a report makes of it. Where a schedule woke the function, what may pass is for Lambda to
    /// try again: nothing in the ledger says yet that it fired.
    pub(super) fn said<A>(self, scheduled: bool) -> Result<(Choice<A>, String), Error> {
        match self {
            Self::Error(error) => Err(error),
            Self::Sql(error) if scheduled && error.retryable() => Err(Error::Observe {
                what: "where the job stands",
                retry: true,
                source: Box::new(error),
            }),
            Self::Sql(error) if !error.retryable() => Ok((Choice::Alert, error.to_string())),
            Self::Alert(reason) => Ok((Choice::Alert, reason)),
            passing => Ok((Choice::Wait, passing.to_string())),
        }
    }
}

impl std::fmt::Display for Halt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Sql(error) => error.fmt(f),
            Self::Locked => f.write_str(words::LOCKED),
            Self::Wait(reason) | Self::Alert(reason) => f.write_str(reason),
        }
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<SqlError> for Halt {
    fn from(error: SqlError) -> Self {
        Self::Sql(error)
    }
}
