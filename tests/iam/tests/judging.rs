//! A role held against calls: what it allows, what they used, what is too wide.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::collections::BTreeMap;

use iam_evaluation::{Coverage, Denied, Place, RecordedCall, Role, Roles, Tags, excess, table};
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

#[test]
fn what_the_role_is_for_is_allowed_and_every_permission_is_used() {
    let role = role(&statements());
    let mut coverage = Coverage::of(&role);
    assert_eq!(
        coverage.unused().len(),
        7 + 2 + 2,
        "{:?}",
        coverage.unused()
    );
    for call in [create("nightshift"), delete("ours-1"), publish(TOPIC)] {
        coverage.add(&call.by(&role).unwrap());
    }
    for used in role.judge_services() {
        coverage.add(&used.unwrap());
    }
    assert_eq!(coverage.unused(), [""; 0]);
    assert_eq!(coverage.misattributed(), [""; 0]);
    assert_eq!(excess::of(&role), [""; 0]);
}

#[test]
fn what_another_run_used_counts_too() {
    let role = role(&statements());
    let mut halves = [Coverage::of(&role), Coverage::of(&role)];
    halves[0].add(&create("nightshift").by(&role).unwrap());
    halves[1].add(&delete("ours-1").by(&role).unwrap());
    let [mut first, second] = halves;
    first.merge(&second);
    assert_eq!(first.unused().len(), 2 + 2 + 2, "{:?}", first.unused());
}

#[test]
fn a_denial_says_which_function_action_and_resource_and_which_statement_came_nearest() {
    let role = role(&statements());
    for (call, said) in [
        (
            create("someone"),
            "f may not rds:CreateDBClusterSnapshot on arn:aws:rds:eu-central-1:123456789012:cluster:orders: the \
             nearest statement, Create, asks for StringEquals aws:RequestTag/nightshift:managed-by: nightshift",
        ),
        (
            delete("theirs-1"),
            "f may not rds:DeleteDBClusterSnapshot on \
             arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:theirs-1: the nearest statement, Delete, asks \
             for StringEquals aws:ResourceTag/nightshift:managed-by: nightshift",
        ),
        (
            publish("arn:aws:sns:eu-central-1:123456789012:other"),
            "f may not sns:Publish on arn:aws:sns:eu-central-1:123456789012:other: the nearest statement, Publish, is \
             about arn:aws:sns:eu-central-1:123456789012:inbox",
        ),
        (
            made("rds", "DescribeEvents", &[]),
            "f may not rds:DescribeEvents on *: no statement has this action",
        ),
        (
            made("rds", "StopDBCluster", &[]),
            "f: rds:StopDBCluster: not in service-authorization.json and calls.json: add what AWS documents",
        ),
    ] {
        let denied = call.by(&role).unwrap_err();
        assert_eq!(denied.to_string(), said);
        assert!(!denied.is_of_absent_resource());
    }
}

#[test]
fn deleting_what_is_gone_is_told_apart_from_deleting_what_is_not_ours() {
    let denied = delete("gone-1").by(&role(&statements())).unwrap_err();
    assert!(denied.is_of_absent_resource(), "{denied}");
}

#[test]
fn a_create_with_tags_needs_the_permission_to_tag() {
    let mut without = statements();
    without.remove(1);
    let denied = create("nightshift")
        .by(&role(&without))
        .unwrap_err()
        .to_string();
    let said = "rds:AddTagsToResource on arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:new (asked by rds)";
    assert!(denied.contains(said), "{denied}");
}

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
fn each_deployment_has_the_statements_of_its_conditions() {
    let roles = roles(&statements());
    assert_eq!(roles.functions().collect::<Vec<_>>(), ["f"]);
    let roles = roles.deployments("f").unwrap();
    let counts: Vec<usize> = roles
        .iter()
        .map(|role| role.policy().statements().len())
        .collect();
    assert_eq!(counts, [5, 6, 7]);
    assert_eq!(roles[0].inbox(), None);
    assert_eq!(roles[1].inbox(), Some(TOPIC));
    assert_eq!(roles[1].deployed(), "HasInbox and not HasKey");
}

