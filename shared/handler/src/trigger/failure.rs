//! The record Lambda sends to an on-failure destination when it gives an event up.

use serde::Deserialize;
use serde_json::Value;

use super::{Cause, Trigger, TriggerError, read, time};

/// An asynchronous invocation that Lambda gave up.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
#[derive(Clone, Debug, PartialEq)]
pub struct FailureRecord {
    /// The ARN of the function that failed, with its version or alias.
    pub function_arn: String,
    /// The request's id, by which its log lines are found.
    pub request_id: String,
    /// `RetriesExhausted`, `EventAgeExceeded`, or a condition Lambda has introduced since.
    pub condition: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What the function was sent.
    pub request: Value,
    /// Lambda's own answer to the last try: 200 when the function ran, 429 when it was throttled;
    /// nothing when it was never tried.
    pub status: Option<u16>,
    /// `Unhandled`, when the function ran and failed.
    pub function_error: Option<String>,
    /// The function's last answer: `errorType` and `errorMessage`.
    pub response: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    timestamp: String,
    request_context: RequestContext,
    #[serde(default)]
    request_payload: Value,
    response_context: Option<ResponseContext>,
    #[serde(default)]
    response_payload: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    request_id: String,
    function_arn: String,
    condition: String,
    approximate_invoke_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseContext {
    status_code: Option<u16>,
    function_error: Option<String>,
}

pub(super) fn record(event: &Value, path: &str) -> Result<Trigger, TriggerError> {
    let Record {
        timestamp,
        request_context,
        request_payload,
        response_context,
        response_payload,
    } = read(event, path)?;
    let (status, function_error) = response_context.map_or((None, None), |context| {
        (context.status_code, context.function_error)
    });
    let record = FailureRecord {
        function_arn: request_context.function_arn,
        request_id: request_context.request_id.clone(),
        condition: request_context.condition,
        attempts: request_context.approximate_invoke_count,
        request: request_payload,
        status,
        function_error,
        response: response_payload,
    };
    let time = time(&timestamp, format!("{path}.timestamp"))?;
    Ok(Trigger {
        time,
        id: request_context.request_id,
        cause: Cause::Failure(Box::new(record)),
    })
}
