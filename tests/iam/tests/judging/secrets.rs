//! What the calls of Secrets Manager ask for: the tags of a secret, the key it is encrypted with.

use iam_evaluation::{Coverage, Role, excess};
use serde_json::{Value, json};

use crate::{KEY, Made, allow, made, role, statement};

const OURS: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ours-a1b2c3";
const THEIRS: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:theirs-a1b2c3";
const EVERY: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:*";

/// Reads secrets that have our tag, writes those whose tag has our value, and notes the time.
fn statements() -> Vec<Value> {
    let tag = "secretsmanager:ResourceTag/nightshift:managed-by";
    let has_tag = json!({"Null": {(tag): "false"}});
    let ours = json!({"StringEquals": {(tag): "nightshift"}});
    let note = json!({
        "StringEquals": {(tag): "nightshift"},
        "ForAllValues:StringEquals": {"aws:TagKeys": "rotated-at"},
        "Null": {"aws:TagKeys": "false"},
    });
    let via =
        json!({"StringEquals": {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"}});
    let on_secrets = |sid: &str, action: &str, condition: &Value| {
        let iam = allow(
            sid,
            &json!(format!("secretsmanager:{action}")),
            &json!(EVERY),
            condition,
        );
        statement("function", "always", &iam)
    };
    let key = allow(
        "Key",
        &json!(["kms:Decrypt", "kms:GenerateDataKey"]),
        &json!(KEY),
        &via,
    );
    vec![
        on_secrets("Read", "GetSecretValue", &has_tag),
        on_secrets("Write", "PutSecretValue", &ours),
        on_secrets("Note", "TagResource", &note),
        statement("secretsmanager", "HasKey", &key),
    ]
}

fn on(operation: &'static str, secret: &'static str) -> Made {
    made("secretsmanager", operation, &[("SecretId", secret)])
}

fn tagging(tags: &'static str) -> Made {
    made(
        "secretsmanager",
        "TagResource",
        &[("SecretId", OURS), ("Tags", tags)],
    )
}

fn rotating() -> Role {
    role(&statements())
}

#[test]
fn a_secret_is_read_and_written_by_its_tags() {
    for (call, allowed) in [
        (on("GetSecretValue", OURS), true),
        (on("GetSecretValue", THEIRS), false),
        (on("PutSecretValue", OURS), true),
        (on("PutSecretValue", THEIRS), false),
        (tagging(r#"[{"Key":"rotated-at","Value":"now"}]"#), true),
        (
            tagging(r#"[{"Key":"nightshift:managed-by","Value":"me"}]"#),
            false,
        ),
        // No tag at all would meet ForAllValues.
        (tagging("[]"), false),
    ] {
        assert_eq!(call.by(&rotating()).is_ok(), allowed, "{}", call.operation);
    }
}

#[test]
fn a_name_does_not_tell_which_secret_is_meant() {
    let denied = on("GetSecretValue", "ours").by(&rotating()).unwrap_err();
    let said = "only its ARN tells what is evaluated";
    assert!(denied.to_string().contains(said), "{denied}");
}

#[test]
fn an_encrypted_secret_takes_its_key_to_read_and_to_write() {
    let mut without = statements();
    without.pop();
    for (operation, asked) in [
        ("GetSecretValue", ["kms:Decrypt"].as_slice()),
        ("PutSecretValue", &["kms:Decrypt", "kms:GenerateDataKey"]),
    ] {
        let call = on(operation, OURS);
        assert!(
            call.by(&role(&without)).is_ok(),
            "the key of AWS needs no permission"
        );
        let denied = call.by(&role(&without).with_secrets_key(KEY)).unwrap_err();
        let said = format!("{} on {KEY} (asked by secretsmanager)", asked[0]);
        assert!(denied.to_string().contains(&said), "{denied}");
        let used = call.by(&rotating().with_secrets_key(KEY)).unwrap();
        assert_eq!(used.uses().len(), 1 + asked.len(), "{operation}");
    }
    let other = "arn:aws:kms:eu-central-1:123456789012:key/other";
    assert!(
        on("GetSecretValue", OURS)
            .by(&rotating().with_secrets_key(other))
            .is_err()
    );
}

#[test]
fn every_permission_of_it_is_used_and_none_is_too_wide() {
    let role = rotating().with_secrets_key(KEY);
    let mut coverage = Coverage::of(&role);
    let note = tagging(r#"[{"Key":"rotated-at","Value":"now"}]"#);
    for call in [on("GetSecretValue", OURS), on("PutSecretValue", OURS), note] {
        coverage.add(&call.by(&role).unwrap());
    }
    assert_eq!(coverage.unused(), [""; 0]);
    assert_eq!(coverage.misattributed(), [""; 0]);
    assert_eq!(excess::of(&role), [""; 0]);
}

#[test]
fn to_read_every_secret_without_a_condition_is_too_wide_and_to_write_every_tagged_one_is_too() {
    let mut wide = statements();
    wide[0]["iam"].as_object_mut().unwrap().remove("Condition");
    wide[1]["iam"]["Condition"] = wide[2]["iam"]["Condition"].clone();
    drop(
        wide[1]["iam"]["Condition"]
            .as_object_mut()
            .unwrap()
            .remove("StringEquals"),
    );
    let found = excess::of(&role(&wide)).join("\n");
    for said in [
        "Read: secretsmanager:GetSecretValue is allowed on every Secret",
        "Write: secretsmanager:PutSecretValue is allowed on every Secret",
    ] {
        assert!(found.contains(said), "{found}");
    }
}
