//! What AWS does for a function: keys of topics, logs, queues, the schedule that invokes it.

use iam_evaluation::Roles;
use serde_json::{Value, json};

use crate::{KEY, QUEUE, TOPIC, allow, publish, role, roles, statement, statements};

#[test]
fn publishing_to_an_encrypted_topic_needs_its_key() {
    let mut without = statements();
    without.remove(4);
    let roles = roles(&without).deployments("f").unwrap();
    let allowed: Vec<bool> = roles
        .iter()
        .map(|role| publish(TOPIC).by(role).is_ok())
        .collect();
    // Without an inbox, with one, with one that has a key.
    assert_eq!(allowed, [false, true, false]);
    let denied = publish(TOPIC).by(&roles[2]).unwrap_err().to_string();
    assert!(
        denied.contains("kms:Decrypt on arn:aws:kms:") && denied.contains("(asked by sns)"),
        "{denied}"
    );
}

#[test]
fn the_key_is_that_of_the_inbox_and_of_no_other_topic() {
    let other = "arn:aws:sns:eu-central-1:123456789012:other";
    let mut without = statements();
    without.remove(4);
    without[3]["iam"]["Resource"] = json!([TOPIC, other]);
    let role = role(&without);
    assert!(publish(other).by(&role).is_ok());
    assert!(publish(TOPIC).by(&role).is_err());
}

#[test]
fn a_failure_record_for_an_encrypted_topic_needs_its_key_too() {
    let ask = json!({"by": "lambda", "when": "always", "action": "sns:Publish", "resource": TOPIC});
    let entry = |statements: &[Value]| {
        json!([{
            "function": "f", "user": "function", "partition": "aws", "region": "eu-central-1",
            "account": "123456789012", "deployments": [{}], "statements": statements, "asks": [ask],
            "inbox": {"when": "always", "topic": TOPIC, "key_when": "always", "key": KEY},
        }])
    };
    let mut statements = [statements()[3].clone(), statements()[4].clone()];
    for statement in &mut statements {
        statement["when"] = "always".into();
    }
    for (statements, expected) in [(&statements[..], true), (&statements[..1], false)] {
        let roles = Roles::parse(&entry(statements).to_string()).unwrap();
        let allowed = roles
            .role("f")
            .unwrap()
            .judge_services()
            .all(|judged| judged.is_ok());
        assert_eq!(allowed, expected);
    }
}

#[test]
fn what_aws_does_by_itself_must_be_allowed_too() {
    for (removed, asked) in [
        (5, "logs:CreateLogStream on arn:aws:logs:"),
        (6, "sqs:SendMessage on arn:aws:sqs:"),
    ] {
        let mut without = statements();
        without.remove(removed);
        let denied = role(&without)
            .judge_services()
            .find_map(Result::err)
            .unwrap();
        let said = denied.to_string();
        assert!(
            said.contains(asked) && said.contains("(asked by lambda)"),
            "{said}"
        );
    }
}

#[test]
fn the_role_of_a_schedule_is_another_than_the_functions() {
    let function = "arn:aws:lambda:eu-central-1:123456789012:function:f";
    let start = allow(
        "Start",
        &json!("lambda:InvokeFunction"),
        &json!(function),
        &Value::Null,
    );
    let entry = json!([{
        "function": "f", "user": "scheduler", "partition": "aws", "region": "eu-central-1",
        "account": "123456789012", "inbox": null, "deployments": [{}],
        "statements": [statement("scheduler", "always", &start)],
        "asks": [
            {"by": "scheduler", "when": "always", "action": "lambda:InvokeFunction", "resource": function},
            {"by": "scheduler", "when": "always", "action": "sqs:SendMessage", "resource": QUEUE},
        ],
    }]);
    let roles = Roles::parse(&entry.to_string()).unwrap();
    assert_eq!(roles.functions().count(), 0);
    let of_schedules = roles.schedules("f").unwrap();
    let judged: Vec<bool> = of_schedules[0]
        .judge_services()
        .map(|judged| judged.is_ok())
        .collect();
    assert_eq!(judged, [true, false]);
    assert!(of_schedules[0].is_of_schedules() && !role(&statements()).is_of_schedules());
    assert!(roles.schedules("other").unwrap().is_empty());
}
