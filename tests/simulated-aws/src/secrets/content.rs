//! What versions hold: creating and putting it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    CURRENT, Content, Hidden, Secret, SecretsManager, Version, checked_name, invalid_parameter,
    invalid_request, labels::Move, limit_exceeded, tags, token,
};
use crate::{At, Call, Refusal};

/// How many bytes a version may hold.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
const MOST_BYTES: usize = 65_536;
/// How many versions a secret may have. Deprecated ones that are older than a day make room.
const MOST_VERSIONS: usize = 100;

impl SecretsManager {
    /// Adds a secret outside any call, with `content` as its current version, and returns its ARN.
    pub fn add(&mut self, name: &str, content: &str, at: &mut At<'_>) -> String {
        let mut secret = new_secret(name, at);
        let id = crate::uuid::uuid(&mut at.whim.rng);
        let content = Content::Text(Hidden::new(content));
        secret
            .versions
            .insert(id.clone(), version(&id, Some(content), at.now));
        secret.put_label(CURRENT, Some(&id), at.now);
        let arn = secret.arn.clone();
        self.secrets.put(at.now, name, secret);
        arn
    }

    /// The same request again gives what is there; another one under the same name is refused.
    pub(super) fn create_secret(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let name = checked_name(call.text("Name").unwrap_or_default())?;
        let (token, content) = (token(call)?, content(call)?);
        if let Some(there) = self.secrets.get(name) {
            return again(there, token, content.as_ref());
        }
        let mut secret = new_secret(name, at);
        secret.description = call.text("Description").map(str::to_owned);
        secret.kms_key = call.text("KmsKeyId").map(str::to_owned);
        secret.tags = tags::read(call)?;
        let moved = match content {
            Some(content) => secret.put_version(token, content, &[CURRENT], at.now)?,
            None => Vec::new(),
        };
        let answer = told(&secret, token);
        self.keep(secret, call, moved, at);
        Ok(answer)
    }

    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>
    pub(super) fn put_secret_value(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        let token = token(call)?;
        let wanted = "You must provide either SecretString or SecretBinary.";
        let content = content(call)?.ok_or_else(|| invalid_request(wanted))?;
        let there = secret.versions.get(token);
        if let Some(there) = there.and_then(|version| version.content.as_ref()) {
            if *there == content {
                return Ok(told_with_labels(&secret, token));
            }
            let why = "You can't use ClientRequestToken for a secret value that is different.";
            return Err(Refusal::new(400, "ResourceExistsException", why));
        }
        let asked = call.input["VersionStages"].as_array();
        let mut labels: Vec<&str> = match asked {
            Some(labels) => labels.iter().filter_map(Value::as_str).collect(),
            None => vec![CURRENT],
        };
        // Whatever was asked for, a secret's first version is its current one.
        if secret.versions.is_empty() && !labels.contains(&CURRENT) {
            labels.push(CURRENT);
        }
        let moved = secret.put_version(token, content, &labels, at.now)?;
        let answer = told_with_labels(&secret, token);
        self.keep(secret, call, moved, at);
        Ok(answer)
    }
}

impl Secret {
    /// Adds a version, or fills one that a rotation has begun, and puts `labels` on it.
    fn put_version(
        &mut self,
        id: &str,
        content: Content,
        labels: &[&str],
        now: Timestamp,
    ) -> Result<Vec<Move>, Refusal> {
        if !self.versions.contains_key(id) {
            self.make_room(now)?;
        }
        let new = || version(id, None, now);
        let version = self.versions.entry(id.to_owned()).or_insert_with(new);
        version.content = Some(content);
        let more: BTreeSet<_> = labels
            .iter()
            .filter(|label| !version.labels.contains(**label))
            .collect();
        version.takes_labels(more.len())?;
        let moved = labels
            .iter()
            .flat_map(|label| self.put_label(label, Some(id), now));
        Ok(moved.collect())
    }

    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version>
    pub(super) fn make_room(&mut self, now: Timestamp) -> Result<(), Refusal> {
        while self.versions.len() >= MOST_VERSIONS {
            let old = |version: &&Version| {
                let age = now.duration_since(version.created);
                version.labels.is_empty() && age > SignedDuration::from_hours(24)
            };
            let oldest = self
                .versions
                .values()
                .filter(old)
                .min_by_key(|version| version.created);
            let Some(id) = oldest.map(|version| version.id.clone()) else {
                return Err(limit_exceeded("The secret has too many versions."));
            };
            self.versions.remove(&id);
        }
        Ok(())
    }
}

fn new_secret(name: &str, at: &mut At<'_>) -> Secret {
    let random: String = (0..6).map(|_| at.whim.rng.alphanumeric()).collect();
    Secret {
        name: name.to_owned(),
        arn: at
            .place
            .arn("secretsmanager", &format!("secret:{name}-{random}")),
        description: None,
        kms_key: None,
        tags: BTreeMap::new(),
        versions: BTreeMap::new(),
        rotation: None,
        created: at.now,
        changed: at.now,
        rotated: None,
        read: None,
        gone_at: None,
    }
}

pub(super) fn version(id: &str, content: Option<Content>, now: Timestamp) -> Version {
    Version {
        id: id.to_owned(),
        content,
        labels: BTreeSet::new(),
        created: now,
        read: None,
    }
}

/// The content a call brings, if it brings any.
fn content(call: &Call) -> Result<Option<Content>, Refusal> {
    let member = |name: &str| call.input.get(name).and_then(Value::as_str);
    let content = match (member("SecretString"), member("SecretBinary")) {
        (Some(_), Some(_)) => {
            let why = "You can't specify both a binary secret value and a string secret value in \
                       the same secret.";
            return Err(invalid_parameter(why));
        }
        (Some(text), None) if text.len() > MOST_BYTES => {
            let why = "Value at 'secretString' failed to satisfy constraint: Member must have \
                       length less than or equal to 65536";
            return Err(Refusal::new(400, "ValidationException", why));
        }
        (Some(text), None) => Some(Content::Text(Hidden::new(text))),
        (None, Some(base64)) => Some(Content::Binary(Hidden::new(base64))),
        (None, None) => None,
    };
    Ok(content)
}

fn again(there: &Secret, token: &str, content: Option<&Content>) -> Result<Value, Refusal> {
    if there.gone_at.is_some() {
        let why = "You can't create this secret because a secret with this name is already \
                   scheduled for deletion.";
        return Err(invalid_request(why));
    }
    let version = there.versions.get(token);
    if version.is_some_and(|version| version.content.as_ref() == content) {
        return Ok(told(there, token));
    }
    let name = &there.name;
    let why = format!("The operation failed because the secret {name} already exists.");
    Err(Refusal::new(400, "ResourceExistsException", why))
}

fn told(secret: &Secret, version: &str) -> Value {
    let version = secret.versions.contains_key(version).then_some(version);
    json!({"ARN": secret.arn, "Name": secret.name, "VersionId": version})
}

pub(super) fn told_with_labels(secret: &Secret, version: &str) -> Value {
    let labels = secret.versions.get(version).map(|version| &version.labels);
    let mut answer = told(secret, version);
    answer["VersionStages"] = json!(labels);
    answer
}
