//! What each condition operator compares, and how.

use serde_json::{Value, json};

use crate::{holds, keys};

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
