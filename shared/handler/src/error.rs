//! Why a run ended without a report, and whether trying again helps.

use lambda_runtime::Diagnostic;

use crate::{PolicyError, TriggerError, inbox::InboxError};

/// An environment variable with a value that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name}: {problem}")]
pub struct EnvironmentError {
    name: &'static str,
    problem: String,
}

impl EnvironmentError {
    /// A problem with the value of the variable called `name`.
    #[must_use]
    pub const fn new(name: &'static str, problem: String) -> Self {
        Self { name, problem }
    }
}

/// Why a run ended without having done what it was woken for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The function is configured wrongly.
    #[error("{0}. Correct the function's configuration; nothing was touched.")]
    Environment(#[from] EnvironmentError),
    /// The policy cannot be followed.
    #[error("{0}. Correct the policy; nothing was touched.")]
    Policy(#[from] PolicyError),
    /// The trigger cannot be understood.
    #[error("{0}. Correct the trigger's payload; nothing was touched.")]
    Trigger(#[from] TriggerError),
    /// What the decision needs could not be read, so nothing was decided.
    #[error("reading {what}: {source}. Nothing was touched.")]
    Observe {
        /// What was being read.
        what: &'static str,
        /// Whether trying again may help.
        retry: bool,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The run has reported, but part of it failed in a way that a retry may cure.
    #[error("{headline}. First failure: {first}")]
    Unfinished {
        /// The report's headline.
        headline: String,
        /// What the first failure was.
        first: String,
    },
    /// A step of a rotation has reported, but is not done: Secrets Manager must not go on to the
    /// next one.
    #[error("{headline}. {why}")]
    Rotation {
        /// The report's headline.
        headline: String,
        /// What the step lacks, and where a person must act, what to do.
        why: String,
        /// Whether trying again may help.
        retry: bool,
    },
    /// The run is over, but nobody could be told, and telling was all it was for.
    #[error("nobody was told: {0}")]
    Untold(#[from] InboxError),
}

impl Error {
    /// Whether Lambda's own retry may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Environment(_) | Self::Policy(_) | Self::Trigger(_) => false,
            Self::Observe { retry, .. } | Self::Rotation { retry, .. } => *retry,
            Self::Unfinished { .. } => true,
            Self::Untold(error) => error.retryable(),
        }
    }

    /// The name under which Lambda, its metrics and its alarms know this kind of error.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        if self.retryable() {
            "Retryable"
        } else {
            "NonRetryable"
        }
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Self {
            error_type: error.type_name().into(),
            error_message: error.to_string(),
        }
    }
}
