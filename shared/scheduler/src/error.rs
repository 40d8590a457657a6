//! What can go wrong with a change, as the things a caller can do about it.

use aws_sdk_scheduler::{
    error::SdkError, operation::update_schedule::UpdateScheduleError as Update,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::{ApiError, Tries, write_failed};

/// A schedule that was not changed, or not for sure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no such schedule, or no such group.
    #[error("{0}")]
    NotFound(ApiError),
    /// Somebody else is changing it at this moment.
    #[error("{0}")]
    Conflict(ApiError),
    /// Anything else. A role that lacks `iam:PassRole` for the role of the schedule's target is one.
    #[error("{0}")]
    Api(ApiError),
}

impl WriteError {
    /// What was answered.
    #[must_use]
    pub const fn api(&self) -> &ApiError {
        match self {
            Self::NotFound(api) | Self::Conflict(api) | Self::Api(api) => api,
        }
    }

    /// Whether trying again by itself may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::NotFound(_) => false,
            Self::Conflict(_) => true,
            Self::Api(api) => api.retryable(),
        }
    }

    /// Whether the call may have taken effect all the same.
    #[must_use]
    pub const fn unsure(&self) -> bool {
        self.api().unsure
    }
}

pub(crate) fn update(
    subject: &str,
    tries: &Tries,
    error: &SdkError<Update, HttpResponse>,
) -> WriteError {
    let api = write_failed("UpdateSchedule", subject, tries, error);
    match error.as_service_error() {
        Some(Update::ResourceNotFoundException(_)) => WriteError::NotFound(api),
        Some(Update::ConflictException(_)) => WriteError::Conflict(api),
        _ => WriteError::Api(api),
    }
}
