//! Every refusal that is declared does come, and no other.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use simulated_aws::{
    Account, Call, Percent, Protocol, Service, Whim,
    rds::{Cluster, Instance, ParameterGroup, Snapshot, modelled_refusals},
};

use crate::{
    endpoints,
    world::{began, place},
};

pub fn call(operation: &str, input: Value) -> Call {
    Call {
        service: Service::Rds,
        operation: operation.into(),
        input,
        protocol: Protocol::Query,
    }
}

/// A cluster of each state that matters, instances, snapshots and groups, at their limits.
fn account() -> Account {
    let mut whim = Whim::plain(1);
    whim.no_capacity = Percent(0);
    let mut account = Account::new(place(), whim);
    account.outside(began(), |rds, at| {
        for (id, status) in [
            ("up", "available"),
            ("down", "stopped"),
            ("going", "deleting"),
            ("empty", "available"),
            ("lone", "available"),
            ("full", "available"),
        ] {
            let mut cluster = Cluster::new(at.place, id, at.now);
            cluster.status = status.into();
            rds.add_cluster(cluster, at);
        }
        for (id, cluster, status) in [
            ("w", "up", "available"),
            ("r", "up", "rebooting"),
            ("n", "up", "creating"),
            ("l", "lone", "available"),
            ("d", "down", "available"),
            ("g", "going", "deleting"),
        ] {
            let mut instance = Instance::new(at.place, id, cluster, at.now);
            instance.status = status.into();
            rds.add_instance(instance, at);
        }
        for number in 0..16 {
            let id = format!("f-{number}");
            rds.add_instance(Instance::new(at.place, &id, "full", at.now), at);
        }
        rds.add_snapshot(Snapshot::new(at.place, "s", "up", at.now), at);
        rds.add_snapshot(Snapshot::new(at.place, "rds:a", "up", at.now), at);
        endpoints::add(rds, at);
        for name in ["default.aurora-mysql8.0", "mine"] {
            let group = ParameterGroup::new(at.place, "cluster-pg", name, "aurora-mysql8.0");
            rds.add_cluster_parameter_group(group, at);
        }
    });
    account
}

fn arn(resource: &str) -> String {
    place().arn("rds", resource)
}

/// Calls that are refused in such an account.
fn refused_calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for operation in [
        "AddTagsToResource",
        "ListTagsForResource",
        "RemoveTagsFromResource",
    ] {
        for resource in [
            "cluster:no",
            "db:no",
            "cluster-snapshot:no",
            "cluster:going",
            "db:g",
        ] {
            let mut input = json!({"ResourceName": arn(resource)});
            match operation {
                "AddTagsToResource" => input["Tags"] = json!({"Tag": [{"Key": "k", "Value": "v"}]}),
                "RemoveTagsFromResource" => input["TagKeys"] = json!({"member": ["k"]}),
                _ => {}
            }
            calls.push(call(operation, input));
        }
    }
    for (operation, member, names) in [
        (
            "DeleteDBClusterSnapshot",
            "DBClusterSnapshotIdentifier",
            &["no", "rds:a"][..],
        ),
        (
            "DeleteDBInstance",
            "DBInstanceIdentifier",
            &["no", "r", "d"],
        ),
        (
            "DescribeDBClusterParameterGroups",
            "DBClusterParameterGroupName",
            &["no"],
        ),
        (
            "DescribeDBClusterParameters",
            "DBClusterParameterGroupName",
            &["no"],
        ),
        ("DescribeDBParameterGroups", "DBParameterGroupName", &["no"]),
        ("DescribeDBParameters", "DBParameterGroupName", &["no"]),
        (
            "DescribeDBClusterSnapshotAttributes",
            "DBClusterSnapshotIdentifier",
            &["no"],
        ),
        (
            "DescribeDBClusterSnapshots",
            "DBClusterSnapshotIdentifier",
            &["no"],
        ),
        ("DescribeDBClusters", "DBClusterIdentifier", &["no"]),
        ("DescribeDBInstances", "DBInstanceIdentifier", &["no"]),
        (
            "FailoverDBCluster",
            "DBClusterIdentifier",
            &["no", "down", "lone"],
        ),
        ("RebootDBInstance", "DBInstanceIdentifier", &["no", "r"]),
        ("StartDBCluster", "DBClusterIdentifier", &["no", "up"]),
        (
            "StopDBCluster",
            "DBClusterIdentifier",
            &["no", "down", "up"],
        ),
    ] {
        calls.extend(
            names
                .iter()
                .map(|name| call(operation, json!({member: name}))),
        );
    }
    let target = json!({"DBClusterIdentifier": "up", "TargetDBInstanceIdentifier": "r"});
    calls.push(call("FailoverDBCluster", target));
    calls.extend(refused_snapshots());
    calls.extend(refused_creations());
    calls.extend(endpoints::refused_calls());
    calls
}

