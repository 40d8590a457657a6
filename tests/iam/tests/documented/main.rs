//! The outcomes that IAM's pages document, as tables.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod conditions;
mod operators;
mod statements;

use iam_evaluation::{Context, Decision, Policy, Request, Written};
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
