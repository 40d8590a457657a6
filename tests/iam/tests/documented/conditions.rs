//! Conditions of several operators, keys and values, of missing keys and of variables.

use iam_evaluation::{Decision, Policy, Request, Shortfall, Written};
use serde_json::json;

use crate::{allows, decide, holds, keys};

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
