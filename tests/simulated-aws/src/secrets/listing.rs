//! Listings of secrets and of versions.

use serde_json::{Value, json};

use super::{Secret, SecretsManager, show};
use crate::{
    At, Call, Refusal,
    page::{self, BadToken},
};

impl SecretsManager {
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html>
    pub(super) fn list_secret_version_ids(
        &self,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Value, Refusal> {
        let secret = self.shown(call, at)?;
        let all = call.input["IncludeDeprecated"].as_bool() == Some(true);
        let shown = secret
            .versions
            .values()
            .filter(|it| all || !it.labels.is_empty());
        let key = |time: jiff::Timestamp, id: &str| {
            page::descending(&format!("{:016}{id}", time.as_millisecond()))
        };
        let mut versions: Vec<_> = shown.map(|it| (key(it.created, &it.id), it)).collect();
        versions.sort_by(|(a, _), (b, _)| a.cmp(b));
        let listing = format!("versions {all} {}", secret.arn);
        let page = page::page(&listing, versions, call.text("NextToken"), size(call, at));
        let page = page.map_err(bad_token)?;
        let mut answer = json!({"ARN": secret.arn, "Name": secret.name});
        answer["Versions"] = page.items.into_iter().map(show::version).collect();
        Ok(with_token(answer, page.token))
    }

    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
    pub(super) fn list_secrets(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let planned = call.input["IncludePlannedDeletion"].as_bool() == Some(true);
        let filters = call.input["Filters"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let secrets = self.secrets.as_of(at.shown).values().map(AsRef::as_ref);
        let shown = secrets.filter(|secret| planned || secret.gone_at.is_none());
        let shown = shown.filter(|secret| filters.iter().all(|filter| passes(filter, secret)));
        let mut secrets: Vec<_> = shown.map(|secret| (key(call, secret), secret)).collect();
        secrets.sort_by(|(a, _), (b, _)| a.cmp(b));
        let of = ["Filters", "SortBy", "SortOrder"].map(|member| call.input[member].to_string());
        let listing = format!("secrets {planned} {}", of.join(" "));
        let page = page::page(&listing, secrets, call.text("NextToken"), size(call, at));
        let page = page.map_err(bad_token)?;
        let list = page.items.into_iter().map(|secret| {
            let mut entry = show::entry(secret);
            entry["SecretVersionsToStages"] = json!(show::labels(secret));
            entry
        });
        Ok(with_token(
            json!({"SecretList": list.collect::<Value>()}),
            page.token,
        ))
    }
}

fn size(call: &Call, at: &At<'_>) -> usize {
    let asked = call.input["MaxResults"].as_u64();
    let asked = asked.and_then(|asked| usize::try_from(asked).ok());
    at.whim.largest_page.min(asked.unwrap_or(100))
}

fn bad_token(_: BadToken) -> Refusal {
    let why = "The NextToken value is invalid.";
    Refusal::new(400, "InvalidNextTokenException", why)
}

fn with_token(mut answer: Value, token: Option<String>) -> Value {
    if let Some(token) = token {
        answer["NextToken"] = Value::String(token);
    }
    answer
}

/// What a secret is sorted by: the newest first, unless the call says otherwise.
fn key(call: &Call, secret: &Secret) -> String {
    let time = |time: Option<jiff::Timestamp>| {
        let time = time.map_or(0, jiff::Timestamp::as_millisecond);
        format!("{time:016}{}", secret.name)
    };
    let key = match call.text("SortBy") {
        Some("name") => secret.name.clone(),
        Some("last-accessed-date") => time(secret.read),
        Some("last-changed-date") => time(Some(secret.changed)),
        _ => time(Some(secret.created)),
    };
    if call.text("SortOrder") == Some("asc") {
        return key;
    }
    page::descending(&key)
}

/// One of the filter's values is enough; a `!` in front turns a value around.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html>
fn passes(filter: &Value, secret: &Secret) -> bool {
    let key = filter["Key"].as_str().unwrap_or("all");
    let values = filter["Values"].as_array().into_iter().flatten();
    let mut values = values.filter_map(Value::as_str);
    values.any(|value| match value.strip_prefix('!') {
        Some(value) => !has(secret, key, value),
        None => has(secret, key, value),
    })
}

fn has(secret: &Secret, key: &str, value: &str) -> bool {
    let description = secret.description.as_deref().unwrap_or_default();
    let lower = |text: &str| text.to_lowercase();
    match key {
        "name" => secret.name.starts_with(value),
        "description" => lower(description).starts_with(&lower(value)),
        "tag-key" => secret.tags.keys().any(|key| key.starts_with(value)),
        "tag-value" => secret.tags.values().any(|tag| tag.starts_with(value)),
        "all" => {
            let tags = secret
                .tags
                .iter()
                .flat_map(|(key, value)| [key.as_str(), value.as_str()]);
            let mut texts = tags.chain([secret.name.as_str(), description]);
            texts.any(|text| {
                value
                    .split(' ')
                    .any(|word| lower(text).contains(&lower(word)))
            })
        }
        // Of another service's or region's secrets there are none here.
        _ => false,
    }
}
