//! Secrets Manager: secrets, their versions and labels, and their rotation.

mod changes;
mod content;
mod deletion;
mod labels;
mod listing;
mod model;
mod password;
mod reading;
mod rotation;
mod rules;
mod show;
mod steps;
mod tags;

use jiff::SignedDuration;
use serde_json::Value;

pub use changes::Change;
pub use model::{
    CURRENT, Content, Hidden, Invocation, PENDING, PREVIOUS, Rotation, Rules, Running, Secret,
    Step, Version,
};

use labels::Move;

use crate::{
    At, Call, Effect, Refusal, Service, Views,
    model::{Model, Violation},
};

/// The Secrets Manager of one account in one region.
#[derive(Clone, Debug, Default)]
pub struct SecretsManager {
    /// Secrets by name, those that are scheduled for deletion among them.
    pub secrets: Views<Secret>,
}

/// What the model has and this simulation has not: it is refused, so that nothing passes for
/// tested that was ignored.
const NOT_SIMULATED: [(&str, &str); 6] = [
    ("CreateSecret", "AddReplicaRegions"),
    ("CreateSecret", "ForceOverwriteReplicaSecret"),
    ("CreateSecret", "Type"),
    ("PutSecretValue", "RotationToken"),
    ("RotateSecret", "ExternalSecretRotationMetadata"),
    ("RotateSecret", "ExternalSecretRotationRoleArn"),
];

impl SecretsManager {
    pub(crate) fn remember(&mut self, keep: SignedDuration) {
        self.secrets.remember(keep);
    }

    pub(crate) fn answer(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        if let Some(model) = Model::of(Service::SecretsManager) {
            let invalid = |it: Violation| Refusal::new(400, "ValidationException", it.why);
            model.check(call).map_err(invalid)?;
        }
        call.simulated(&NOT_SIMULATED)?;
        match call.operation.as_str() {
            "CancelRotateSecret" => self.cancel_rotate_secret(call, at),
            "CreateSecret" => self.create_secret(call, at),
            "DeleteSecret" => self.delete_secret(call, at),
            "DescribeSecret" => self.describe_secret(call, at),
            "GetRandomPassword" => password::get_random_password(call, &mut at.whim.rng),
            "GetSecretValue" => self.get_secret_value(call, at),
            "ListSecretVersionIds" => self.list_secret_version_ids(call, at),
            "ListSecrets" => self.list_secrets(call, at),
            "PutSecretValue" => self.put_secret_value(call, at),
            "RestoreSecret" => self.restore_secret(call, at),
            "RotateSecret" => self.rotate_secret(call, at),
            "TagResource" => self.tag_resource(call, at),
            "UntagResource" => self.untag_resource(call, at),
            "UpdateSecretVersionStage" => self.update_secret_version_stage(call, at),
            _ => Err(Refusal::unknown_operation(call)),
        }
    }

    /// The secret that `id` names: by name, by ARN, or by ARN without the six characters.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Secret> {
        found(self.secrets.truth(), id)
    }

    /// The secret a call names, as it is. One that is scheduled for deletion can't be changed.
    fn live(&self, call: &Call) -> Result<Secret, Refusal> {
        let secret = self.find(secret_id(call)?).ok_or_else(not_found)?;
        if secret.gone_at.is_some() {
            return Err(deleted());
        }
        Ok(secret.clone())
    }

    /// The secret a call names, as readers see it.
    fn shown(&self, call: &Call, at: &At<'_>) -> Result<&Secret, Refusal> {
        found(self.secrets.as_of(at.shown), secret_id(call)?).ok_or_else(not_found)
    }

    /// Keeps a secret as a call has left it, and says what was changed.
    fn keep(&mut self, mut secret: Secret, call: &Call, moved: Vec<Move>, at: &mut At<'_>) {
        secret.changed = at.now;
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: secret.arn.clone(),
        });
        labels::tell(&secret.arn, moved, at);
        self.secrets.put(at.now, secret.name.clone(), secret);
    }
}

type Secrets = std::collections::BTreeMap<String, std::sync::Arc<Secret>>;

fn found<'a>(secrets: &'a Secrets, id: &str) -> Option<&'a Secret> {
    let full = || {
        let name = id.split(":secret:").nth(1)?;
        let whole = name
            .rsplit_once('-')
            .and_then(|(name, _)| secrets.get(name));
        let whole = whole.filter(|secret| secret.arn == id);
        let partial = || {
            secrets
                .get(name)
                .filter(|secret| secret.arn.starts_with(id))
        };
        whole.or_else(partial)
    };
    let secret = if id.starts_with("arn:") {
        full()
    } else {
        secrets.get(id)
    };
    secret.map(AsRef::as_ref)
}

/// Letters, digits and `/_+=.@-`.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
fn checked_name(name: &str) -> Result<&str, Refusal> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if name.chars().all(fits) {
        return Ok(name);
    }
    let why = "Invalid name. Must be a valid name containing alphanumeric characters, or any of \
               the following: -/_+=.@!";
    Err(Refusal::new(400, "ValidationException", why))
}

fn secret_id(call: &Call) -> Result<&str, Refusal> {
    let id = call.text("SecretId").unwrap_or_default();
    if id.starts_with("arn:") {
        return Ok(id);
    }
    checked_name(id)
}

/// SDKs send one by themselves.
fn token(call: &Call) -> Result<&str, Refusal> {
    let why = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
    call.text("ClientRequestToken")
        .ok_or_else(|| invalid_request(why))
}

fn invalid_request(why: &str) -> Refusal {
    Refusal::new(400, "InvalidRequestException", why)
}

fn invalid_parameter(why: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterException", why)
}

fn limit_exceeded(why: &str) -> Refusal {
    Refusal::new(400, "LimitExceededException", why)
}

fn missing(why: impl Into<String>) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", why)
}

fn not_found() -> Refusal {
    missing("Secrets Manager can't find the specified secret.")
}

fn deleted() -> Refusal {
    let why = "You can't perform this operation on the secret because it was marked for deletion.";
    invalid_request(why)
}
