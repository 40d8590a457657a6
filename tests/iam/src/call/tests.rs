//! The requests that AWS evaluates for each kind of call.

mod keys;

use std::collections::BTreeMap;

use super::*;
use crate::policy::{Context, Found, Key};

/// A call, its parameters, and what is expected of it.
type Row<'a, T> = (&'static str, &'a [(&'a str, &'a str)], T);

const PLACE: Place<'_> = Place {
    partition: "aws",
    region: "eu-central-1",
    account: "123456789012",
};

fn params(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
    owned.collect()
}

fn call<'a>(
    service: &'a str,
    operation: &'a str,
    params: &'a BTreeMap<String, String>,
) -> RecordedCall<'a> {
    RecordedCall {
        service,
        operation,
        params,
        place: PLACE,
        tags_of: &|arn| {
            arn.ends_with(":orders")
                .then(|| Tags::from([("Team".into(), "shop".into())]))
        },
    }
}

/// `action resource` of each request, the ARNs of the account without what they have in common.
fn requests(name: &str, pairs: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let (service, operation) = name.split_once(':').unwrap();
    let params = params(pairs);
    let tags = RequestTags::of(&params).unwrap();
    let demands = demands(call(service, operation, &params), &tags).map_err(|e| e.to_string())?;
    let own = format!("arn:aws:{service}:eu-central-1:123456789012:");
    let request = |demand: &Demand<'_>| {
        let resource = demand.resource.replace(&own, "");
        format!("{} {resource}", demand.action.name())
    };
    Ok(demands.iter().map(request).collect())
}

const SNAPSHOT: (&str, &str) = ("DBClusterSnapshotIdentifier", "orders-1");
const CLUSTER: (&str, &str) = ("DBClusterIdentifier", "orders");
const INSTANCE: (&str, &str) = ("DBInstanceIdentifier", "orders-2");
const TAG: (&str, &str) = ("Tags.Tag.1.Key", "team");
const SHARED: &str = "arn:aws:rds:eu-west-1:999999999999:cluster-snapshot:theirs";

