//! What Lambda tells the caller about a failed invocation, in its own words.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use hyper::body::Bytes;

use super::api;

/// An error as Lambda reports it to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LambdaError {
    /// `Retryable`, `NonRetryable`, or Lambda's own such as `Sandbox.Timedout`.
    pub error_type: String,
    /// The message.
    pub error_message: String,
}

impl LambdaError {
    /// What the function posted.
    pub(super) fn reported(body: &Bytes) -> Self {
        let body = api::json(body);
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        Self {
            error_type: text("errorType"),
            error_message: text("errorMessage"),
        }
    }

    /// The process ended before it answered.
    pub(super) fn exited(request_id: &str, status: ExitStatus) -> Self {
        let how = match (status.signal(), status.code()) {
            (Some(9), _) => "with error: signal: killed".to_owned(),
            (Some(signal), _) => format!("with error: signal: {signal}"),
            (None, Some(code)) if code != 0 => format!("with error: exit status {code}"),
            _ => "without providing a reason".to_owned(),
        };
        Self {
            error_type: "Runtime.ExitError".to_owned(),
            error_message: format!("RequestId: {request_id} Error: Runtime exited {how}"),
        }
    }

    /// The process was killed at its deadline.
    pub(super) fn timed_out(request_id: &str, limit: Duration) -> Self {
        let seconds = limit.as_secs_f64();
        Self {
            error_type: "Sandbox.Timedout".to_owned(),
            error_message: format!(
                "RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds"
            ),
        }
    }
}
