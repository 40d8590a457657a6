//! Labels, and how they move.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    CURRENT, PREVIOUS, Secret, SecretsManager, Version, invalid_parameter, limit_exceeded, missing,
};
use crate::{At, Call, Effect, Refusal};

/// How many labels a version may carry.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
const MOST: usize = 20;

/// A label that was put on another version, or taken off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Move {
    label: String,
    from: Option<String>,
    to: Option<String>,
}

pub(super) fn tell(secret: &str, moved: Vec<Move>, at: &mut At<'_>) {
    let effects = moved
        .into_iter()
        .map(|Move { label, from, to }| Effect::LabelMoved {
            secret: secret.to_owned(),
            label,
            from,
            to,
        });
    at.effects.extend(effects);
}

impl Secret {
    /// Puts `label` on the version `to`, or takes it off. Whatever loses `AWSCURRENT` becomes
    /// `AWSPREVIOUS`; a rotation whose version becomes current has succeeded.
    pub(super) fn put_label(&mut self, label: &str, to: Option<&str>, now: Timestamp) -> Vec<Move> {
        let from = self.labelled(label).map(|version| version.id.clone());
        if from.as_deref() == to {
            return Vec::new();
        }
        for version in self.versions.values_mut() {
            version.labels.remove(label);
        }
        if let Some(version) = to.and_then(|to| self.versions.get_mut(to)) {
            version.labels.insert(label.to_owned());
        }
        let mut moved = vec![Move {
            label: label.to_owned(),
            from: from.clone(),
            to: to.map(str::to_owned),
        }];
        if label == CURRENT {
            if let Some(from) = from {
                moved.extend(self.put_label(PREVIOUS, Some(&from), now));
            }
            self.rotated_to(to, now);
        }
        moved
    }

    fn rotated_to(&mut self, version: Option<&str>, now: Timestamp) {
        let running = self
            .rotation
            .as_ref()
            .and_then(|rotation| rotation.running.as_ref());
        if running.is_some_and(|running| Some(running.token.as_str()) == version) {
            self.rotated = Some(now);
        }
    }
}

impl Version {
    /// Whether so many more labels are too many.
    pub(super) fn takes_labels(&self, more: usize) -> Result<(), Refusal> {
        if self.labels.len() + more <= MOST {
            return Ok(());
        }
        Err(limit_exceeded(
            "You can't have more than 20 staging labels on a version.",
        ))
    }
}

impl SecretsManager {
    pub(super) fn update_secret_version_stage(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        let label = call.text("VersionStage").unwrap_or_default();
        let (from, to) = (
            call.text("RemoveFromVersionId"),
            call.text("MoveToVersionId"),
        );
        for id in [from, to].into_iter().flatten() {
            if !secret.versions.contains_key(id) {
                let why = "Secrets Manager can't find the specified secret version";
                return Err(missing(format!("{why}: {id}.")));
            }
        }
        allowed(&secret, label, from, to)?;
        let moved = secret.put_label(label, to, at.now);
        let answer = json!({"ARN": secret.arn, "Name": secret.name});
        if !moved.is_empty() {
            self.keep(secret, call, moved, at);
        }
        Ok(answer)
    }
}

/// Whether `label` may be taken from the one and put on the other.
fn allowed(
    secret: &Secret,
    label: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Refusal> {
    let holder = secret.labelled(label).map(|version| version.id.as_str());
    let why = match (holder, from, to) {
        (_, None, None) => "You must specify MoveToVersionId or RemoveFromVersionId.".to_owned(),
        (Some(holder), None, Some(to)) if holder != to => format!(
            "The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently \
             attached to version {holder}, so you must explicitly reference that version in \
             RemoveFromVersionId."
        ),
        (holder, Some(from), _) if holder != Some(from) => format!(
            "Staging label {label} is not currently attached to version {from}, which you \
             reference in RemoveFromVersionId."
        ),
        (_, Some(_), None) if label == CURRENT => format!(
            "You can only move staging label {label} to a different secret version. It can't be \
             completely removed."
        ),
        _ => {
            let target = to.and_then(|to| secret.versions.get(to));
            let target = target.filter(|target| !target.labels.contains(label));
            return target.map_or(Ok(()), |target| target.takes_labels(1));
        }
    };
    Err(invalid_parameter(why))
}