fn refused_snapshots() -> Vec<Call> {
    let snapshot = |cluster: &str, id: &str| json!({"DBClusterIdentifier": cluster, "DBClusterSnapshotIdentifier": id});
    let copy = |source: &str, target: &str| {
        json!({
            "SourceDBClusterSnapshotIdentifier": source,
            "TargetDBClusterSnapshotIdentifier": target,
        })
    };
    let delete = |cluster: &str, last: &str| json!({"DBClusterIdentifier": cluster, "FinalDBSnapshotIdentifier": last});
    let share = |id: &str, accounts: u64| {
        let accounts: Vec<_> = (0..accounts)
            .map(|n| (100_000_000_000 + n).to_string())
            .collect();
        json!({
            "DBClusterSnapshotIdentifier": id,
            "AttributeName": "restore",
            "ValuesToAdd": {"AttributeValue": accounts},
        })
    };
    let restore = |id: &str, snapshot: &str, group: &str| {
        json!({
            "DBClusterIdentifier": id,
            "SnapshotIdentifier": snapshot,
            "Engine": "aurora-mysql",
            "DBClusterParameterGroupName": group,
        })
    };
    vec![
        call("CreateDBClusterSnapshot", snapshot("no", "x")),
        call("CreateDBClusterSnapshot", snapshot("down", "x")),
        call("CreateDBClusterSnapshot", snapshot("up", "s")),
        call("CopyDBClusterSnapshot", copy("no", "x")),
        call("CopyDBClusterSnapshot", copy("s", "s")),
        call("DeleteDBCluster", delete("no", "x")),
        call("DeleteDBCluster", delete("up", "x")),
        call("DeleteDBCluster", delete("empty", "s")),
        call("ModifyDBClusterSnapshotAttribute", share("no", 1)),
        call("ModifyDBClusterSnapshotAttribute", share("rds:a", 1)),
        call("ModifyDBClusterSnapshotAttribute", share("s", 21)),
        call("RestoreDBClusterFromSnapshot", restore("x", "no", "mine")),
        call("RestoreDBClusterFromSnapshot", restore("up", "s", "mine")),
        call("RestoreDBClusterFromSnapshot", restore("x", "s", "no")),
        // The copy is unfinished then.
        call("CopyDBClusterSnapshot", copy("s", "c")),
        call("CopyDBClusterSnapshot", copy("c", "x")),
        call("RestoreDBClusterFromSnapshot", restore("x", "c", "mine")),
    ]
}

fn refused_creations() -> Vec<Call> {
    let cluster = |id: &str, group: &str| {
        json!({
            "DBClusterIdentifier": id,
            "Engine": "aurora-mysql",
            "MasterUsername": "admin",
            "MasterUserPassword": "longenough",
            "DBClusterParameterGroupName": group,
        })
    };
    let instance = |id: &str, cluster: &str, group: &str| {
        json!({
            "DBInstanceIdentifier": id,
            "DBClusterIdentifier": cluster,
            "Engine": "aurora-mysql",
            "DBInstanceClass": "db.r6g.large",
            "DBParameterGroupName": group,
        })
    };
    let group = |name: &str| {
        json!({
            "DBClusterParameterGroupName": name,
            "DBParameterGroupFamily": "aurora-mysql8.0",
            "Description": "d",
        })
    };
    let usual = "default.aurora-mysql8.0";
    let mut uncertified = instance("x", "up", usual);
    uncertified["CACertificateIdentifier"] = json!("no");
    vec![
        call("CreateDBCluster", cluster("up", "mine")),
        call("CreateDBCluster", cluster("x", "no")),
        call("CreateDBClusterParameterGroup", group("mine")),
        call("CreateDBInstance", instance("x", "no", usual)),
        call("CreateDBInstance", instance("x", "down", usual)),
        call("CreateDBInstance", instance("w", "up", usual)),
        call("CreateDBInstance", instance("x", "up", "no")),
        call("CreateDBInstance", instance("x", "full", usual)),
        call(
            "ModifyDBClusterParameterGroup",
            json!({"DBClusterParameterGroupName": "no"}),
        ),
        call(
            "ModifyDBClusterParameterGroup",
            json!({"DBClusterParameterGroupName": usual}),
        ),
        call("CreateDBInstance", uncertified),
    ]
}

