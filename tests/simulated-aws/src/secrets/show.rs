//! How secrets and versions are shown. Values never are.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Rotation, Secret, SecretsManager, Version};
use crate::{At, Call, Refusal, stamp::seconds};

impl SecretsManager {
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
    pub(super) fn describe_secret(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let secret = self.shown(call, at)?;
        let labelled = labels(secret);
        let mut shown = entry(secret);
        shown["VersionIdsToStages"] = json!((!labelled.is_empty()).then_some(labelled));
        Ok(shown)
    }
}

/// A secret in a listing: all but its versions.
pub(super) fn entry(secret: &Secret) -> Value {
    let rotation = secret.rotation.as_ref();
    let tag = |(key, value): (&String, &String)| json!({"Key": key, "Value": value});
    let mut shown = json!({
        "ARN": secret.arn,
        "Name": secret.name,
        "Description": secret.description,
        "KmsKeyId": secret.kms_key,
        "RotationEnabled": rotation.map(|rotation| rotation.enabled),
        "RotationLambdaARN": rotation.map(|rotation| &rotation.function),
        "RotationRules": rotation.map(rules),
        "NextRotationDate": rotation.and_then(|rotation| rotation.next).map(|(_, end)| seconds(end)),
        "LastRotatedDate": secret.rotated.map(seconds),
        "LastChangedDate": seconds(secret.changed),
        "LastAccessedDate": secret.read.map(seconds),
        "DeletedDate": secret.gone_at.map(seconds),
        "CreatedDate": seconds(secret.created),
        "Tags": secret.tags.iter().map(tag).collect::<Value>(),
    });
    without_nulls(&mut shown);
    shown
}

/// A version in a listing.
pub(super) fn version(version: &Version) -> Value {
    let labels = (!version.labels.is_empty()).then_some(&version.labels);
    let mut shown = json!({
        "VersionId": version.id,
        "VersionStages": labels,
        "LastAccessedDate": version.read.map(seconds),
        "CreatedDate": seconds(version.created),
    });
    without_nulls(&mut shown);
    shown
}

/// The labels by version; deprecated versions are left out.
pub(super) fn labels(secret: &Secret) -> BTreeMap<&str, Vec<&str>> {
    let versions = secret.versions.values();
    let labelled = versions.filter(|version| !version.labels.is_empty());
    let labels = labelled.map(|version| {
        let labels = version.labels.iter().map(String::as_str);
        (version.id.as_str(), labels.collect())
    });
    labels.collect()
}

fn rules(rotation: &Rotation) -> Value {
    let mut rules = json!({
        "AutomaticallyAfterDays": rotation.rules.days,
        "ScheduleExpression": rotation.rules.expression,
        "Duration": rotation.rules.duration,
    });
    without_nulls(&mut rules);
    rules
}

fn without_nulls(shown: &mut Value) {
    if let Value::Object(fields) = shown {
        fields.retain(|_, field| !field.is_null());
    }
}
