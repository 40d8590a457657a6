//! Tags of secrets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{SecretsManager, invalid_parameter};
use crate::{At, Call, Refusal};

/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html>
const MOST: usize = 50;

/// The tags a call brings.
pub(super) fn read(call: &Call) -> Result<BTreeMap<String, String>, Refusal> {
    let mut tags = BTreeMap::new();
    for tag in call.input["Tags"].as_array().into_iter().flatten() {
        let text = |member: &str| tag[member].as_str().unwrap_or_default().to_owned();
        let key = text("Key");
        if key.is_empty() || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid_parameter(
                "Tag keys can't be empty or start with aws:",
            ));
        }
        if tags.insert(key, text("Value")).is_some() {
            return Err(invalid_parameter("Duplicate tag keys found."));
        }
    }
    few_enough(&tags)?;
    Ok(tags)
}

fn few_enough(tags: &BTreeMap<String, String>) -> Result<(), Refusal> {
    if tags.len() <= MOST {
        return Ok(());
    }
    Err(invalid_parameter("A secret can't have more than 50 tags."))
}

impl SecretsManager {
    pub(super) fn tag_resource(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        secret.tags.extend(read(call)?);
        few_enough(&secret.tags)?;
        self.keep(secret, call, Vec::new(), at);
        Ok(json!({}))
    }

    pub(super) fn untag_resource(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let mut secret = self.live(call)?;
        let keys = call.input["TagKeys"].as_array().into_iter().flatten();
        for key in keys.filter_map(Value::as_str) {
            secret.tags.remove(key);
        }
        self.keep(secret, call, Vec::new(), at);
        Ok(json!({}))
    }
}
