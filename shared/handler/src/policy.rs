//! Reading a policy, with errors that name the field, the value and the remedy.

mod host;
pub mod object;
mod pem;

use aurora_model::{Selector, Span};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use self::{host::host, pem::pem};
use crate::Mode;

/// The policy of one function.
pub trait Policy: DeserializeOwned + JsonSchema {
    /// The mode the policy asks for, if it does.
    fn mode(&self) -> Option<Mode>;

    /// How old a trigger may be and still be acted on.
    fn expire_after(&self) -> Span;

    /// The policy when neither the trigger nor the environment has one: none, unless the
    /// function needs none.
    #[must_use]
    fn absent() -> Option<Value> {
        None
    }

    /// What types alone do not rule out.
    ///
    /// # Errors
    /// The first field that makes no sense.
    fn check(&self) -> Result<(), PolicyError>;
}

/// A policy that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct PolicyError {
    /// The field, from `policy` on: `policy.keep.daily`.
    pub path: String,
    /// What was expected there and what was found.
    pub problem: String,
}

impl PolicyError {
    /// A problem with the field at `path`.
    pub fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }
}

/// The policy in `json`.
///
/// # Errors
/// The first field that is unknown, missing, of the wrong kind or out of bounds.
pub fn parse<P: Policy>(json: &Value) -> Result<P, PolicyError> {
    // serde would take its items for the fields, by position.
    if json.is_array() {
        return Err(PolicyError::new("policy", "expected an object, got a list"));
    }
    let policy: P = serde_path_to_error::deserialize(json).map_err(|error| {
        let inner = error.path().to_string();
        let path = if inner == "." {
            "policy".into()
        } else {
            format!("policy.{inner}")
        };
        PolicyError::new(path, in_our_words(&error.into_inner().to_string()))
    })?;
    policy.check()?;
    Ok(policy)
}

/// Checks which clusters a policy selects, if it says.
///
/// # Errors
/// A selection of nothing that was meant.
pub fn check_clusters(clusters: Option<&Selector>) -> Result<(), PolicyError> {
    let checked = clusters.map_or(Ok(()), Selector::check);
    checked
        .map_err(|(field, problem)| PolicyError::new(format!("policy.clusters.{field}"), problem))
}

/// Checks that a length of time of a policy is one at all.
///
/// # Errors
/// When it is `0s`: nothing would ever be in time.
pub fn check_above_zero(field: &str, span: Span) -> Result<(), PolicyError> {
    if span == Span::seconds(0) {
        let problem = "expected a length of time above 0s, got 0s";
        return Err(PolicyError::new(format!("policy.{field}"), problem));
    }
    Ok(())
}

/// What serde says of a type or a value, as `expected …, got …`.
pub(crate) fn in_our_words(message: &str) -> String {
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((got, expected)) = message
            .strip_prefix(start)
            .and_then(|rest| rest.split_once(", expected "))
        {
            return format!(
                "expected {}, got {}",
                expected_thing(expected, got),
                got_thing(got)
            );
        }
    }
    for (start, what) in [("unknown field ", "field"), ("unknown variant ", "value")] {
        if let Some((got, known)) = message
            .strip_prefix(start)
            .and_then(|rest| rest.split_once(", expected "))
        {
            let known = known.trim_start_matches("one of ").replace('`', "");
            return format!(
                "unknown {what} {}; known here: {known}",
                got.trim_matches('`')
            );
        }
    }
    if let Some(got) = message
        .strip_prefix("unknown field ")
        .and_then(|rest| rest.strip_suffix(", there are no fields"))
    {
        return format!(
            "unknown field {}; none is known here",
            got.trim_matches('`')
        );
    }
    match message.strip_prefix("missing field ") {
        Some(field) => format!("{} is missing", field.trim_matches('`')),
        None => message.into(),
    }
}

