//! Asynchronous invocation: how EventBridge and Scheduler call a function.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Invocation, Lambda};

/// An event that was tried until it went well, or three times.
#[derive(Debug)]
pub struct AsyncInvocation {
    /// The attempts in order.
    pub attempts: Vec<Invocation>,
    /// What Lambda sends to the on-failure destination, if all of them failed.
    pub on_failure: Option<Value>,
}

impl AsyncInvocation {
    /// The last attempt, whose result counts.
    #[must_use]
    pub fn last(&self) -> &Invocation {
        self.attempts.last().expect("there is a first attempt")
    }
}

impl Lambda {
    /// Invokes the function as Lambda does with an event from its queue: twice
    /// more after an error, with the same request id, then the on-failure
    /// record. Lambda's pauses of one and two minutes are left out.
    pub async fn invoke_async(&self, payload: &Value, limit: Duration) -> AsyncInvocation {
        let request_id = Self::new_request_id();
        let mut attempts = Vec::new();
        loop {
            let attempt = self.attempt(&request_id, payload, limit).await;
            let failed = attempt.result.is_err();
            attempts.push(attempt);
            if !failed || attempts.len() == 3 {
                break;
            }
        }
        let on_failure = self.on_failure(&request_id, payload, &attempts);
        AsyncInvocation {
            attempts,
            on_failure,
        }
    }

    fn on_failure(&self, id: &str, payload: &Value, attempts: &[Invocation]) -> Option<Value> {
        let error = attempts.last()?.result.as_ref().err()?;
        Some(json!({
            "version": "1.0",
            "timestamp": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "requestContext": {
                "requestId": id,
                "functionArn": format!("{}:$LATEST", self.arn()),
                "condition": "RetriesExhausted",
                "approximateInvokeCount": attempts.len(),
            },
            "requestPayload": payload,
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "responsePayload": {
                "errorType": error.error_type,
                "errorMessage": error.error_message,
            },
        }))
    }
}
