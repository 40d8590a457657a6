//! Reading what a version holds.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    CURRENT, Content, Secret, SecretsManager, Version, content::told_with_labels, deleted,
    invalid_request, missing,
};
use crate::{At, Call, Refusal, stamp::seconds};

impl SecretsManager {
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
    pub(super) fn get_secret_value(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let secret = self.shown(call, at)?;
        if secret.gone_at.is_some() {
            return Err(deleted());
        }
        let version = asked_for(secret, call)?;
        let mut answer = told_with_labels(secret, &version.id);
        answer["CreatedDate"] = seconds(version.created);
        match &version.content {
            Some(Content::Text(text)) => answer["SecretString"] = json!(text.reveal()),
            Some(Content::Binary(base64)) => answer["SecretBinary"] = json!(base64.reveal()),
            None => return Err(no_value(&format!("VersionId: {}", version.id))),
        }
        let (name, id) = (secret.name.clone(), version.id.clone());
        self.was_read(&name, &id, at.now);
        Ok(answer)
    }

    /// Days are noted, not times, so most readings change nothing.
    fn was_read(&mut self, name: &str, version: &str, now: Timestamp) {
        let today = day(now);
        let known = self
            .secrets
            .get(name)
            .and_then(|secret| secret.versions.get(version));
        if known.is_none_or(|version| version.read == Some(today)) {
            return;
        }
        self.secrets.change(now, name, |secret| {
            secret.read = Some(today);
            if let Some(version) = secret.versions.get_mut(version) {
                version.read = Some(today);
            }
        });
    }
}

fn day(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(86_400)).unwrap_or(now)
}

fn asked_for<'a>(secret: &'a Secret, call: &Call) -> Result<&'a Version, Refusal> {
    let label = call.text("VersionStage");
    let Some(id) = call.text("VersionId") else {
        let label = label.unwrap_or(CURRENT);
        let labelled = secret.labelled(label);
        return labelled.ok_or_else(|| no_value(&format!("staging label: {label}")));
    };
    let version = secret.versions.get(id);
    let version = version.ok_or_else(|| no_value(&format!("VersionId: {id}")))?;
    if label.is_some_and(|label| !version.labels.contains(label)) {
        let why = "You provided a VersionStage that is not associated to the provided VersionId.";
        return Err(invalid_request(why));
    }
    Ok(version)
}

fn no_value(which: &str) -> Refusal {
    missing(format!(
        "Secrets Manager can't find the specified secret value for {which}"
    ))
}
