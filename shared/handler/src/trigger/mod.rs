//! What woke a function. Foreign JSON becomes plain data here; functions never see it.

mod alarm;
mod eventbridge;
mod failure;
mod rotation;
#[cfg(test)]
mod tests;

use aurora_model::report::{TICK, TriggerRef};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::policy::in_our_words;

pub use alarm::{Alarm, AlarmChild, AlarmMetric};
pub use aurora_model::AlarmState;
pub use eventbridge::{ApiCall, RdsEvent};
pub use failure::FailureRecord;
pub(crate) use rotation::waiting;
pub use rotation::{RotationStep, Step};

/// What woke a function, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Its time, the same over retries and duplicates; every derived name comes from it. A step
    /// of a rotation has none of its own: then it is when the invocation began, and what is
    /// derived comes from the version's id instead.
    pub time: Timestamp,
    /// What identifies it.
    pub id: String,
    /// What it was.
    pub cause: Cause,
}

/// The kinds of trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// A schedule of EventBridge Scheduler, or a scheduled EventBridge rule.
    Schedule,
    /// A later schedule of the same, the net under what the first could not do. What it finds
    /// unchanged has been told of by the first.
    Tick,
    /// Something happened to an RDS resource.
    RdsEvent(RdsEvent),
    /// Somebody called the RDS API, as `CloudTrail` saw it.
    ApiCall(ApiCall),
    /// A CloudWatch alarm changed its state.
    Alarm(Alarm),
    /// An asynchronous invocation of another function failed for good.
    Failure(Box<FailureRecord>),
    /// Secrets Manager rotates a secret and waits for the answer.
    Rotation(RotationStep),
}

impl Trigger {
    /// The error of a function that this kind of trigger says nothing to.
    #[must_use]
    pub fn unexpected(&self, expected: &str) -> TriggerError {
        TriggerError::new(
            "event",
            format!("expected {expected}, got {}", self.reference().kind),
        )
    }

    /// How a report names it.
    #[must_use]
    pub fn reference(&self) -> TriggerRef {
        let kind = match &self.cause {
            Cause::Schedule => "schedule",
            Cause::Tick => TICK,
            Cause::RdsEvent(_) => "rds-event",
            Cause::ApiCall(_) => "api-call",
            Cause::Alarm(_) => "alarm",
            Cause::Failure(_) => "failure",
            Cause::Rotation(step) => step.kind(),
        };
        TriggerRef {
            kind,
            id: self.id.clone(),
            time: self.time,
        }
    }
}

/// A payload that is not a trigger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct TriggerError {
    /// The field, from the payload's root on.
    pub path: String,
    /// What was expected there and what was found.
    pub problem: String,
}

impl TriggerError {
    pub(crate) fn in_the_future(time: Timestamp, now: Timestamp) -> Self {
        Self::new(
            "the trigger's time",
            format!("{time} is in the future; now it is {now}"),
        )
    }

    fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }
}

/// A payload taken apart: the trigger, and the policy if the payload brings one.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// What woke the function.
    pub trigger: Trigger,
    /// The policy, unread.
    pub policy: Option<Value>,
}

/// Takes a payload apart: Nightshift's envelope `{"policy": {…}, "event": {…}}`, with
/// `"tick": true` for the schedule that is the net under another, or one whose form AWS fixes.
/// A trigger that says no time of its own has that of its arrival, `now`.
///
/// # Errors
/// Names the field that is missing, unknown or not what it should be.
pub fn parse(payload: &Value, now: Timestamp) -> Result<Payload, TriggerError> {
    let Some(object) = payload.as_object() else {
        return Err(TriggerError::new(
            "payload",
            "expected an object with \"policy\" and \"event\"",
        ));
    };
    if !object.contains_key("policy") && !object.contains_key("event") {
        return Ok(Payload {
            trigger: event(payload, "payload", now)?,
            policy: None,
        });
    }
    if let Some(unknown) = object
        .keys()
        .find(|key| !matches!(key.as_str(), "policy" | "event" | "tick"))
    {
        return Err(TriggerError::new(
            unknown,
            "unknown field; the envelope has policy, event and tick",
        ));
    }
    let Some(inner) = object.get("event") else {
        return Err(TriggerError::new(
            "event",
            "is missing; it says when and by what the function was woken",
        ));
    };
    let mut trigger = event(inner, "event", now)?;
    match (object.get("tick"), &trigger.cause) {
        (None | Some(Value::Bool(false)), _) => {}
        (Some(Value::Bool(true)), Cause::Schedule) => trigger.cause = Cause::Tick,
        (Some(Value::Bool(true)), _) => {
            return Err(TriggerError::new("tick", "only a schedule can be a tick"));
        }
        (Some(other), _) => {
            return Err(TriggerError::new(
                "tick",
                format!("expected true or false, got {other}"),
            ));
        }
    }
    Ok(Payload {
        trigger,
        policy: object.get("policy").cloned(),
    })
}

fn event(event: &Value, path: &str, now: Timestamp) -> Result<Trigger, TriggerError> {
    let has = |field: &str| event.get(field).is_some();
    match () {
        () if has("scheduled_time") => eventbridge::scheduler(event, path),
        () if has("detail-type") => eventbridge::event(event, path),
        () if has("alarmData") => alarm::direct(event, path),
        () if has("Records") => alarm::in_sns(event, path),
        () if has("requestContext") => failure::record(event, path),
        () if rotation::is_one(event) => rotation::step(event, path, now),
        () => Err(TriggerError::new(
            path,
            "expected an EventBridge event, a Scheduler event with scheduled_time, a CloudWatch alarm, \
             an alarm in SNS, an on-failure record or a step of a rotation",
        )),
    }
}

/// `value` as `T`, with errors that name the field by its path.
fn read<T: DeserializeOwned>(value: &Value, path: &str) -> Result<T, TriggerError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.path().to_string();
        let path = if inner == "." {
            path.into()
        } else {
            format!("{path}.{inner}")
        };
        TriggerError::new(path, in_our_words(&error.into_inner().to_string()))
    })
}

/// A time as AWS writes it: RFC 3339, but for alarms with an offset of `+0000`.
fn time(text: &str, path: String) -> Result<Timestamp, TriggerError> {
    text.parse().map_err(|_| {
        TriggerError::new(
            path,
            format!("expected a time such as 2026-11-21T02:00:00Z, got {text:?}"),
        )
    })
}
