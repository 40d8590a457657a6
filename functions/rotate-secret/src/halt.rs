//! Why a step goes no further: said before anything is touched.

use std::fmt;

use aurora_model::Choice;
use aurora_sql::SqlError;
use handler::Error;

/// Why a step goes no further.
pub(crate) enum Halt {
    /// Something that the decision needs could not be read.
    Error(Error),
    /// It is as the policy wants already.
    Keep(String),
    /// The rotation is over: its version is AWSCURRENT.
    Rotated(String),
    /// Not now: Secrets Manager tries again.
    Wait(String),
    /// A person must act.
    Alert(String),
}

impl Halt {
    /// What a report makes of it.
    pub(crate) fn said<A>(self) -> Result<(Choice<A>, String), Error> {
        match self {
            Self::Error(error) => Err(error),
            Self::Keep(reason) | Self::Rotated(reason) => Ok((Choice::Keep, reason)),
            Self::Wait(reason) => Ok((Choice::Wait, reason)),
            Self::Alert(reason) => Ok((Choice::Alert, reason)),
        }
    }

    /// `what` could not be read from the database. A door that is shut needs a person; what may
    /// pass by itself is tried again.
    pub(crate) fn of_sql(what: &str, error: &SqlError) -> Self {
        let said = format!("{what}: {error}");
        if error.retryable() {
            Self::Wait(said)
        } else {
            Self::Alert(said)
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Keep(reason)
            | Self::Rotated(reason)
            | Self::Wait(reason)
            | Self::Alert(reason) => f.write_str(reason),
        }
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
