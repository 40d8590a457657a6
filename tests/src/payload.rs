//! The payloads that wake a function.

use jiff::Timestamp;
use serde_json::{Value, json};

/// This moment, for triggers that are not to be expired.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// What EventBridge Scheduler sends, its context attributes filled in, for a
/// schedule that was due at `time`.
#[must_use]
pub fn scheduled(policy: &Value, time: Timestamp) -> Value {
    json!({
        "policy": policy,
        "event": {
            "scheduled_time": seconds(time),
            "schedule_arn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightly",
            "execution_id": "d32c5kddcf5bb8c3",
            "attempt_number": "1",
        },
    })
}

/// What an EventBridge rule's input transformer makes of an event.
#[must_use]
pub fn from_rule(policy: &Value, event: &Value) -> Value {
    json!({"policy": policy, "event": event})
}

/// What a scheduled EventBridge rule sends by itself.
#[must_use]
pub fn scheduled_event(time: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": seconds(time),
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/nightly"],
        "detail": {},
    })
}

/// AWS writes whole seconds.
fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
