//! A role held against calls: what it allows, what they used, what is too wide.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod calls;
mod secrets;
mod services;
mod vpc;
mod width;

use std::collections::BTreeMap;

use iam_evaluation::{Denied, Place, RecordedCall, Role, Roles, Tags};
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/k";

const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:failures";

const CLUSTERS: &str = "arn:aws:rds:eu-central-1:123456789012:cluster:*";

const SNAPSHOTS: &str = "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:*";

const LOG: &str = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/f";

fn statement(by: &str, when: &str, iam: &Value) -> Value {
    json!({"by": by, "when": when, "written": {"resources": [], "conditions": {}}, "iam": iam})
}

fn allow(sid: &str, actions: &Value, resources: &Value, condition: &Value) -> Value {
    let mut iam = json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources});
    if !condition.is_null() {
        iam["Condition"] = condition.clone();
    }
    iam
}

/// The statements of a function that takes and deletes snapshots, and mails.
fn statements() -> Vec<Value> {
    let ours = |key: &str| json!({"StringEquals": {(key): "nightshift"}});
    let request = ours("aws:RequestTag/nightshift:managed-by");
    let resource = ours("aws:ResourceTag/nightshift:managed-by");
    let context = json!({"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}});
    let log = format!("{LOG}:*");
    let (create, none) = ("rds:CreateDBClusterSnapshot", Value::Null);
    vec![
        statement(
            "function",
            "always",
            &allow(
                "Create",
                &json!(create),
                &json!([CLUSTERS, SNAPSHOTS]),
                &request,
            ),
        ),
        statement(
            "rds",
            "always",
            &allow(
                "Tag",
                &json!("rds:AddTagsToResource"),
                &json!(SNAPSHOTS),
                &request,
            ),
        ),
        statement(
            "function",
            "always",
            &allow(
                "Delete",
                &json!("rds:DeleteDBClusterSnapshot"),
                &json!(SNAPSHOTS),
                &resource,
            ),
        ),
        statement(
            "function",
            "HasInbox",
            &allow("Publish", &json!("sns:Publish"), &json!(TOPIC), &none),
        ),
        statement(
            "sns",
            "HasKey",
            &allow(
                "UseKey",
                &json!(["kms:Decrypt", "kms:GenerateDataKey"]),
                &json!(KEY),
                &context,
            ),
        ),
        statement(
            "lambda",
            "always",
            &allow(
                "Log",
                &json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
                &json!(log),
                &none,
            ),
        ),
        statement(
            "lambda",
            "always",
            &allow("Keep", &json!("sqs:SendMessage"), &json!(QUEUE), &none),
        ),
    ]
}

fn roles(statements: &[Value]) -> Roles {
    let entry = json!([{
        "function": "f", "partition": "aws", "region": "eu-central-1", "account": "123456789012",
        "user": "function", "statements": statements,
        "inbox": {"when": "HasInbox", "topic": TOPIC, "key_when": "HasKey", "key": KEY},
        "asks": [
            {"by": "lambda", "when": "always", "action": "logs:CreateLogStream", "resource": format!("{LOG}:log-stream:1")},
            {"by": "lambda", "when": "always", "action": "logs:PutLogEvents", "resource": format!("{LOG}:log-stream:1")},
            {"by": "lambda", "when": "always", "action": "sqs:SendMessage", "resource": QUEUE},
        ],
        "deployments": [
            {"HasInbox": false, "HasKey": false}, {"HasInbox": true, "HasKey": false}, {"HasInbox": true, "HasKey": true},
        ],
    }]);
    Roles::parse(&entry.to_string()).unwrap()
}

fn role(statements: &[Value]) -> Role {
    roles(statements).role("f").unwrap()
}

struct Made {
    service: &'static str,
    operation: &'static str,
    params: BTreeMap<String, String>,
}

fn made(service: &'static str, operation: &'static str, params: &[(&str, &str)]) -> Made {
    let params = params.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
    Made {
        service,
        operation,
        params: params.collect(),
    }
}

impl Made {
    /// Snapshots called `ours…` are managed, `theirs…` are not, others do not exist.
    fn by(&self, role: &Role) -> Result<iam_evaluation::Used, Denied> {
        role.judge(&RecordedCall {
            service: self.service,
            operation: self.operation,
            params: &self.params,
            place: Place {
                partition: "aws",
                region: "eu-central-1",
                account: "123456789012",
            },
            tags_of: &|arn| match arn.rsplit_once(':').unwrap().1 {
                name if name.starts_with("ours") => Some(Tags::from([(
                    "nightshift:managed-by".into(),
                    "nightshift".into(),
                )])),
                name if name.starts_with("theirs") => Some(Tags::new()),
                _ => None,
            },
        })
    }
}

fn create(tag: &str) -> Made {
    made(
        "rds",
        "CreateDBClusterSnapshot",
        &[
            ("DBClusterIdentifier", "orders"),
            ("DBClusterSnapshotIdentifier", "new"),
            ("Tags.Tag.1.Key", "nightshift:managed-by"),
            ("Tags.Tag.1.Value", tag),
        ],
    )
}

fn delete(snapshot: &str) -> Made {
    made(
        "rds",
        "DeleteDBClusterSnapshot",
        &[("DBClusterSnapshotIdentifier", snapshot)],
    )
}

fn publish(topic: &str) -> Made {
    made("sns", "Publish", &[("TopicArn", topic)])
}
