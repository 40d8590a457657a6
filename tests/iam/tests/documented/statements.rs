//! Statements: effects, actions, resources, and what a decision says.

use iam_evaluation::{Decision, Policy, Shortfall};
use serde_json::{Value, json};

use crate::{QUEUE, allows, decide, keys};

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
#[test]
fn nothing_is_allowed_unless_said_and_a_deny_beats_every_allow() {
    let allow = json!({"Sid": "A", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let deny =
        json!({"Sid": "D", "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": QUEUE});
    let both = [json!([allow, deny]), json!([deny, allow])];
    assert!(allows(&allow, "sqs:SendMessage", QUEUE, &keys()));
    for both in &both {
        let denied = decide(both, "sqs:SendMessage", QUEUE, &keys());
        assert!(matches!(denied, Decision::Denied { .. }), "{denied:?}");
        assert!(allows(both, "sqs:ReceiveMessage", QUEUE, &keys()));
    }
    let nothing = decide(&deny, "sqs:ReceiveMessage", QUEUE, &keys());
    assert_eq!(nothing, Decision::NotAllowed(None));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
#[test]
fn actions_have_wildcards_and_no_case() {
    for (pattern, action, expected) in [
        ("iam:*AccessKey*", "iam:CreateAccessKey", true),
        ("iam:*AccessKey*", "iam:ListAccessKeys", true),
        ("iam:*AccessKey*", "iam:ListUsers", false),
        ("IAM:listaccesskeys", "iam:ListAccessKeys", true),
        ("s3:Get?bject", "s3:GetObject", true),
        ("s3:*", "s3express:GetObject", false),
        ("*", "rds:DeleteDBCluster", true),
    ] {
        let statement = json!({"Effect": "Allow", "Action": pattern, "Resource": "*"});
        let allowed = allows(&statement, action, "*", &keys());
        assert_eq!(allowed, expected, "{pattern} on {action}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html>
#[test]
fn the_not_elements_reach_everything_else() {
    let statement = json!({
        "Effect": "Allow", "NotAction": ["iam:*", "s3:DeleteBucket"],
        "NotResource": ["arn:aws:s3:::secret", "arn:aws:s3:::secret/*"],
    });
    for (action, resource, expected) in [
        ("s3:GetObject", "arn:aws:s3:::open/a", true),
        ("s3:GetObject", "arn:aws:s3:::secret/a", false),
        ("s3:DeleteBucket", "arn:aws:s3:::open", false),
        ("iam:ListUsers", "arn:aws:s3:::open", false),
    ] {
        let allowed = allows(&statement, action, resource, &keys());
        assert_eq!(allowed, expected, "{action} on {resource}");
    }
}

#[test]
fn a_denial_names_the_statement_that_came_nearest() {
    let statements = json!([
        {"Sid": "Other", "Effect": "Allow", "Action": "sns:Publish", "Resource": "*"},
        {"Sid": "Elsewhere", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-2:123456789012:queue2"},
        {
            "Sid": "Conditional", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE,
            "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:RequestedRegion": "us-east-2"}},
        },
    ]);
    let context = keys().one("aws:SecureTransport", "true");
    for (action, context, expected) in [
        (
            "sqs:SendMessage",
            &context,
            Some((2, Shortfall::Condition(1))),
        ),
        (
            "sqs:SendMessage",
            &keys(),
            Some((2, Shortfall::Condition(0))),
        ),
        (
            "sqs:ReceiveMessage",
            &keys(),
            Some((1, Shortfall::Resource)),
        ),
        ("rds:DeleteDBCluster", &keys(), None),
    ] {
        let Decision::NotAllowed(miss) = decide(&statements, action, QUEUE, context) else {
            panic!("{action} is decided otherwise")
        };
        let miss = miss.map(|miss| (miss.statement, miss.shortfall));
        assert_eq!(miss, expected, "{action}");
    }
}

#[test]
fn what_is_not_understood_is_an_error_that_names_it() {
    let statement = |change: Value| {
        let mut statement =
            json!({"Sid": "S", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"});
        for (element, value) in change.as_object().unwrap() {
            statement[element] = value.clone();
        }
        json!({"Version": "2012-10-17", "Statement": [statement]})
    };
    let condition =
        |operator: &str, value: Value| statement(json!({"Condition": {operator: {"a:b": value}}}));
    for (policy, named) in [
        (
            json!({"Version": "2012-10-17", "Statement": [], "Extra": 1}),
            "Extra",
        ),
        (json!({"Version": "2020-01-01", "Statement": []}), "Version"),
        (json!({"Version": "2012-10-17"}), "no Statement"),
        (statement(json!({"Principal": "*"})), "Principal"),
        (statement(json!({"Effect": "allow"})), "Effect"),
        (statement(json!({"Action": "GetObject"})), "GetObject"),
        (statement(json!({"Action": []})), "Action"),
        (statement(json!({"NotAction": "s3:*"})), "Action"),
        (statement(json!({"Resource": 1})), "Resource"),
        (
            statement(json!({"Resource": "arn:aws:s3:*"})),
            "arn:aws:s3:*",
        ),
        (condition("StringSame", json!("x")), "StringSame"),
        (condition("IpAddress", json!("10.0.0.0/8")), "IpAddress"),
        (
            condition("ForSomeValues:StringEquals", json!("x")),
            "ForSomeValues",
        ),
        (condition("NullIfExists", json!("true")), "Null"),
        (condition("ForAllValues:Null", json!("true")), "Null"),
        (condition("NumericEquals", json!("ten")), "ten"),
        (condition("Bool", json!("${aws:x}")), "${aws:x}"),
        (condition("DateLessThan", json!("soon")), "soon"),
        (condition("ArnLike", json!("*")), "six"),
        (condition("StringEquals", json!([])), "no value"),
        (condition("StringEquals", json!({"x": 1})), "not a value"),
    ] {
        let error = Policy::parse(&policy).map(drop).unwrap_err().to_string();
        assert!(error.contains(named), "{error} does not name {named}");
    }
}
