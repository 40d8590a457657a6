//! What can go wrong with a call, as the things a caller can do about it.

use aws_sdk_rds::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        create_db_cluster_snapshot::CreateDBClusterSnapshotError as Create,
        delete_db_cluster_snapshot::DeleteDBClusterSnapshotError as Delete,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::tries::Tries;

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation} of {subject}: {kind}{}", self.afterwards())]
pub struct ApiError {
    /// The API operation: `CreateDBClusterSnapshot`.
    pub operation: &'static str,
    /// What it was called for.
    pub subject: String,
    /// What went wrong.
    pub kind: Kind,
    /// Whether one of the tries was sent and not properly answered, so that it may have taken
    /// effect, whatever the last one was answered. Never of a call that only reads.
    pub unsure: bool,
}

/// The ways in which a call fails.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The account calls too often at present.
    #[error("throttled ({code}); the next run tries again")]
    Throttled {
        /// RDS's error code.
        code: String,
    },
    /// The function's role does not allow the call.
    #[error("not allowed ({message}); allow the call in the function's role")]
    Denied {
        /// RDS's sentence, which names the role, the action and the resource.
        message: String,
    },
    /// RDS could not be reached or did not answer properly; the call may have taken effect.
    #[error("no proper answer ({what})")]
    Unavailable {
        /// What was seen of it.
        what: String,
    },
    /// RDS refused the call.
    #[error("refused with {code}: {message}")]
    Refused {
        /// RDS's error code.
        code: String,
        /// RDS's sentence.
        message: String,
    },
}

impl ApiError {
    fn afterwards(&self) -> &'static str {
        if self.unsure {
            "; whether it took effect, the next run will see"
        } else {
            ""
        }
    }

    /// Whether trying again by itself may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(self.kind, Kind::Throttled { .. } | Kind::Unavailable { .. })
    }
}

/// A snapshot that was not created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateSnapshotError {
    /// A snapshot of this name exists.
    #[error("{0}")]
    AlreadyExists(ApiError),
    /// The cluster is not in a state in which snapshots can be taken.
    #[error("{0}")]
    InvalidClusterState(ApiError),
    /// The cluster is gone.
    #[error("{0}")]
    ClusterNotFound(ApiError),
    /// The account has as many manual cluster snapshots as it may have.
    #[error("{0}")]
    QuotaExceeded(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

/// A snapshot that was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteSnapshotError {
    /// It is gone already.
    #[error("{0}")]
    NotFound(ApiError),
    /// It is in use, or still being created.
    #[error("{0}")]
    InvalidState(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

type Sdk<E> = SdkError<E, HttpResponse>;

pub(crate) fn api<E>(operation: &'static str, subject: &str, error: &Sdk<E>) -> ApiError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    ApiError {
        operation,
        subject: subject.into(),
        kind: kind(error),
        unsure: false,
    }
}

/// The error of a call that changes something, whose tries were watched.
fn write<E>(operation: &'static str, subject: &str, tries: &Tries, error: &Sdk<E>) -> ApiError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    ApiError {
        unsure: tries.unsure(),
        ..api(operation, subject, error)
    }
}

pub(crate) fn create(subject: &str, tries: &Tries, error: &Sdk<Create>) -> CreateSnapshotError {
    let api = write("CreateDBClusterSnapshot", subject, tries, error);
    match error.as_service_error() {
        Some(Create::DbClusterSnapshotAlreadyExistsFault(_)) => {
            CreateSnapshotError::AlreadyExists(api)
        }
        Some(Create::InvalidDbClusterStateFault(_)) => {
            CreateSnapshotError::InvalidClusterState(api)
        }
        Some(Create::DbClusterNotFoundFault(_)) => CreateSnapshotError::ClusterNotFound(api),
        Some(Create::SnapshotQuotaExceededFault(_)) => CreateSnapshotError::QuotaExceeded(api),
        _ => CreateSnapshotError::Api(api),
    }
}

pub(crate) fn delete(subject: &str, tries: &Tries, error: &Sdk<Delete>) -> DeleteSnapshotError {
    let api = write("DeleteDBClusterSnapshot", subject, tries, error);
    match error.as_service_error() {
        Some(Delete::DbClusterSnapshotNotFoundFault(_)) => DeleteSnapshotError::NotFound(api),
        Some(Delete::InvalidDbClusterSnapshotStateFault(_)) => {
            DeleteSnapshotError::InvalidState(api)
        }
        _ => DeleteSnapshotError::Api(api),
    }
}

fn kind<E>(error: &Sdk<E>) -> Kind
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let (code, message) = (
                service.err().code().unwrap_or_default(),
                service.err().message(),
            );
            of_code(
                code,
                message.unwrap_or_default(),
                service.raw().status().as_u16(),
            )
        }
        SdkError::TimeoutError(_) => unavailable("it timed out"),
        SdkError::ResponseError(_) => unavailable("the answer was cut off or not understood"),
        other => unavailable(&root_cause(other)),
    }
}

/// The innermost error's words: of "dispatch failure: io error: connection refused", the last.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

/// A listing whose last page is not the last.
pub(crate) fn endless(operation: &'static str, subject: &str) -> ApiError {
    ApiError {
        operation,
        subject: subject.into(),
        kind: unavailable("a page names itself as the next one"),
        unsure: false,
    }
}

fn unavailable(what: &str) -> Kind {
    Kind::Unavailable { what: what.into() }
}

/// The codes AWS's SDKs retry as throttling.
const THROTTLED: [&str; 6] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "TooManyRequestsException",
];
/// The codes of a role that lacks a permission, or of credentials that do not work.
const DENIED: [&str; 5] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
];

fn of_code(code: &str, message: &str, status: u16) -> Kind {
    if THROTTLED.contains(&code) {
        Kind::Throttled { code: code.into() }
    } else if DENIED.contains(&code) {
        Kind::Denied {
            message: message.into(),
        }
    } else if status >= 500 || code.is_empty() {
        unavailable(format!("HTTP {status} {code}").trim_end())
    } else {
        Kind::Refused {
            code: code.into(),
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_decides_what_a_caller_can_do() {
        let retryable = |code: &str, status| {
            ApiError {
                operation: "o",
                subject: "s".into(),
                kind: of_code(code, "m", status),
                unsure: false,
            }
            .retryable()
        };
        for code in THROTTLED {
            assert!(retryable(code, 400), "{code}");
        }
        assert!(retryable("InternalFailure", 500));
        assert!(retryable("", 502));
        assert!(!retryable("AccessDenied", 403));
        assert!(!retryable("InvalidParameterValue", 400));
    }
}
