//! Digests by which one job is told from another.
//!
//! Both are SHA-256 in hexadecimal, 64 characters, of the policy as JSON with its keys in
//! alphabetical order: the order of fields, in a policy or in this code, makes no difference.

use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};

use crate::Job;

/// What a job does, and to what.
const WORK: [&str; 8] = [
    "job",
    "cluster",
    "database",
    "purge",
    "archive",
    "partitions",
    "call",
    "statement",
];

/// The digest of what `job` does: its name, its cluster and database, and its kind with all that
/// belongs to it. How gently, when and as whom it works makes no difference, so that a run goes on
/// when that is changed. The time zone counts where it says when partitions begin.
#[must_use]
pub fn spec(job: &Job) -> String {
    let mut fields = fields(job);
    let zone = job.partitions.is_some();
    fields.retain(|name, _| WORK.contains(&name.as_str()) || (zone && name == "time_zone"));
    hex(&fields)
}

/// The digest of all that `job` says but its mode: a plan run has proven the job that has the same
/// one, and no other.
#[must_use]
pub fn proof(job: &Job) -> String {
    let mut fields = fields(job);
    fields.remove("mode");
    hex(&fields)
}

fn fields(job: &Job) -> Map<String, Value> {
    // Every field is a text, a number or a list of these: there is nothing to fail on.
    match serde_json::to_value(job) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn hex(fields: &Map<String, Value>) -> String {
    let mut text = String::new();
    spell_object(fields, &mut text);
    let hash = digest(&SHA256, text.as_bytes());
    let digits = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

fn spell(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => spell_object(fields, text),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                spell(item, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn spell_object(fields: &Map<String, Value>, text: &mut String) {
    let mut names: Vec<(&String, &Value)> = fields.iter().collect();
    names.sort_by_key(|(name, _)| *name);
    text.push('{');
    for (name, value) in names {
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        spell(value, text);
        text.push(',');
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy() -> Value {
        json!({
            "job": "purge-logs", "cluster": "orders", "secret": "orders/jobs", "database": "shop",
            "purge": {"table": "logs", "column": "at", "older_than": "30d"},
        })
    }

    fn with(changes: &Value) -> Job {
        let mut policy = policy();
        for (name, value) in changes.as_object().unwrap() {
            policy[name] = value.clone();
        }
        serde_json::from_value(policy).unwrap()
    }

    #[test]
    fn the_digests_stay_what_they_are() {
        let job = with(&json!({}));
        let as_text = format!("{}\n{}", spec(&job), proof(&job));
        insta::assert_snapshot!(as_text, @r"
        9650bdac4f284dfaf57e71a27bffc150811c7de024849aca15de4c74e6fbf79f
        0415af443b8fc1ecc0bef7af9c0f0683e38819c00b855e9d3d8785debd0b47ae
        ");
    }

    #[test]
    fn what_a_job_does_changes_both() {
        let (known, proven) = (spec(&with(&json!({}))), proof(&with(&json!({}))));
        for change in [
            json!({"job": "purge-log"}),
            json!({"cluster": "billing"}),
            json!({"database": "web"}),
            json!({"purge": {"table": "logs", "column": "at", "older_than": "31d"}}),
            json!({"purge": null, "archive": policy()["purge"]}),
            json!({"purge": null, "call": {"procedure": "p"}}),
            json!({"purge": null, "statement": {"sql": "DO 1"}}),
        ] {
            let job = with(&change);
            assert_ne!(spec(&job), known, "{change}");
            assert_ne!(proof(&job), proven, "{change}");
        }
    }

    #[test]
    fn how_it_works_changes_the_proof_alone() {
        let (known, proven) = (spec(&with(&json!({}))), proof(&with(&json!({}))));
        for change in [
            json!({"secret": "orders/other"}),
            json!({"chunk": {"target_ms": 100}}),
            json!({"time_zone": "Europe/Berlin"}),
            json!({"windows": [{"from": "22:30", "to": "06:00"}]}),
            json!({"replaces_event": "shop.purge_logs"}),
            json!({"pause_after": 4}),
        ] {
            let job = with(&change);
            assert_eq!(spec(&job), known, "{change}");
            assert_ne!(proof(&job), proven, "{change}");
        }
    }

    #[test]
    fn a_plan_run_proves_the_job_that_is_then_applied() {
        let plan = with(&json!({"mode": "plan"}));
        for mode in [json!({}), json!({"mode": "apply"})] {
            assert_eq!(proof(&with(&mode)), proof(&plan));
            assert_eq!(spec(&with(&mode)), spec(&plan));
        }
    }

    #[test]
    fn the_zone_counts_where_it_says_when_partitions_begin() {
        let partitions = |zone: &str| {
            let kind = json!({"table": "hits", "every": "1d", "ahead": 3, "keep": "30d"});
            with(&json!({"purge": null, "partitions": kind, "time_zone": zone}))
        };
        assert_ne!(spec(&partitions("UTC")), spec(&partitions("Europe/Berlin")));
    }

    #[test]
    fn the_order_of_keys_makes_no_difference() {
        let one = json!({"a": 1, "b": [{"c": null, "d": "x"}]});
        let other = json!({"b": [{"d": "x", "c": null}], "a": 1});
        let of = |value: &Value| hex(value.as_object().unwrap());
        assert_eq!(of(&one), of(&other));
        assert_ne!(
            of(&one),
            of(&json!({"a": 1, "b": [{"c": "null", "d": "x"}]}))
        );
    }
}
