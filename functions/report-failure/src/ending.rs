//! How a run ended, from what Lambda and the function said last.

mod words;

use handler::trigger::FailureRecord;
use serde_json::Value;

/// The ways in which a run ends without a report.
/// <https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Cut off at the function's time-out.
    TimedOut { after: String },
    /// The function's memory was used up.
    OutOfMemory,
    /// The process ended in the middle of its work.
    Crashed { how: String },
    /// The function answered with an error; of ours it is known whether a retry may help.
    Failed {
        message: String,
        retryable: Option<bool>,
    },
    /// It could not be started for so long that the event was too old.
    Throttled,
    /// Its reserved concurrency is 0.
    SwitchedOff,
    /// It does not exist.
    Gone,
    /// Lambda took it for a loop.
    Loop,
    /// Something Lambda has introduced since this was written.
    GivenUp { condition: String },
}

impl Ending {
    pub(crate) fn of(record: &FailureRecord) -> Self {
        let said = |field: &str| record.response.get(field).and_then(Value::as_str);
        let (error_type, message) = (said("errorType"), said("errorMessage"));
        match (record.condition.as_str(), record.status) {
            ("ZeroReservedConcurrency", _) => Self::SwitchedOff,
            ("EventAgeExceeded", _) if record.attempts == 0 => Self::Throttled,
            ("RecursiveInvocation", _) => Self::Loop,
            (_, Some(404)) => Self::Gone,
            (_, Some(429)) => Self::Throttled,
            _ => match (error_type, message) {
                (None, None) => Self::GivenUp {
                    condition: record.condition.clone(),
                },
                (error_type, message) => {
                    let message = after_request_id(message.unwrap_or_default());
                    Self::of_error(error_type.unwrap_or_default(), message)
                }
            },
        }
    }

    /// Older runtimes give no type; then Lambda's sentence has to tell.
    fn of_error(error_type: &str, message: &str) -> Self {
        let timed_out = message.split_once("Task timed out after ");
        let exited = message
            .strip_prefix("Runtime exited with error: ")
            .or_else(|| message.strip_prefix("Runtime exited "));
        match (error_type, timed_out, exited) {
            ("Sandbox.Timedout", _, _) | ("", Some(_), _) => Self::TimedOut {
                after: timed_out.map_or_else(String::new, |(_, after)| seconds(after)),
            },
            ("Runtime.OutOfMemory", _, _) => Self::OutOfMemory,
            ("Runtime.ExitError" | "", _, Some(how)) => Self::Crashed { how: how.into() },
            ("Runtime.ExitError", ..) => Self::Crashed {
                how: message.into(),
            },
            ("Retryable", ..) => Self::failed(message, Some(true)),
            ("NonRetryable", ..) => Self::failed(message, Some(false)),
            // The name of a Rust type tells nobody anything.
            (named, ..) if !named.is_empty() && !named.contains("::") => {
                Self::failed(&format!("{named}: {message}"), None)
            }
            _ => Self::failed(message, None),
        }
    }

    fn failed(message: &str, retryable: Option<bool>) -> Self {
        Self::Failed {
            message: message.into(),
            retryable,
        }
    }
}

/// Lambda's own messages begin with `RequestId: <id> Error: `; the mail names the request below.
fn after_request_id(message: &str) -> &str {
    let after = message
        .strip_prefix("RequestId: ")
        .and_then(|rest| rest.split_once(' '));
    after.map_or(message, |(_, rest)| {
        rest.strip_prefix("Error: ").unwrap_or(rest)
    })
}

/// Of `60.00 seconds`: ` after 60 s`.
fn seconds(after: &str) -> String {
    let number = after.split(' ').next().unwrap_or_default();
    let number = number.strip_suffix(".00").unwrap_or(number);
    format!(" after {number} s")
}