#[track_caller]
fn check(rows: &[Row<'_, &[&str]>]) {
    for (name, params, expected) in rows {
        let requests = requests(name, params).unwrap();
        assert_eq!(requests, *expected, "{name} {params:?}");
    }
}

#[test]
fn a_call_is_evaluated_on_what_it_names_and_a_listing_on_everything() {
    check(&[
        (
            "rds:DescribeDBClusters",
            &[],
            &["rds:DescribeDBClusters cluster:*"],
        ),
        (
            "rds:DescribeDBClusters",
            &[CLUSTER],
            &["rds:DescribeDBClusters cluster:orders"],
        ),
        (
            "rds:DescribeDBClusterSnapshots",
            &[("IncludeShared", "true")],
            &[
                "rds:DescribeDBClusterSnapshots cluster:*",
                "rds:DescribeDBClusterSnapshots cluster-snapshot:*",
            ],
        ),
        (
            "rds:DescribeDBClusterSnapshots",
            &[SNAPSHOT],
            &["rds:DescribeDBClusterSnapshots cluster-snapshot:orders-1"],
        ),
        (
            "rds:DescribeDBInstances",
            &[],
            &["rds:DescribeDBInstances db:*"],
        ),
        (
            "rds:DescribeDBClusterEndpoints",
            &[CLUSTER],
            &[
                "rds:DescribeDBClusterEndpoints cluster:orders",
                "rds:DescribeDBClusterEndpoints cluster-endpoint:*",
            ],
        ),
        (
            "rds:DescribeAccountAttributes",
            &[],
            &["rds:DescribeAccountAttributes *"],
        ),
        (
            "rds:DescribeEvents",
            &[("SourceIdentifier", "orders")],
            &["rds:DescribeEvents *"],
        ),
        (
            "rds:DeleteDBClusterSnapshot",
            &[SNAPSHOT],
            &["rds:DeleteDBClusterSnapshot cluster-snapshot:orders-1"],
        ),
        (
            "sns:Publish",
            &[("TopicArn", "arn:aws:sns:eu-central-1:123456789012:inbox")],
            &["sns:Publish inbox"],
        ),
        (
            "cloudwatch:DescribeAlarms",
            &[],
            &["cloudwatch:DescribeAlarms alarm:*"],
        ),
        (
            "cloudwatch:PutMetricData",
            &[("Namespace", "n")],
            &["cloudwatch:PutMetricData *"],
        ),
        (
            "secretsmanager:GetRandomPassword",
            &[],
            &["secretsmanager:GetRandomPassword *"],
        ),
        (
            "secretsmanager:GetSecretValue",
            &[(
                "SecretId",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf",
            )],
            &["secretsmanager:GetSecretValue secret:app-AbCdEf"],
        ),
        (
            "scheduler:GetSchedule",
            &[("Name", "wake"), ("GroupName", "g")],
            &["scheduler:GetSchedule schedule/g/wake"],
        ),
    ]);
}

#[test]
fn a_create_with_tags_or_a_role_is_evaluated_on_them_too() {
    let watch = ("MonitoringRoleArn", "arn:aws:iam::123456789012:role/watch");
    check(&[
        (
            "rds:CreateDBClusterSnapshot",
            &[CLUSTER, SNAPSHOT],
            &[
                "rds:CreateDBClusterSnapshot cluster:orders",
                "rds:CreateDBClusterSnapshot cluster-snapshot:orders-1",
            ],
        ),
        (
            "rds:CreateDBClusterSnapshot",
            &[CLUSTER, SNAPSHOT, TAG],
            &[
                "rds:CreateDBClusterSnapshot cluster:orders",
                "rds:CreateDBClusterSnapshot cluster-snapshot:orders-1",
                "rds:AddTagsToResource cluster-snapshot:orders-1",
            ],
        ),
        (
            "rds:CreateDBInstance",
            &[
                INSTANCE,
                CLUSTER,
                TAG,
                ("DBParameterGroupName", "app"),
                watch,
            ],
            &[
                "rds:CreateDBInstance db:orders-2",
                "rds:CreateDBInstance cluster:orders",
                "rds:CreateDBInstance og:default:aurora-mysql-8-0",
                "rds:CreateDBInstance pg:app",
                "rds:CreateDBInstance subgrp:default",
                "rds:AddTagsToResource db:orders-2",
                "iam:PassRole arn:aws:iam::123456789012:role/watch",
            ],
        ),
        (
            "scheduler:CreateSchedule",
            &[
                ("Name", "wake"),
                (
                    "Target",
                    r#"{"RoleArn":"arn:aws:iam::123456789012:role/wake"}"#,
                ),
            ],
            &[
                "scheduler:CreateSchedule schedule/default/wake",
                "iam:PassRole arn:aws:iam::123456789012:role/wake",
            ],
        ),
    ]);
}

#[test]
fn a_call_that_names_several_is_evaluated_on_each() {
    let target = ("TargetDBClusterSnapshotIdentifier", "copy");
    check(&[
        (
            "rds:CopyDBClusterSnapshot",
            &[
                ("SourceDBClusterSnapshotIdentifier", SHARED),
                target,
                ("CopyTags", "true"),
            ],
            &[
                "rds:CopyDBClusterSnapshot arn:aws:rds:eu-west-1:999999999999:cluster-snapshot:theirs",
                "rds:CopyDBClusterSnapshot cluster-snapshot:copy",
                "rds:AddTagsToResource cluster-snapshot:copy",
            ],
        ),
        (
            "rds:FailoverDBCluster",
            &[CLUSTER, ("TargetDBInstanceIdentifier", "orders-2")],
            &[
                "rds:FailoverDBCluster cluster:orders",
                "rds:FailoverDBCluster db:orders-2",
            ],
        ),
        (
            "rds:FailoverDBCluster",
            &[CLUSTER],
            &["rds:FailoverDBCluster cluster:orders"],
        ),
        (
            "rds:DeleteDBInstance",
            &[INSTANCE],
            &["rds:DeleteDBInstance db:orders-2"],
        ),
        (
            "rds:RebootDBInstance",
            &[INSTANCE],
            &["rds:RebootDBInstance db:orders-2"],
        ),
        (
            "rds:ModifyDBClusterEndpoint",
            &[("DBClusterEndpointIdentifier", "read")],
            &["rds:ModifyDBClusterEndpoint cluster-endpoint:read"],
        ),
        (
            "rds:AddTagsToResource",
            &[("ResourceName", SHARED), TAG],
            &["rds:AddTagsToResource arn:aws:rds:eu-west-1:999999999999:cluster-snapshot:theirs"],
        ),
    ]);
}

#[test]
fn a_call_of_which_it_is_not_known_what_aws_evaluates_is_an_error() {
    let rows: [Row<'_, &str>; 11] = [
        (
            "rds:StopDBCluster",
            &[],
            "not in service-authorization.json",
        ),
        (
            "kms:Decrypt",
            &[],
            "not in service-authorization.json and calls.json",
        ),
        (
            "rds:DeleteDBClusterSnapshot",
            &[],
            "it names no cluster-snapshot",
        ),
        (
            "rds:CreateDBInstance",
            &[INSTANCE, ("KmsKeyId", "k")],
            "what KmsKeyId needs",
        ),
        (
            "rds:DeleteDBInstance",
            &[INSTANCE, ("FinalDBSnapshotIdentifier", "f")],
            "what FinalDBSnapshotIdentifier needs",
        ),
        (
            "rds:AddTagsToResource",
            &[("ResourceName", "orders")],
            "ResourceName is orders",
        ),
        ("rds:AddTagsToResource", &[], "ResourceName is missing"),
        (
            "rds:DeleteDBClusterSnapshot",
            &[("DBClusterSnapshotIdentifier", "arn:aws:rds:r:1:cluster:x")],
            "is no cluster-snapshot",
        ),
        (
            "secretsmanager:GetSecretValue",
            &[("SecretId", "app")],
            "only its ARN",
        ),
        ("secretsmanager:GetSecretValue", &[], "it names no Secret"),
        (
            "scheduler:CreateSchedule",
            &[("Name", "wake"), ("Target", "{}")],
            "Target.RoleArn is missing",
        ),
    ];
    for (name, params, problem) in rows {
        let error = requests(name, params).unwrap_err();
        assert!(error.contains(problem), "{error} does not say {problem}");
    }
}