/// Calls that are refused because there is no room at all.
fn calls_without_room() -> Vec<Call> {
    let mut calls = refused_creations();
    calls.extend(refused_snapshots());
    let mut group = calls[2].clone();
    group.input["DBClusterParameterGroupName"] = json!("x");
    let cluster = json!({
        "DBClusterIdentifier": "x",
        "Engine": "aurora-mysql",
        "SnapshotIdentifier": "s",
    });
    let copy = json!({
        "SourceDBClusterSnapshotIdentifier": "s",
        "TargetDBClusterSnapshotIdentifier": "x",
    });
    let last = json!({"DBClusterIdentifier": "empty", "FinalDBSnapshotIdentifier": "x"});
    let snapshot = json!({"DBClusterIdentifier": "up", "DBClusterSnapshotIdentifier": "x"});
    let instance = json!({
        "DBInstanceIdentifier": "x",
        "DBClusterIdentifier": "up",
        "Engine": "aurora-mysql",
        "DBInstanceClass": "db.r6g.large",
    });
    calls.extend([
        group,
        call("RestoreDBClusterFromSnapshot", cluster),
        call("CopyDBClusterSnapshot", copy),
        call("DeleteDBCluster", last),
        call("CreateDBClusterSnapshot", snapshot),
        call("CreateDBInstance", instance),
    ]);
    calls
}

fn crowded() -> Account {
    let mut account = account();
    account.whim.no_capacity = Percent(100);
    account.rds.quotas.clusters = 1;
    account.rds.quotas.manual_snapshots = 1;
    account.outside(began(), |rds, at| {
        for number in 0..50 {
            let name = format!("g-{number}");
            let group = ParameterGroup::new(at.place, "cluster-pg", &name, "aurora-mysql8.0");
            rds.add_cluster_parameter_group(group, at);
        }
    });
    account
}

#[test]
fn every_refusal_that_is_declared_comes_and_no_other_does() {
    let mut came = BTreeSet::new();
    for (mut account, calls) in [
        (account(), refused_calls()),
        (crowded(), calls_without_room()),
    ] {
        for call in calls {
            let (answer, effects) = account.answer(&call, began());
            if let Some(code) = answer.code {
                assert!(
                    effects.is_empty(),
                    "{call:?} is refused and changes something"
                );
                came.insert((call.operation, code, answer.status));
            }
        }
    }
    let modelled = modelled_refusals();
    let declared: BTreeSet<_> = modelled
        .map(|(op, code, status)| (op.to_owned(), code.to_owned(), status))
        .collect();
    let missing: Vec<_> = declared.difference(&came).collect();
    assert!(missing.is_empty(), "never seen: {missing:#?}");
    let common = [
        "InvalidParameterValue",
        "InvalidParameterCombination",
        "MissingParameter",
    ];
    let strange = came
        .difference(&declared)
        .filter(|(_, code, _)| !common.contains(&code.as_str()));
    assert_eq!(
        strange.collect::<Vec<_>>(),
        [] as [&(String, String, u16); 0]
    );
}

#[test]
fn an_operation_that_is_not_here_is_refused_loudly() {
    let (answer, _) = account().answer(&call("ModifyDBInstance", json!({})), began());
    assert_eq!(answer.code.as_deref(), Some("InvalidAction"));
}

#[test]
fn what_is_malformed_or_missing_is_a_common_error() {
    for (operation, input, code) in [
        (
            "DescribeDBClusters",
            json!({"MaxRecords": "many"}),
            "ValidationError",
        ),
        (
            "DescribeDBClusterSnapshots",
            json!({"IncludeShared": "yes"}),
            "ValidationError",
        ),
        (
            "DescribeEvents",
            json!({"StartTime": "yesterday"}),
            "InvalidParameterValue",
        ),
        (
            "CreateDBClusterSnapshot",
            json!({"DBClusterIdentifier": "up"}),
            "MissingParameter",
        ),
        ("StopDBCluster", json!({}), "MissingParameter"),
        ("AddTagsToResource", json!({}), "MissingParameter"),
    ] {
        let (answer, effects) = account().answer(&call(operation, input), began());
        assert_eq!(answer.code.as_deref(), Some(code), "{operation}");
        assert!(effects.is_empty());
    }
}
