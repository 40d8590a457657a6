//! What can go wrong with a call, as the things a caller can do about it.

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::Tries;

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
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html>
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The account calls too often at present.
    #[error("throttled ({code}); the next run tries again")]
    Throttled {
        /// The service's error code.
        code: String,
    },
    /// The function's role does not allow the call.
    #[error("not allowed ({message}); allow the call in the function's role")]
    Denied {
        /// The service's sentence, which names the role, the action and the resource.
        message: String,
    },
    /// The service could not be reached or did not answer properly; the call may have taken effect.
    #[error("no proper answer ({what})")]
    Unavailable {
        /// What was seen of it.
        what: String,
    },
    /// The service refused the call.
    #[error("refused with {code}: {message}")]
    Refused {
        /// The service's error code.
        code: String,
        /// The service's sentence.
        message: String,
    },
    /// The service answered well, and by its own answer did not do what it was asked.
    #[error("answered and not done ({what})")]
    NotDone {
        /// What it left as it was, and what a person can do about it.
        what: String,
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

/// The error of a call that only reads.
pub fn read_failed<E>(
    operation: &'static str,
    subject: &str,
    error: &SdkError<E, HttpResponse>,
) -> ApiError
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
pub fn write_failed<E>(
    operation: &'static str,
    subject: &str,
    tries: &Tries,
    error: &SdkError<E, HttpResponse>,
) -> ApiError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    ApiError {
        unsure: tries.unsure(),
        ..read_failed(operation, subject, error)
    }
}

/// An answer to a call that only reads which lacks what it must have.
#[must_use]
pub fn no_answer(operation: &'static str, subject: &str, what: &str) -> ApiError {
    ApiError {
        operation,
        subject: subject.into(),
        kind: unavailable(what),
        unsure: false,
    }
}

/// A listing whose last page is not the last.
#[must_use]
pub fn endless(operation: &'static str, subject: &str) -> ApiError {
    no_answer(operation, subject, "a page names itself as the next one")
}

fn kind<E>(error: &SdkError<E, HttpResponse>) -> Kind
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
/// The codes of a role that lacks a permission, or of credentials that do not work, as the XML
/// services spell them and as the JSON services do.
const DENIED: [&str; 7] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
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

    fn failed(code: &str, status: u16) -> ApiError {
        ApiError {
            operation: "o",
            subject: "s".into(),
            kind: of_code(code, "m", status),
            unsure: false,
        }
    }

    #[test]
    fn a_code_decides_what_a_caller_can_do() {
        for code in THROTTLED {
            assert!(failed(code, 400).retryable(), "{code}");
        }
        assert!(failed("InternalFailure", 500).retryable());
        assert!(failed("", 502).retryable());
        assert!(!failed("AccessDenied", 403).retryable());
        assert!(!failed("InvalidParameterValue", 400).retryable());
    }

    #[test]
    fn credentials_that_do_not_work_are_a_matter_of_the_role() {
        for code in DENIED {
            let kind = failed(code, 400).kind;
            assert!(matches!(kind, Kind::Denied { .. }), "{code}");
        }
    }

    #[test]
    fn an_error_names_the_call_the_thing_and_the_reason() {
        insta::assert_snapshot!(failed("InvalidParameterValue", 400), @"o of s: refused with InvalidParameterValue: m");
        let unsure = ApiError {
            unsure: true,
            ..failed("InternalFailure", 500)
        };
        insta::assert_snapshot!(unsure, @"o of s: no proper answer (HTTP 500 InternalFailure); whether it took effect, the next run will see");
        insta::assert_snapshot!(endless("DescribeEvents", "all"), @"DescribeEvents of all: no proper answer (a page names itself as the next one)");
    }
}