#[test]
fn what_two_statements_allow_is_needed_in_neither() {
    let mut twice = statements();
    let resource = json!("arn:aws:sns:eu-central-1:123456789012:in*");
    let again = allow("Again", &json!("sns:Publish"), &resource, &Value::Null);
    twice.push(statement("function", "always", &again));
    let role = role(&twice);
    let mut elsewhere = Coverage::of(&role);
    elsewhere.add(&publish(TOPIC).by(&role).unwrap());
    let mut coverage = Coverage::of(&role);
    coverage.merge(&elsewhere);
    coverage.merge(&elsewhere);
    let unused = coverage.unused();
    for sid in ["Publish", "Again"] {
        let why = "which something else in the role allows too";
        let sentence = format!("f: {sid} allows sns:Publish, {why}");
        assert!(unused.contains(&sentence), "{unused:?}");
    }
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
fn a_statement_used_by_another_than_is_said_is_found() {
    let mut wrong = statements();
    wrong[1]["by"] = "function".into();
    let role = role(&wrong);
    let mut coverage = Coverage::of(&role);
    coverage.add(&create("nightshift").by(&role).unwrap());
    assert_eq!(
        coverage.misattributed(),
        ["f: Tag is said to be used by function, and is used by rds"]
    );
}

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
    let list = allow(
        "List",
        &json!("rds:DescribeDBClusters"),
        &json!("*"),
        &Value::Null,
    );
    assert_eq!(
        excess::of(&role(&[statement("function", "always", &list)])),
        [""; 0]
    );
}

#[test]
fn an_allow_of_everything_but_is_found() {
    let but = json!({"Sid": "But", "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"});
    let findings = excess::of(&role(&[statement("function", "always", &but)]));
    assert!(findings[0].contains("NotAction"), "{findings:?}");
}

#[test]
fn a_condition_on_what_is_not_known_here_is_an_error() {
    let role = |effect: &str, action: &str, key: &str| {
        let condition = json!({"StringEquals": {(key): "x"}});
        let mut iam = allow("S", &json!(action), &json!("*"), &condition);
        iam["Effect"] = effect.into();
        roles(&[statement("function", "always", &iam)]).role("f")
    };
    for (effect, action, key, known) in [
        (
            "Allow",
            "rds:DeleteDBClusterSnapshot",
            "aws:ResourceTag/team",
            true,
        ),
        (
            "Allow",
            "rds:DeleteDBClusterSnapshot",
            "aws:SourceVpce",
            false,
        ),
        // A parameter of the one call, and nothing of the other.
        ("Allow", "rds:CreateDBInstance", "rds:DatabaseClass", true),
        ("Allow", "rds:RebootDBInstance", "rds:DatabaseClass", false),
        ("Deny", "rds:Reboot*", "rds:DatabaseClass", false),
        ("Deny", "*", "aws:SourceVpce", false),
    ] {
        match role(effect, action, key) {
            Ok(_) => assert!(known, "{key} with {action}"),
            Err(error) => assert!(!known && error.to_string().contains(key), "{error}"),
        }
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

#[test]
fn the_table_has_a_row_for_each_statement_as_the_template_writes_it() {
    let mut statements = statements();
    statements[0]["written"] = json!({
        "resources": ["arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:*", "${TopicArn}"],
        "conditions": {
            "StringEquals": {"aws:RequestTag/team": ["shop", "${Team}"]},
            "ForAnyValue:StringLike": {"aws:TagKeys": ["a*"]},
        },
    });
    statements[3]["when"] = "not HasInbox".into();
    let table = table::markdown(&roles(&statements), ["f"]).unwrap();
    let expected = "\
        | function | access | action | on | only if | what for |\n\
        |---|---|---|---|---|---|\n\
        | f | Write | `rds:CreateDBClusterSnapshot` | `cluster:*`, `TopicArn` | \
        `aws:TagKeys` ForAnyValue:StringLike `a*` and `aws:RequestTag/team` = `shop` or `Team` | create |\n\
        | f | Tagging | `rds:AddTagsToResource` |  |  | tag; RDS asks for it |\n\
        | f | Write | `rds:DeleteDBClusterSnapshot` |  |  | delete |\n\
        | f | Write | `sns:Publish` |  |  | publish; without `HasInbox` |\n\
        | f | Write | `kms:Decrypt`, `kms:GenerateDataKey` |  |  | use key; SNS asks for it; with `HasKey` |\n\
        | f | Write | `logs:CreateLogStream`, `logs:PutLogEvents` |  |  | log; Lambda does it |\n\
        | f | Write | `sqs:SendMessage` |  |  | keep; Lambda does it |\n";
    assert_eq!(table, expected);
}

#[test]
fn a_function_without_a_role_and_a_text_that_is_none_are_errors() {
    assert!(
        roles(&statements())
            .role("other")
            .unwrap_err()
            .to_string()
            .contains("other")
    );
    assert!(Roles::parse("{}").is_err());
}
