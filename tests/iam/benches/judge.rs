//! How long it takes to judge a call: a microsecond or two, since a simulator judges millions.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use iam_evaluation::{Coverage, RecordedCall, Role, Roles, Tags};
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn statement(sid: &str, actions: &[&str], resources: &[&str], condition: &Value) -> Value {
    let own = |resource: &&str| {
        let whole = resource.starts_with("arn:") || *resource == "*";
        let before = if whole {
            ""
        } else {
            "arn:aws:rds:eu-central-1:123456789012:"
        };
        format!("{before}{resource}")
    };
    let resources: Vec<String> = resources.iter().map(own).collect();
    json!({
        "by": "function", "when": "always", "written": {"resources": [], "conditions": {}},
        "iam": {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, "Condition": condition},
    })
}

#[expect(
    clippy::expect_used,
    reason = "without a role there is nothing to measure"
)]
fn role() -> Role {
    let both = ["cluster:*", "cluster-snapshot:*"];
    let request = json!({"StringEquals": {"aws:RequestTag/nightshift:managed-by": "nightshift"}});
    let resource = json!({"StringEquals": {"aws:ResourceTag/nightshift:managed-by": "nightshift"}});
    let context = json!({"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}});
    let none = json!({});
    let statements = [
        statement(
            "Read",
            &["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots"],
            &both,
            &none,
        ),
        statement(
            "Events",
            &["rds:DescribeAccountAttributes", "rds:DescribeEvents"],
            &["*"],
            &none,
        ),
        statement("Create", &["rds:CreateDBClusterSnapshot"], &both, &request),
        statement("Tag", &["rds:AddTagsToResource"], &both[1..], &request),
        statement(
            "Delete",
            &["rds:DeleteDBClusterSnapshot"],
            &both[1..],
            &resource,
        ),
        statement("Publish", &["sns:Publish"], &[TOPIC], &none),
        statement(
            "UseKey",
            &["kms:Decrypt", "kms:GenerateDataKey"],
            &[KEY],
            &context,
        ),
    ];
    let roles = json!([{
        "function": "f", "partition": "aws", "region": "eu-central-1", "account": "123456789012",
        "user": "function", "statements": statements, "asks": [], "deployments": [{}],
        "inbox": {"when": "always", "topic": TOPIC, "key_when": "always", "key": KEY},
    }]);
    let roles = Roles::parse(&roles.to_string()).expect("roles");
    roles.role("f").expect("a role")
}

fn benchmark(criterion: &mut Criterion) {
    let role = role();
    let tags = Tags::from([
        ("nightshift:managed-by".to_owned(), "nightshift".to_owned()),
        ("nightshift:schedule".to_owned(), "nightly".to_owned()),
        ("team".to_owned(), "shop".to_owned()),
    ]);
    let create = [
        ("DBClusterIdentifier", "tech-n-ai-aurora-cluster"),
        (
            "DBClusterSnapshotIdentifier",
            "tech-n-ai-aurora-cluster-nightly-20261121",
        ),
        ("Tags.Tag.1.Key", "nightshift:managed-by"),
        ("Tags.Tag.1.Value", "nightshift"),
        ("Tags.Tag.2.Key", "nightshift:schedule"),
        ("Tags.Tag.2.Value", "nightly"),
        ("Tags.Tag.3.Key", "team"),
        ("Tags.Tag.3.Value", "shop"),
    ];
    let snapshot = [(
        "DBClusterSnapshotIdentifier",
        "tech-n-ai-aurora-cluster-nightly-20261121",
    )];
    for (service, operation, params) in [
        ("rds", "DescribeDBClusters", &[("MaxRecords", "100")][..]),
        (
            "rds",
            "DescribeDBClusterSnapshots",
            &[("IncludeShared", "true"), ("MaxRecords", "100")],
        ),
        ("rds", "CreateDBClusterSnapshot", &create),
        ("rds", "DeleteDBClusterSnapshot", &snapshot),
        ("sns", "Publish", &[("TopicArn", TOPIC)]),
    ] {
        let params = params.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
        let params: BTreeMap<String, String> = params.collect();
        let call = RecordedCall {
            service,
            operation,
            params: &params,
            place: role.place(),
            tags_of: &|_| Some(tags.clone()),
        };
        let mut coverage = Coverage::of(&role);
        criterion.bench_function(operation, |bencher| {
            bencher.iter(|| {
                if let Ok(used) = role.judge(black_box(&call)) {
                    coverage.add(&used);
                }
            });
        });
    }
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
