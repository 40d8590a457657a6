use handler::trigger::{ApiCall, RdsEvent};
use serde_json::json;

use super::{at, ours, policy};
use crate::happened::{deletion, event};

const LATER: &str = "2026-11-21T02:14:03Z";

fn rds(message: &str) -> RdsEvent {
    RdsEvent {
        event_id: "RDS-EVENT-0075".into(),
        source_id: "orders-nightly-20261121".into(),
        source_type: "CLUSTER_SNAPSHOT".into(),
        message: message.into(),
        categories: vec!["backup".into()],
    }
}

#[test]
fn available_closes_the_run_with_how_long_it_took() {
    let there = ours(
        "orders",
        "orders-nightly-20261121",
        "2026-11-21T02:00:00Z",
        "available",
    );
    let created = rds("Manual cluster snapshot created");
    let (plan, measure) = event(&policy(json!({})), &created, Some(&there), at(LATER));
    insta::assert_snapshot!(plan.to_string(), @"keep   orders/orders-nightly-20261121: available after 14m 3s");
    assert_eq!(measure.map(|measure| measure.seconds), Some(843));
}

#[test]
fn failed_needs_a_person_to_know_and_others_are_left_alone() {
    let failed = ours(
        "orders",
        "orders-nightly-20261121",
        "2026-11-21T02:00:00Z",
        "failed",
    );
    let told = |snapshot: Option<&aurora_model::Snapshot>, schedule: &str| {
        let policy = policy(json!({"schedule": schedule}));
        event(&policy, &rds("Snapshot failed"), snapshot, at(LATER))
            .0
            .to_string()
    };
    insta::assert_snapshot!(told(Some(&failed), "nightly"), @"ALERT  orders/orders-nightly-20261121: RDS could not make it: Snapshot failed. The next tick tries again under another name");
    insta::assert_snapshot!(told(Some(&failed), "weekly"), @"leave  orders/orders-nightly-20261121: not a weekly snapshot of Nightshift");
    insta::assert_snapshot!(told(None, "nightly"), @r#"leave  orders-nightly-20261121/orders-nightly-20261121: RDS says "Snapshot failed", and the snapshot is gone; CloudTrail knows who deleted it"#);
}

fn call(caller: &str, id: &str, tags: &serde_json::Value, error: Option<&str>) -> String {
    let call = ApiCall {
        operation: "DeleteDBClusterSnapshot".into(),
        caller: caller.into(),
        request: json!({"dBClusterSnapshotIdentifier": id}),
        response: json!({"dBClusterIdentifier": "orders", "tagList": tags}),
        error_code: error.map(str::to_owned),
    };
    deletion(&policy(json!({})), &call, at(LATER)).to_string()
}

#[test]
fn a_deletion_by_somebody_else_is_told_with_who_it_was() {
    let alice = "arn:aws:sts::123456789012:assumed-role/admin/alice";
    let prune =
        "arn:aws:sts::123456789012:assumed-role/nightshift-prune/nightshift-prune-snapshots";
    let mine = json!([{"key": "nightshift:managed-by", "value": "nightshift"}, {"key": "nightshift:schedule", "value": "nightly"}]);
    let other = json!([{"key": "nightshift:managed-by", "value": "nightshift"}, {"key": "nightshift:schedule", "value": "weekly"}]);
    insta::assert_snapshot!(call(alice, "orders-nightly-20261121", &mine, None), @"ALERT  orders/orders-nightly-20261121: arn:aws:sts::123456789012:assumed-role/admin/alice deleted it at 2026-11-21 02:14 UTC. It cannot be brought back; if that was not meant, see who may call DeleteDBClusterSnapshot");
    insta::assert_snapshot!(call(prune, "orders-nightly-20261121", &mine, None), @"leave  orders/orders-nightly-20261121: prune-snapshots deleted it, and has told why");
    insta::assert_snapshot!(call(alice, "orders-weekly-20261121", &other, None), @"leave  orders/orders-weekly-20261121: not a nightly snapshot of Nightshift");
    insta::assert_snapshot!(call(alice, "orders-nightly-20261121", &json!(null), None), @"ALERT  orders/orders-nightly-20261121: arn:aws:sts::123456789012:assumed-role/admin/alice deleted it at 2026-11-21 02:14 UTC. It cannot be brought back; if that was not meant, see who may call DeleteDBClusterSnapshot");
    insta::assert_snapshot!(call(alice, "before-the-migration", &json!(null), None), @"leave  orders/before-the-migration: not a nightly snapshot of Nightshift");
    insta::assert_snapshot!(call(alice, "orders-nightly-20261121", &mine, Some("AccessDenied")), @"leave  orders/orders-nightly-20261121: arn:aws:sts::123456789012:assumed-role/admin/alice tried to delete it and RDS refused: AccessDenied");
}
