use serde_json::{Value, json};

use crate::Policy;

fn error(mut json: Value) -> String {
    json["schedule"] = json
        .get("schedule")
        .cloned()
        .unwrap_or_else(|| json!("nightly"));
    handler::policy::parse::<Policy>(&json)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_policy_that_makes_no_sense_is_refused_by_field() {
    insta::assert_snapshot!(error(json!({"schedule": "Nightly"})), @r#"policy.schedule: expected a schedule name of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter, got "Nightly""#);
    insta::assert_snapshot!(error(json!({"schedule": "a-schedule-name-too-long"})), @r#"policy.schedule: expected a schedule name of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter, got "a-schedule-name-too-long""#);
    insta::assert_snapshot!(error(json!({"clusters": {"ids": []}})), @"policy.clusters.ids: expected at least one cluster identifier, got none");
    insta::assert_snapshot!(error(json!({"clusters": {"ids": ["a b"]}})), @"policy.clusters.ids: expected DB cluster identifiers (1 to 63 letters, digits and hyphens), got another text");
    insta::assert_snapshot!(error(json!({"quota_warn_percent": 101})), @"policy.quota_warn_percent: expected a whole number from 1 to 100, got 101");
    insta::assert_snapshot!(error(json!({"tags": {"aws:x": "y"}})), @"policy.tags.aws:x: keys that begin with aws:, rds: or nightshift: are reserved");
    insta::assert_snapshot!(error(json!({"tags": {"nightshift:hold": "y"}})), @"policy.tags.nightshift:hold: keys that begin with aws:, rds: or nightshift: are reserved");
    insta::assert_snapshot!(error(json!({"tags": {"RDS:x": "y"}})), @"policy.tags.RDS:x: keys that begin with aws:, rds: or nightshift: are reserved");
    insta::assert_snapshot!(error(json!({"tags": {"x": "aws:y"}})), @r#"policy.tags.x: RDS takes no value that begins with aws: or rds:, got "aws:y""#);
    insta::assert_snapshot!(error(json!({"tags": {"x": "a;b"}})), @"policy.tags.x: expected letters, digits, spaces and any of _.:/=+-@, got ';'");
    insta::assert_snapshot!(error(json!({"tags": {"x": "v".repeat(257)}})), @"policy.tags.x: expected a key of 1 to 128 and a value of at most 256 characters");
    insta::assert_snapshot!(error(json!({"rpo": "0s"})), @"policy.rpo: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"quota_warn_percent": 300})), @"policy.quota_warn_percent: expected a whole number from 1 to 100, got 300");
    insta::assert_snapshot!(error(json!({"quota_warn": 80})), @"policy.quota_warn: unknown field quota_warn; known here: schedule, clusters, time_zone, copy_tags, rpo, quota_warn_percent, expire_after, tags, several_a_day, mode");
}
