//! What holds for every policy and every request.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use iam_evaluation::{Decision, Policy, Request, Written};
use proptest::prelude::*;
use serde_json::{Value, json};

const ACTIONS: [&str; 5] = [
    "rds:*",
    "rds:Delete*",
    "rds:DeleteDBCluster",
    "sns:Publish",
    "*",
];
const RESOURCES: [&str; 4] = [
    "*",
    "arn:aws:rds:eu-central-1:123456789012:cluster:*",
    "arn:aws:rds:eu-central-1:123456789012:cluster:orders",
    "arn:aws:rds:*:*:cluster:o*s",
];
const OPERATORS: [&str; 8] = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "StringEqualsIfExists",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringLike",
    "ForAnyValue:StringNotEquals",
];
const VALUES: [&str; 4] = ["a", "b", "a*", ""];

fn condition() -> impl Strategy<Value = Value> {
    let values = prop::collection::vec(prop::sample::select(&VALUES), 1..3);
    let operator = prop::sample::select(&OPERATORS);
    (operator, values)
        .prop_map(|(operator, values)| json!({operator: {"aws:ResourceTag/t": values}}))
}

fn statement() -> impl Strategy<Value = Value> {
    let effect = prop::sample::select(&["Allow", "Deny"]);
    let action = (prop::bool::ANY, prop::sample::select(&ACTIONS));
    let resource = (prop::bool::ANY, prop::sample::select(&RESOURCES));
    let parts = (effect, action, resource, prop::option::of(condition()));
    parts.prop_map(
        |(effect, (not_action, action), (not_resource, resource), condition)| {
            let mut statement = json!({"Effect": effect});
            statement[if not_action { "NotAction" } else { "Action" }] = action.into();
            statement[if not_resource {
                "NotResource"
            } else {
                "Resource"
            }] = resource.into();
            if let Some(condition) = condition {
                statement["Condition"] = condition;
            }
            statement
        },
    )
}

/// An action, a resource, and the tag `t` it may have.
type Asked = (&'static str, &'static str, Option<&'static str>);

fn asked() -> impl Strategy<Value = Asked> {
    let action = prop::sample::select(&[
        "rds:deletedbcluster",
        "rds:describedbclusters",
        "sns:publish",
    ]);
    let resource = prop::sample::select(&[
        "*",
        "arn:aws:rds:eu-central-1:123456789012:cluster:orders",
        "arn:aws:rds:eu-central-1:123456789012:cluster:x",
    ]);
    (
        action,
        resource,
        prop::option::of(prop::sample::select(&VALUES)),
    )
}

fn decide(statements: &[Value], (action, resource, tag): Asked) -> Decision {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    let policy = Policy::parse(&policy).unwrap();
    let context = tag.map_or_else(Written::default, |tag| {
        Written::default().one("aws:ResourceTag/t", tag)
    });
    let request = Request {
        action,
        resource,
        context: &context,
    };
    policy.evaluate(request).unwrap()
}

fn allowed(statements: &[Value], asked: Asked) -> bool {
    matches!(decide(statements, asked), Decision::Allowed(_))
}

fn with(statements: &[Value], more: &Value, effect: &str) -> Vec<Value> {
    let mut more = more.clone();
    more["Effect"] = effect.into();
    let mut all = statements.to_vec();
    all.push(more);
    all
}

proptest! {
    #[test]
    fn another_deny_never_allows_more(
        statements in prop::collection::vec(statement(), 0..5), more in statement(), asked in asked(),
    ) {
        let more = with(&statements, &more, "Deny");
        prop_assert!(!allowed(&more, asked) || allowed(&statements, asked));
    }

    #[test]
    fn another_allow_never_denies(
        statements in prop::collection::vec(statement(), 0..5), more in statement(), asked in asked(),
    ) {
        let more = with(&statements, &more, "Allow");
        prop_assert!(allowed(&more, asked) || !allowed(&statements, asked));
    }

    #[test]
    fn the_order_of_statements_does_not_matter(
        statements in prop::collection::vec(statement(), 0..5), asked in asked(),
    ) {
        let reversed: Vec<Value> = statements.iter().rev().cloned().collect();
        prop_assert_eq!(allowed(&statements, asked), allowed(&reversed, asked));
    }

    #[test]
    fn an_allow_names_statements_that_allow_it_by_themselves(
        statements in prop::collection::vec(statement(), 0..5), asked in asked(),
    ) {
        if let Decision::Allowed(grants) = decide(&statements, asked) {
            prop_assert!(!grants.is_empty());
            for grant in grants {
                prop_assert!(allowed(&statements[grant.statement..=grant.statement], asked));
            }
        }
    }

    #[test]
    fn a_pattern_without_wildcards_is_itself_and_a_star_is_everything(text in "[a-z*?:/]{0,12}") {
        let like = |pattern: &str, text: &str| {
            let statement = json!({
                "Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {"StringLike": {"aws:ResourceTag/t": pattern}},
            });
            let policy = json!({"Version": "2012-10-17", "Statement": statement});
            let policy = Policy::parse(&policy).unwrap();
            let context = Written::default().one("aws:ResourceTag/t", text);
            let request = Request { action: "a:b", resource: "*", context: &context };
            matches!(policy.evaluate(request).unwrap(), Decision::Allowed(_))
        };
        prop_assert!(like("*", &text));
        prop_assert!(like(&text, &text));
        let literal: String = text.chars().map(|c| match c {
            '*' => "${*}".to_owned(),
            '?' => "${?}".to_owned(),
            c => c.to_string(),
        }).collect();
        prop_assert!(like(&literal, &text));
        let longer = text.clone() + "x";
        prop_assert!(!like(&literal, &longer));
    }
}
