//! The outcomes that IAM's pages document, as tables.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use iam_evaluation::{Context, Decision, Policy, Request, Shortfall, Written};
use serde_json::{Value, json};

/// Whether a policy of these statements allows the action on the resource.
fn allows(statements: &Value, action: &str, resource: &str, context: &dyn Context) -> bool {
    matches!(
        decide(statements, action, resource, context),
        Decision::Allowed(_)
    )
}

fn decide(statements: &Value, action: &str, resource: &str, context: &dyn Context) -> Decision {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    let policy = Policy::parse(&policy).unwrap();
    let request = Request {
        action: &action.to_lowercase(),
        resource,
        context,
    };
    policy.evaluate(request).unwrap()
}

/// Whether an allow with this condition applies in this context.
fn holds(condition: &Value, context: &Written) -> bool {
    let statement = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition,
    });
    allows(&statement, "s3:GetObject", "arn:aws:s3:::a/b", context)
}

fn keys() -> Written {
    Written::default()
}

const QUEUE: &str = "arn:aws:sqs:us-east-2:123456789012:queue1";

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

/// Holds each operator's values against a key that has this value.
#[track_caller]
fn compare(value: &str, rows: &[(&str, Value, bool)]) {
    let context = keys().one("aws:PrincipalTag/key", value);
    for (operator, values, expected) in rows {
        let condition = json!({*operator: {"aws:PrincipalTag/key": values}});
        assert_eq!(holds(&condition, &context), *expected, "{condition}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
#[test]
fn texts_are_compared_with_or_without_case_and_wildcards() {
    compare(
        "iamuser-admin",
        &[
            ("StringEquals", json!("iamuser-admin"), true),
            ("StringEquals", json!("IamUser-Admin"), false),
            ("StringEquals", json!("iamuser-*"), false),
            ("StringEquals", json!("iamuser-admi?"), false),
            ("StringEquals", json!(["other", "iamuser-admin"]), true),
            ("StringNotEquals", json!("other"), true),
            ("StringNotEquals", json!(["other", "iamuser-admin"]), false),
            ("StringEqualsIgnoreCase", json!("IAMUSER-Admin"), true),
            ("StringEqualsIgnoreCase", json!("iamuser"), false),
            ("StringNotEqualsIgnoreCase", json!("IAMUSER-Admin"), false),
            ("StringLike", json!("iamuser-*"), true),
            ("StringLike", json!("IAMUSER-*"), false),
            ("StringNotLike", json!(["x*", "iamuser-?dmin"]), false),
        ],
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric>
#[test]
fn numbers_are_compared_as_numbers() {
    compare(
        "10",
        &[
            ("NumericEquals", json!("10.0"), true),
            ("NumericEquals", json!("11"), false),
            ("NumericNotEquals", json!(["9", "10"]), false),
            ("NumericNotEquals", json!(["9", "11"]), true),
            ("NumericLessThan", json!(10), false),
            ("NumericLessThan", json!(10.5), true),
            ("NumericLessThanEquals", json!("10"), true),
            ("NumericLessThanEquals", json!("9"), false),
            ("NumericGreaterThan", json!([9.5, 11]), true),
            ("NumericGreaterThan", json!("10"), false),
            ("NumericGreaterThanEquals", json!("10.5"), false),
            ("NumericGreaterThanEquals", json!("10"), true),
        ],
    );
    compare("ten", &[("NumericLessThan", json!("11"), false)]);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
#[test]
fn dates_are_compared_as_moments_however_they_are_written() {
    compare(
        "2020-01-01T00:00:02Z",
        &[
            ("DateEquals", json!("2020-01-01T01:00:02+01:00"), true),
            ("DateNotEquals", json!("2020-01-01T00:00:02Z"), false),
            ("DateGreaterThan", json!("2020-01-01T00:00:01Z"), true),
            ("DateGreaterThan", json!("2020-01-01"), true),
            ("DateLessThan", json!("2020-01-01"), false),
            ("DateLessThanEquals", json!("2020-01-02"), true),
            ("DateGreaterThanEquals", json!("1577836802"), true),
            ("DateGreaterThanEquals", json!(1_577_836_803), false),
        ],
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean>
#[test]
fn truth_values_are_compared_as_such() {
    compare(
        "true",
        &[
            ("Bool", json!("true"), true),
            ("Bool", json!(true), true),
            ("Bool", json!(false), false),
            ("Bool", json!(["true", "false"]), true),
        ],
    );
    compare("yes", &[("Bool", json!("true"), false)]);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[test]
fn arn_equals_and_arn_like_are_the_same() {
    let value = "arn:aws:sns:us-east-2:123456789012:TOPIC-ID";
    for (pattern, expected) in [
        ("arn:aws:sns:*:123456789012:TOPIC-??", true),
        ("arn:aws:sns:us-east-2:*:topic-id", false),
        ("arn:aws:sqs:*:*:*", false),
    ] {
        let rows = [
            ("ArnEquals", json!(pattern), expected),
            ("ArnLike", json!(pattern), expected),
            ("ArnNotEquals", json!(pattern), !expected),
            ("ArnNotLike", json!(pattern), !expected),
        ];
        compare(value, &rows);
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null>
#[test]
fn null_asks_whether_the_key_is_there() {
    let there = keys().one("aws:TokenIssueTime", "2020-01-01T00:00:00Z");
    for (value, with, without) in [("true", false, true), ("false", true, false)] {
        let condition = json!({"Null": {"aws:TokenIssueTime": value}});
        assert_eq!(holds(&condition, &there), with, "{condition}");
        assert_eq!(holds(&condition, &keys()), without, "{condition}");
    }
    let none = json!({"Null": {"aws:TagKeys": "true"}});
    assert!(holds(&none, &keys().set("aws:TagKeys", &[])));
    assert!(!holds(&none, &keys().set("aws:TagKeys", &["team"])));
}

/// "If the key that you specify in a policy condition is not present in the request context, the
/// values do not match and the condition is false. If the policy condition requires that the key
/// is not matched, […] the condition is true."
#[test]
fn a_missing_key_fails_what_matches_and_passes_what_must_not() {
    for (operator, value, expected) in [
        ("StringEquals", "x", false),
        ("StringLike", "*", false),
        ("StringNotEquals", "x", true),
        ("StringNotLike", "*", true),
        ("StringNotEqualsIgnoreCase", "x", true),
        ("NumericEquals", "1", false),
        ("NumericNotEquals", "1", true),
        ("NumericLessThan", "1", false),
        ("DateNotEquals", "2020-01-01", true),
        ("DateGreaterThan", "2020-01-01", false),
        ("Bool", "false", false),
        ("ArnEquals", "arn:aws:sns:*:*:*", false),
        ("ArnNotLike", "arn:aws:sns:*:*:*", true),
        ("StringEqualsIfExists", "x", true),
        ("StringNotEqualsIfExists", "x", true),
        ("NumericLessThanIfExists", "1", true),
        ("BoolIfExists", "false", true),
        ("ArnLikeIfExists", "arn:aws:sns:*:*:*", true),
    ] {
        let condition = json!({operator: {"aws:PrincipalTag/absent": value}});
        assert_eq!(holds(&condition, &keys()), expected, "{condition}");
    }
}

/// The page's example: `ec2:RunInstances` is evaluated on resources without `ec2:InstanceType` too.
#[test]
fn if_exists_tests_a_key_only_where_it_is() {
    let allows = |operator: &str, context: &Written| {
        holds(
            &json!({operator: {"ec2:InstanceType": ["t1.*", "t2.*", "m3.*"]}}),
            context,
        )
    };
    let small = keys().one("ec2:InstanceType", "t2.micro");
    let large = keys().one("ec2:InstanceType", "x1.32xlarge");
    for (context, like, if_exists) in [
        (&small, true, true),
        (&large, false, false),
        (&keys(), false, true),
    ] {
        assert_eq!(allows("StringLike", context), like);
        assert_eq!(allows("StringLikeIfExists", context), if_exists);
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn set_operators_compare_every_value_or_any() {
    let (key, policy) = ("dynamodb:Attributes", ["PostDateTime", "Message", "Tags"]);
    let of = |values: &[&str]| keys().set(key, values);
    for (context, all, any, none_of, other_than) in [
        (of(&["PostDateTime", "Message"]), true, true, false, false),
        (of(&["PostDateTime", "UserName"]), false, true, false, true),
        (of(&["ID"]), false, false, true, true),
        // A null data set: no value, an empty one, no key.
        (of(&[]), true, false, true, false),
        (of(&[""]), true, false, true, false),
        (keys(), true, false, true, false),
    ] {
        for (operator, expected) in [
            ("ForAllValues:StringEquals", all),
            ("ForAnyValue:StringEquals", any),
            ("ForAllValues:StringLike", all),
            ("ForAllValues:StringNotEquals", none_of),
            ("ForAnyValue:StringNotEquals", other_than),
        ] {
            let condition = json!({operator: {key: policy}});
            assert_eq!(
                holds(&condition, &context),
                expected,
                "{operator} on {context:?}"
            );
        }
    }
}

/// "You can prevent missing context keys […] from evaluating to true by including a Null condition."
#[test]
fn null_false_beside_for_all_values_asks_for_the_key() {
    let condition = json!({
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        "Null": {"aws:TagKeys": "false"},
    });
    assert!(holds(&condition, &keys().set("aws:TagKeys", &["team"])));
    assert!(!holds(&condition, &keys()));
    assert!(!holds(
        &condition,
        &keys().set("aws:TagKeys", &["team", "other"])
    ));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[test]
fn operators_and_keys_must_all_hold_and_one_value_is_enough() {
    let condition = json!({
        "StringEquals": {
            "aws:PrincipalTag/department": ["finance", "hr", "legal"],
            "aws:PrincipalTag/role": ["audit", "security"],
        },
        "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::222222222222:user/Ana", "arn:aws:iam::222222222222:user/Mary"]},
    });
    let of = |department: &str, role: &str, user: &str| {
        let context = keys().one("aws:PrincipalTag/department", department);
        let context = context.one("aws:PrincipalTag/role", role);
        context.one(
            "aws:PrincipalArn",
            &format!("arn:aws:iam::222222222222:user/{user}"),
        )
    };
    for (department, role, user, expected) in [
        ("finance", "audit", "Mary", true),
        ("hr", "audit", "Mary", true),
        ("hr", "sales", "Mary", false),
        ("HR", "audit", "Mary", false),
        ("legal", "security", "Nikki", false),
    ] {
        assert_eq!(
            holds(&condition, &of(department, role, user)),
            expected,
            "{department} {role} {user}"
        );
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn a_policy_variable_is_the_requests_value_and_a_statement_without_it_does_not_apply() {
    let statement = json!([
        {
            "Effect": "Allow", "Action": "s3:*",
            "Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/department}/*",
            "Condition": {"StringLike": {"s3:prefix": ["${aws:username}/*"]}},
        },
    ]);
    let context = keys().one("aws:PrincipalTag/department", "hr");
    let context = context
        .one("aws:username", "David")
        .one("s3:prefix", "David/x");
    assert!(allows(
        &statement,
        "s3:GetObject",
        "arn:aws:s3:::bucket/hr/x",
        &context
    ));
    assert!(!allows(
        &statement,
        "s3:GetObject",
        "arn:aws:s3:::bucket/it/x",
        &context
    ));
    let unknown = keys()
        .one("aws:username", "David")
        .one("s3:prefix", "David/x");
    let decision = decide(
        &statement,
        "s3:GetObject",
        "arn:aws:s3:::bucket//x",
        &unknown,
    );
    let Decision::NotAllowed(Some(miss)) = decision else {
        panic!("{decision:?}")
    };
    assert_eq!(
        miss.shortfall,
        Shortfall::Variable("aws:PrincipalTag/department".into())
    );
}

#[test]
fn key_names_have_no_case() {
    let condition = json!({"StringEquals": {"AWS:sourcevpce": "vpce-1"}});
    assert!(holds(&condition, &keys().one("aws:SourceVpce", "vpce-1")));
}

#[test]
fn an_operator_without_a_set_operator_on_several_values_is_no_comparison_iam_defines() {
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:TagKeys": "team"}},
    }});
    let policy = Policy::parse(&policy).unwrap();
    let context = keys().set("aws:TagKeys", &["team"]);
    let request = Request {
        action: "s3:getobject",
        resource: "*",
        context: &context,
    };
    let undefined = policy.evaluate(request).unwrap_err();
    assert!(
        undefined.to_string().contains("aws:TagKeys is multivalued"),
        "{undefined}"
    );
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
