//! Turning rotation on and off, and beginning one.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    CURRENT, Change, PENDING, Rotation, Rules, Running, Secret, SecretsManager, Step, content,
    invalid_parameter, invalid_request, labels::Move, token,
};
use crate::{At, Call, Refusal};

/// How long it takes until a function is invoked.
pub(super) const SOON: (SignedDuration, SignedDuration) =
    (SignedDuration::ZERO, SignedDuration::from_secs(2));

impl SecretsManager {
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
    pub(super) fn rotate_secret(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        let (token, rules) = (token(call)?, Rules::read(call)?);
        let answer = json!({"ARN": secret.arn, "Name": secret.name, "VersionId": token});
        let function = function(call, &secret)?;
        match stands(&secret, token) {
            Ok(false) => {}
            Ok(true) => return Ok(answer),
            Err(refusal) => {
                self.reattempt(secret, call, at);
                return Err(refusal);
            }
        }
        let trial = call.input["RotateImmediately"].as_bool() == Some(false);
        let before = secret.rotation.take();
        let rules = rules
            .or_else(|| before.map(|before| before.rules))
            .unwrap_or_default();
        secret.rotation = Some(Rotation {
            function,
            enabled: true,
            rules,
            next: None,
            running: None,
        });
        let moved = begin(&mut secret, token, trial, at)?;
        plan_next(&mut secret, at);
        self.keep(secret, call, moved, at);
        Ok(answer)
    }

    /// "A previous rotation isn't complete. That rotation will be reattempted."
    fn reattempt(&mut self, mut secret: Secret, call: &Call, at: &mut At<'_>) {
        let idle = |rotation: &Rotation| rotation.enabled && rotation.running.is_none();
        let pending = stuck(&secret).map(str::to_owned);
        if let Some(pending) = pending.filter(|_| secret.rotation.as_ref().is_some_and(idle)) {
            run(&mut secret, &pending, false, at);
            self.keep(secret, call, Vec::new(), at);
        }
    }

    /// It leaves the labels as they are.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>
    pub(super) fn cancel_rotate_secret(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        let pending = secret.labelled(PENDING).map(|version| version.id.clone());
        let Some(rotation) = &mut secret.rotation else {
            let why = "You tried to cancel the rotation of a secret that has none configured.";
            return Err(invalid_request(why));
        };
        (rotation.enabled, rotation.next, rotation.running) = (false, None, None);
        let mut answer = json!({"ARN": secret.arn, "Name": secret.name});
        if let Some(pending) = pending {
            answer["VersionId"] = Value::String(pending);
        }
        self.keep(secret, call, Vec::new(), at);
        Ok(answer)
    }
}

/// The function a call names, or the one there is.
fn function(call: &Call, secret: &Secret) -> Result<String, Refusal> {
    let known = secret
        .rotation
        .as_ref()
        .map(|rotation| rotation.function.as_str());
    match call.text("RotationLambdaARN").or(known) {
        Some(arn) if arn.starts_with("arn:aws:lambda:") => Ok(arn.to_owned()),
        Some(_) => Err(invalid_parameter(
            "The RotationLambdaARN is no function's ARN.",
        )),
        None => {
            let why = "No Lambda rotation function ARN is associated with this secret.";
            Err(invalid_request(why))
        }
    }
}

/// The version that is pending and not current: a rotation that is not complete.
pub(super) fn stuck(secret: &Secret) -> Option<&str> {
    let pending = secret.labelled(PENDING)?;
    (!pending.labels.contains(CURRENT)).then_some(pending.id.as_str())
}

/// Whether this request has been carried out already. Another one has to wait for the rotation
/// that is not complete.
fn stands(secret: &Secret, token: &str) -> Result<bool, Refusal> {
    match (stuck(secret), secret.versions.get(token)) {
        (Some(pending), _) if pending == token => Ok(true),
        (Some(_), _) => {
            let why = "A previous rotation isn't complete. That rotation will be reattempted.";
            Err(invalid_request(why))
        }
        (None, Some(version)) if version.labels.contains(CURRENT) => Ok(true),
        (None, Some(_)) => Err(invalid_request("This version of the secret has been used.")),
        (None, None) => Ok(false),
    }
}

/// Makes the version, without a value yet, and has the first step invoked.
pub(super) fn begin(
    secret: &mut Secret,
    token: &str,
    trial: bool,
    at: &mut At<'_>,
) -> Result<Vec<Move>, Refusal> {
    secret
        .make_room(at.now)
        .map_err(|_| invalid_request("The secret has too many versions."))?;
    let version = content::version(token, None, at.now);
    secret.versions.insert(token.to_owned(), version);
    let moved = secret.put_label(PENDING, Some(token), at.now);
    run(secret, token, trial, at);
    Ok(moved)
}

pub(super) fn run(secret: &mut Secret, token: &str, trial: bool, at: &mut At<'_>) {
    let running = Running {
        token: token.to_owned(),
        step: if trial { Step::Test } else { Step::Create },
        attempt: 1,
        trial,
    };
    if let Some(rotation) = &mut secret.rotation {
        rotation.running = Some(running);
    }
    invoke_after(&secret.name, token, SOON, at);
}

pub(super) fn invoke_after(
    name: &str,
    token: &str,
    wait: (SignedDuration, SignedDuration),
    at: &mut At<'_>,
) {
    let (name, token) = (name.to_owned(), token.to_owned());
    let when = at.now + at.whim.between(wait);
    at.agenda.note(when, Change::Invoke { name, token }.into());
}

/// Plans the next rotation by the rules, somewhere in its window.
pub(super) fn plan_next(secret: &mut Secret, at: &mut At<'_>) {
    let Some(rotation) = secret.rotation.as_mut().filter(|rotation| rotation.enabled) else {
        return;
    };
    rotation.next = rotation.rules.next(at.now);
    if let Some((window, end)) = rotation.next {
        let within = (
            SignedDuration::ZERO,
            end.duration_since(window) - SignedDuration::from_mins(1),
        );
        let when = window + at.whim.between(within);
        let name = secret.name.clone();
        at.agenda.note(when, Change::Due { name, window }.into());
    }
}
