//! What is wider than AWS needs, and the table that shows all.

use iam_evaluation::{excess, table};
use serde_json::{Value, json};

use crate::{CLUSTERS, SNAPSHOTS, allow, role, roles, statement, statements};

#[test]
fn what_is_wider_than_aws_needs_is_found() {
    let tagged = json!({"StringEquals": {"aws:ResourceTag/a": "b"}});
    let none = Value::Null;
    for (actions, resource, condition, found) in [
        (
            json!("rds:DeleteDBClusterSnapshot"),
            "*",
            &tagged,
            "could be limited to cluster-snapshot",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            SNAPSHOTS,
            &none,
            "every cluster-snapshot, and no condition",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            "arn:aws:rds:*:*:cluster-snapshot:*",
            &tagged,
            "wider than",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            "arn:aws:rds:eu-central-1:123456789012:*",
            &tagged,
            "wider than",
        ),
        (json!("rds:Delete*"), SNAPSHOTS, &tagged, "has a wildcard"),
        (
            json!("rds:StopDBCluster"),
            CLUSTERS,
            &tagged,
            "not in service-authorization.json",
        ),
        (
            json!("secretsmanager:GetSecretValue"),
            "*",
            &none,
            "could be limited to Secret",
        ),
        (
            json!("sns:Publish"),
            "arn:aws:sns:eu-central-1:123456789012:*",
            &none,
            "every topic",
        ),
        (
            json!("rds:DescribeEvents"),
            CLUSTERS,
            &none,
            "knows no resources",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            SNAPSHOTS,
            &json!({"StringEquals": {"aws:RequestTag/a": "b"}}),
            "AWS knows no aws:RequestTag/a",
        ),
        (
            json!("rds:AddTagsToResource"),
            SNAPSHOTS,
            &json!({"StringLike": {"aws:TagKeys": "a"}}),
            "StringLike aws:TagKeys needs ForAllValues",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            SNAPSHOTS,
            &json!({"ForAnyValue:StringLike": {"aws:ResourceTag/a": "b"}}),
            "must not have",
        ),
        // What a request without the tag meets narrows nothing.
        (
            json!("rds:DeleteDBClusterSnapshot"),
            SNAPSHOTS,
            &json!({"StringEqualsIfExists": {"aws:ResourceTag/a": "b"}}),
            "no condition narrows",
        ),
        (
            json!("rds:DeleteDBClusterSnapshot"),
            SNAPSHOTS,
            &json!({"StringNotEquals": {"aws:ResourceTag/a": "b"}}),
            "no condition narrows",
        ),
    ] {
        let wide = statement(
            "function",
            "always",
            &allow("Wide", &actions, &json!(resource), condition),
        );
        let findings = excess::of(&role(&[wide]));
        let finds = findings.len() == 1 && findings[0].contains(found);
        assert!(
            finds,
            "{actions} on {resource}: {findings:?} should say {found}"
        );
    }
}

#[test]
fn listings_may_be_of_everything() {
    let actions = json!(["rds:DescribeDBClusters", "cloudwatch:DescribeAlarms"]);
    let list = allow("List", &actions, &json!("*"), &Value::Null);
    assert_eq!(
        excess::of(&role(&[statement("function", "always", &list)])),
        [""; 0]
    );
}

#[test]
fn what_tells_everything_only_on_everything_is_allowed_there() {
    let alarms = json!("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*");
    let read = allow(
        "Read",
        &json!("cloudwatch:DescribeAlarms"),
        &alarms,
        &Value::Null,
    );
    let findings = excess::of(&role(&[statement("function", "always", &read)]));
    assert!(findings[0].contains("allow it on *"), "{findings:?}");
}

#[test]
fn an_allow_of_everything_but_is_found() {
    let but = json!({"Sid": "But", "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"});
    let findings = excess::of(&role(&[statement("function", "always", &but)]));
    assert!(findings[0].contains("NotAction"), "{findings:?}");
}

#[test]
fn the_table_has_a_row_for_each_statement_as_the_template_writes_it() {
    let mut statements = statements();
    statements[0]["written"] = json!({
        "resources": ["arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:*", "${TopicArn}"],
        "conditions": {
            "StringEquals": {"aws:RequestTag/team": ["shop", "${Team}"]},
            "ForAnyValue:StringLike": {"aws:TagKeys": ["a*"]},
            "Null": {"aws:TagKeys": ["false"], "aws:SourceVpce": ["true"]},
        },
    });
    statements[3]["when"] = "not HasInbox".into();
    let mut deny = allow(
        "KeepOut",
        &json!("ec2:DetachNetworkInterface"),
        &json!("*"),
        &Value::Null,
    );
    deny["Effect"] = "Deny".into();
    statements.push(statement("lambda", "always", &deny));
    let table = table::markdown(&roles(&statements), ["f"]).unwrap();
    let expected = "\
        | function | access | action | on | only if | what for |\n\
        |---|---|---|---|---|---|\n\
        | f | Write | `rds:CreateDBClusterSnapshot` | `cluster:*`, `TopicArn` | \
        `aws:TagKeys` ForAnyValue:StringLike `a*` and `aws:SourceVpce` is not there and `aws:TagKeys` is there and \
        `aws:RequestTag/team` = `shop` or `Team` | create |\n\
        | f | Tagging | `rds:AddTagsToResource` |  |  | tag; RDS asks for it |\n\
        | f | Write | `rds:DeleteDBClusterSnapshot` |  |  | delete |\n\
        | f | Write | `sns:Publish` |  |  | publish; without `HasInbox` |\n\
        | f | Write | `kms:Decrypt`, `kms:GenerateDataKey` |  |  | use key; SNS asks for it; with `HasKey` |\n\
        | f | Write | `logs:CreateLogStream`, `logs:PutLogEvents` |  |  | log; Lambda does it |\n\
        | f | Write | `sqs:SendMessage` |  |  | keep; Lambda does it |\n\
        | f | denied | `ec2:DetachNetworkInterface` |  |  | keep out |\n";
    assert_eq!(table, expected);
}