fn expected_thing(expected: &str, got: &str) -> String {
    let too_large = got_thing(got).bytes().all(|b| b.is_ascii_digit());
    match expected {
        "u32" if too_large => format!("a whole number of at most {}", u32::MAX),
        "u32" | "u64" => "a whole number of at least 0".into(),
        "f64" => "a number".into(),
        "a string" => "a text".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        _ if expected.starts_with("struct ") || expected == "a map" => "an object".into(),
        _ => expected.into(),
    }
}

/// The value alone, without serde's word for its type and its quotes around numbers.
fn got_thing(got: &str) -> String {
    match got {
        "sequence" => return "a list".into(),
        "map" => return "an object".into(),
        _ => {}
    }
    let kinds = ["integer ", "floating point ", "boolean ", "string "];
    let value = kinds.iter().find_map(|kind| got.strip_prefix(kind));
    value.map_or_else(|| got.into(), |value| value.trim_matches('`').into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aurora_model::Zone;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by serde only")]
    struct Sample {
        keep: Keep,
        rpo: Option<Span>,
        time_zone: Option<Zone>,
        clusters: Option<Selector>,
        mode: Option<Mode>,
        on: Option<bool>,
        tags: Option<BTreeMap<String, String>>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by serde only")]
    struct Keep {
        daily: u32,
    }

    impl Policy for Sample {
        fn mode(&self) -> Option<Mode> {
            self.mode
        }
        fn expire_after(&self) -> Span {
            Span::hours(6)
        }
        fn check(&self) -> Result<(), PolicyError> {
            Ok(())
        }
    }

    #[allow(
        clippy::needless_pass_by_value,
        reason = "reads better in the table below"
    )]
    fn error(json: Value) -> String {
        parse::<Sample>(&json).unwrap_err().to_string()
    }

    #[test]
    fn an_error_names_the_field_the_value_and_the_remedy() {
        let keep = json!({"daily": 7});
        insta::assert_snapshot!(error(json!({"keep": {"daily": -1}})), @"policy.keep.daily: expected a whole number of at least 0, got -1");
        insta::assert_snapshot!(error(json!({"keep": {"daily": 4_294_967_296_u64}})), @"policy.keep.daily: expected a whole number of at most 4294967295, got 4294967296");
        insta::assert_snapshot!(error(json!({"keep": {"daily": 1.5}})), @"policy.keep.daily: expected a whole number of at least 0, got 1.5");
        insta::assert_snapshot!(error(json!({"keep": {"daily": "7"}})), @r#"policy.keep.daily: expected a whole number of at least 0, got "7""#);
        insta::assert_snapshot!(error(json!({"keep": {"dayly": 7}})), @"policy.keep.dayly: unknown field dayly; known here: daily");
        insta::assert_snapshot!(error(json!({"keep": 7})), @"policy.keep: expected an object, got 7");
        insta::assert_snapshot!(error(json!({})), @"policy: keep is missing");
        insta::assert_snapshot!(error(json!({"keep": keep, "rpo": "a day"})), @r#"policy.rpo: expected a length of time such as 90m, 26h, 14d or 8w, got "a day""#);
        insta::assert_snapshot!(error(json!({"keep": keep, "time_zone": "Europe/Munich"})), @r#"policy.time_zone: expected an IANA time zone such as Europe/Berlin, got "Europe/Munich""#);
        insta::assert_snapshot!(error(json!({"keep": keep, "mode": "go"})), @"policy.mode: unknown value go; known here: plan or apply");
        insta::assert_snapshot!(error(json!({"keep": keep, "on": "yes"})), @r#"policy.on: expected true or false, got "yes""#);
        insta::assert_snapshot!(error(json!({"keep": keep, "clusters": {"tag": {"key": "k"}}})), @"policy.clusters.tag: value is missing");
        insta::assert_snapshot!(error(json!({"keep": keep, "clusters": {"names": []}})), @"policy.clusters: unknown value names; known here: ids or tag");
        insta::assert_snapshot!(error(json!({"keep": keep, "tags": {"a": 1}})), @"policy.tags.a: expected a text, got 1");
        insta::assert_snapshot!(error(json!([])), @"policy: expected an object, got a list");
    }
}
