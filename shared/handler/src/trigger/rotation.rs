//! A step of a rotation, as Secrets Manager sends it.

use std::fmt;

use aurora_model::report::{ROTATION, ROTATION_STEP, TriggerRef};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Cause, Trigger, TriggerError, parse, read};

/// One step of the rotation of one secret.
///
/// Secrets Manager also sends a `RotationToken`, which a function needs that acts through a role
/// it assumes. Ours acts through its own: the token is not kept, so that it cannot be shown.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationStep {
    /// Which of the four.
    pub step: Step,
    /// The ARN of the secret, or its name where a person invoked the function; never empty.
    pub secret: String,
    /// The id of the version that is to become the current one (`ClientRequestToken`); never
    /// empty.
    pub token: String,
}

/// The steps of a rotation, in their order.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// `createSecret`: a new version of the secret.
    Create,
    /// `setSecret`: the database learns of it.
    Set,
    /// `testSecret`: it opens the door.
    Test,
    /// `finishSecret`: it becomes the current one.
    Finish,
}

impl Step {
    /// The step of this name: `createSecret`, or `create_secret` as AWS's guide writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "createSecret" | "create_secret" => Some(Self::Create),
            "setSecret" | "set_secret" => Some(Self::Set),
            "testSecret" | "test_secret" => Some(Self::Test),
            "finishSecret" | "finish_secret" => Some(Self::Finish),
            _ => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "createSecret",
            Self::Set => "setSecret",
            Self::Test => "testSecret",
            Self::Finish => "finishSecret",
        })
    }
}

impl RotationStep {
    /// How a report calls this kind of trigger: the last step stands for the whole rotation.
    pub(super) const fn kind(&self) -> &'static str {
        match self.step {
            Step::Create | Step::Set | Step::Test => ROTATION_STEP,
            Step::Finish => ROTATION,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    step: String,
    secret_id: String,
    client_request_token: String,
}

/// The fields by which a payload is recognised as such a step, whatever else is wrong with it.
const FIELDS: [&str; 3] = ["Step", "SecretId", "ClientRequestToken"];

pub(super) fn is_one(event: &Value) -> bool {
    FIELDS.iter().any(|field| event.get(field).is_some())
}

pub(super) fn step(event: &Value, path: &str, now: Timestamp) -> Result<Trigger, TriggerError> {
    let Request {
        step,
        secret_id: secret,
        client_request_token: token,
    } = read(event, path)?;
    let field = |name: &str, problem: String| TriggerError::new(format!("{path}.{name}"), problem);
    let step = Step::parse(&step).ok_or_else(|| {
        let problem =
            format!("expected createSecret, setSecret, testSecret or finishSecret, got {step:?}");
        field("Step", problem)
    })?;
    let empty = |what: &str| format!("expected {what}, got an empty text");
    if secret.is_empty() {
        return Err(field("SecretId", empty("the ARN of a secret")));
    }
    if token.is_empty() {
        return Err(field("ClientRequestToken", empty("the id of a version")));
    }
    Ok(Trigger {
        time: now,
        id: format!("{secret}:{token}"),
        cause: Cause::Rotation(RotationStep {
            step,
            secret,
            token,
        }),
    })
}

/// What a report calls the step in `payload`, if it is one, even where it cannot be understood:
/// whoever sent it waits for the answer, and nobody else will tell of it.
pub(crate) fn waiting(payload: &Value, now: Timestamp) -> Option<TriggerRef> {
    let event = payload.get("event").unwrap_or(payload);
    is_one(event).then(|| {
        let understood = parse(payload, now).map(|payload| payload.trigger.reference());
        understood.unwrap_or_else(|_| TriggerRef {
            kind: ROTATION_STEP,
            id: event["SecretId"].as_str().unwrap_or_default().into(),
            time: now,
        })
    })
}
