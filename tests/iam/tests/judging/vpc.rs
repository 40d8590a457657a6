//! What Lambda needs for a function in a VPC, and the function's own code must not have.

use iam_evaluation::{Role, Roles, excess};
use serde_json::{Value, json};

use crate::{allow, made, role, statement};

const INTERFACES: &str = "arn:aws:ec2:eu-central-1:123456789012:*/*";

fn connect() -> Value {
    let resources = json!([INTERFACES, "arn:aws:ec2:eu-central-1:*:subnet/*"]);
    let actions = json!(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]);
    allow("Connect", &actions, &resources, &Value::Null)
}

fn look() -> Value {
    allow(
        "Look",
        &json!("ec2:DescribeSubnets"),
        &json!("*"),
        &Value::Null,
    )
}

fn keep(actions: &Value, resources: &str, function: &str) -> Value {
    let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{function}");
    let condition = json!({"ArnEquals": {"lambda:SourceFunctionArn": arn}});
    let mut iam = allow("Keep", actions, &json!(resources), &condition);
    iam["Effect"] = "Deny".into();
    iam
}

fn all() -> Value {
    json!([
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets"
    ])
}

fn of(iam: &[Value]) -> Role {
    let statements: Vec<_> = iam
        .iter()
        .map(|iam| statement("lambda", "always", iam))
        .collect();
    role(&statements)
}

#[test]
fn what_the_code_is_denied_may_be_as_wide_as_lambda_needs_it() {
    let kept = of(&[connect(), look(), keep(&all(), "*", "nightshift-f")]);
    assert_eq!(excess::of(&kept), [""; 0]);
}

#[test]
fn what_is_denied_in_part_or_to_another_function_is_too_wide() {
    let some = json!(["ec2:CreateNetworkInterface", "ec2:DescribeSubnets"]);
    let interfaces = "arn:aws:ec2:eu-central-1:123456789012:network-interface/*";
    let look_is_open = "Look: ec2:DescribeSubnets on * is used by Lambda only; deny it to the code";
    let delete_is_open = "Connect: ec2:DeleteNetworkInterface on";
    for (deny, said) in [
        (vec![], [delete_is_open, look_is_open].as_slice()),
        (vec![keep(&some, "*", "nightshift-f")], &[delete_is_open]),
        (
            vec![keep(&all(), interfaces, "nightshift-f")],
            &[delete_is_open, look_is_open],
        ),
        (
            vec![keep(&all(), "*", "nightshift-g")],
            &[delete_is_open, look_is_open],
        ),
    ] {
        let iam: Vec<_> = [connect(), look()].into_iter().chain(deny).collect();
        let found = excess::of(&of(&iam)).join("\n");
        assert!(said.iter().all(|said| found.contains(said)), "{found}");
    }
}

#[test]
fn lambda_may_what_the_functions_code_may_not() {
    let ask = |action: &str, resource: &str| json!({"by": "lambda", "when": "always", "action": action, "resource": resource});
    let clusters = allow(
        "Clusters",
        &json!("rds:DescribeDBClusters"),
        &json!("*"),
        &Value::Null,
    );
    let actions = json!(["ec2:DescribeSubnets", "rds:DescribeDBClusters"]);
    let statements = [look(), clusters, keep(&actions, "*", "nightshift-f")];
    let statements = statements.map(|iam| statement("lambda", "always", &iam));
    let entry = json!([{
        "function": "f", "user": "function", "partition": "aws", "region": "eu-central-1",
        "account": "123456789012", "deployments": [{}], "statements": statements, "inbox": null,
        "asks": [ask("ec2:DescribeSubnets", "*")],
    }]);
    let role = Roles::parse(&entry.to_string()).unwrap().role("f").unwrap();
    assert!(role.judge_services().all(|judged| judged.is_ok()));
    let denied = made("rds", "DescribeDBClusters", &[])
        .by(&role)
        .unwrap_err();
    assert!(denied.to_string().ends_with("Keep denies it"), "{denied}");
}
