use aurora_model::{Choice, ClusterStatus, Quota, SnapshotKind, Tags, tags};
use serde_json::json;

use super::{at, cluster, on, ours, policy, seen};
use crate::{
    plan::{Observation, Occasion, plan},
    status::{Readiness, readiness},
};

const TONIGHT: &str = "2026-11-21T02:00:00Z";

fn tonight() -> Occasion<'static> {
    on(TONIGHT)
}

fn told(more: serde_json::Value, seen: &Observation) -> String {
    plan(&policy(more), seen, tonight()).to_string()
}

#[test]
fn an_available_cluster_gets_tonights_snapshot_with_its_tags() {
    let plan = plan(
        &policy(json!({"tags": {"cost-centre": "42"}})),
        &seen(vec![cluster("orders", "available")], vec![]),
        tonight(),
    );
    insta::assert_snapshot!(plan.to_string(), @"create orders/orders-nightly-20261121: the policy wants a nightly snapshot and there is none");
    let (_, create) = plan.actions().next().unwrap();
    let expected = [
        (tags::MANAGED_BY, "nightshift"),
        (tags::SCHEDULE, "nightly"),
        (tags::TAKEN_FOR, "2026-11-21T02:00:00Z"),
        (tags::TAKEN_BY, ""),
        ("cost-centre", "42"),
        ("team", "payments"),
    ];
    assert_eq!(create.new.tags, Tags::from_iter(expected));
}

#[test]
fn what_is_there_or_on_its_way_is_not_taken_again() {
    for status in ["available", "creating"] {
        let there = ours("orders", "orders-nightly-20261121", TONIGHT, status);
        let seen = seen(vec![cluster("orders", "backing-up")], vec![there]);
        assert_eq!(
            told(json!({}), &seen),
            format!(
                "keep   orders/orders-nightly-20261121: tonight's snapshot is there: {status}\n"
            )
        );
    }
}

#[test]
fn a_failed_one_does_not_count_and_is_told_of() {
    let failed = ours("orders", "orders-nightly-20261121", TONIGHT, "failed");
    let seen = seen(vec![cluster("orders", "available")], vec![failed]);
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    warning: orders: before this run there was no good nightly snapshot.
    warning: orders: orders-nightly-20261121 failed at RDS, so this is try 2.
    create orders/orders-nightly-20261121-r2: orders-nightly-20261121 failed at RDS, so this is try 2
    ");
}

#[test]
fn a_name_taken_by_somebody_else_is_not_mistaken_for_ours() {
    let mut foreign = ours("orders", "orders-nightly-20261121", TONIGHT, "available");
    foreign.tags = Tags::default();
    // Cluster "a" with schedule "b-nightly" and cluster "a-b" with "nightly" share their names.
    let twin = ours("bills-x", "bills-nightly-20261121", TONIGHT, "available");
    let seen = seen(
        vec![
            cluster("orders", "available"),
            cluster("bills", "available"),
        ],
        vec![foreign, twin],
    );
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    warning: bills: bills-nightly-20261121 is not Nightshift's snapshot of this cluster and schedule, so this is try 2.
    warning: orders: orders-nightly-20261121 is not Nightshift's snapshot of this cluster and schedule, so this is try 2.
    create bills/bills-nightly-20261121-r2: bills-nightly-20261121 is not Nightshift's snapshot of this cluster and schedule, so this is try 2
    create orders/orders-nightly-20261121-r2: orders-nightly-20261121 is not Nightshift's snapshot of this cluster and schedule, so this is try 2
    ");
}

#[test]
fn after_nine_failures_a_person_must_look() {
    let mut failed = vec![ours("orders", "orders-nightly-20261121", TONIGHT, "failed")];
    failed.extend((2..=9).map(|n| {
        ours(
            "orders",
            &format!("orders-nightly-20261121-r{n}"),
            TONIGHT,
            "failed",
        )
    }));
    let seen = seen(vec![cluster("orders", "available")], failed);
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    critical: orders: before this run there was no good nightly snapshot.
    ALERT  orders/orders: 9 tries for this night failed; find out why RDS cannot take the snapshot
    ");
}

#[test]
fn every_status_has_its_answer() {
    let word = |status: &ClusterStatus| match readiness(status) {
        Readiness::Ready => "create",
        Readiness::NotNow => "next tick",
        Readiness::Asleep => "asleep",
        Readiness::Leaving => "leave",
        Readiness::NeedsPerson(_) => "needs a person",
    };
    let unknown = ClusterStatus::parse("defragmenting");
    let all = ClusterStatus::KNOWN.iter().chain([&unknown]);
    let lines: Vec<String> = all
        .map(|status| format!("{status}: {}", word(status)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    available: create
    backing-up: next tick
    backtracking: next tick
    cloning-failed: needs a person
    creating: next tick
    deleting: leave
    failing-over: next tick
    inaccessible-encryption-credentials: needs a person
    inaccessible-encryption-credentials-recoverable: needs a person
    maintenance: next tick
    migrating: next tick
    migration-failed: needs a person
    modifying: next tick
    preparing-data-migration: next tick
    promoting: next tick
    rebooting: next tick
    renaming: next tick
    resetting-master-credentials: next tick
    starting: next tick
    stopped: asleep
    stopping: next tick
    storage-optimization: next tick
    update-iam-db-auth: next tick
    upgrading: next tick
    defragmenting: next tick
    ");
}

#[test]
fn a_busy_an_unknown_and_a_broken_cluster() {
    let clusters = vec![
        cluster("a", "modifying"),
        cluster("b", "defragmenting"),
        cluster("c", "inaccessible-encryption-credentials-recoverable"),
        cluster("d", "deleting"),
    ];
    insta::assert_snapshot!(told(json!({}), &seen(clusters, vec![])), @r"
    wait   a/a: the cluster is modifying; the next tick tries again
    wait   b/b: the cluster is defragmenting, a status this version does not know; the next tick tries again
    ALERT  c/c: the cluster is inaccessible-encryption-credentials-recoverable: its KMS key cannot be used; enable the key, then start the cluster, within 7 days
    leave  d/d: the cluster is being deleted
    ");
}

#[test]
fn a_stopped_cluster_is_fine_only_if_its_last_changes_are_in_a_snapshot() {
    let sleeping = |stopped: Option<&str>, snapshot: Option<&str>| {
        let snapshots =
            snapshot.map(|created| ours("orders", "orders-nightly-20261120", created, "available"));
        let mut seen = seen(
            vec![cluster("orders", "stopped")],
            snapshots.into_iter().collect(),
        );
        seen.stopped
            .extend(stopped.map(|since| ("orders".into(), at(since))));
        told(json!({"rpo": "10d"}), &seen)
    };
    insta::assert_snapshot!(sleeping(Some("2026-11-20T01:00:00Z"), Some("2026-11-20T02:00:00Z")), @"keep   orders/orders: stopped since 2026-11-20 01:00 UTC, and orders-nightly-20261120 was made after that: nothing changes while it sleeps");
    insta::assert_snapshot!(sleeping(Some("2026-11-20T18:00:00Z"), Some("2026-11-20T02:00:00Z")), @"ALERT  orders/orders: stopped since 2026-11-20 18:00 UTC, and the newest good snapshot, orders-nightly-20261120, is of 2026-11-20 02:00 UTC: what changed after that is in no snapshot. RDS takes no snapshot of a stopped cluster: start it before its schedule runs, or take it out of the policy");
    insta::assert_snapshot!(sleeping(Some("2026-11-20T18:00:00Z"), None), @"ALERT  orders/orders: stopped since 2026-11-20 18:00 UTC, and there is no good snapshot of it. RDS takes no snapshot of a stopped cluster: start it before its schedule runs, or take it out of the policy");
    insta::assert_snapshot!(sleeping(None, Some("2026-11-20T02:00:00Z")), @"ALERT  orders/orders: stopped, and its events do not tell since when, and the newest good snapshot, orders-nightly-20261120, is of 2026-11-20 02:00 UTC: what changed after that is in no snapshot. RDS takes no snapshot of a stopped cluster: start it before its schedule runs, or take it out of the policy");
}

#[test]
fn only_selected_clusters_and_a_misspelt_one_is_told_of() {
    let mut other = cluster("other", "available");
    other.tags = Tags::default();
    let seen = seen(vec![cluster("orders", "available"), other], vec![]);
    insta::assert_snapshot!(told(json!({}), &seen), @"create orders/orders-nightly-20261121: the policy wants a nightly snapshot and there is none");
    insta::assert_snapshot!(told(json!({"clusters": {"ids": ["Other", "oders"]}}), &seen), @r"
    create other/other-nightly-20261121: the policy wants a nightly snapshot and there is none
    ALERT  oders/oders: there is no cluster of this name in this account and region; correct policy.clusters.ids
    ");
    insta::assert_snapshot!(told(json!({"clusters": {"tag": {"key": "team", "value": "nobody"}}}), &seen), @"warning: No cluster carries the tag team = nobody, so no snapshot was taken of any.");
}

#[test]
fn a_missed_recovery_point_is_said_first() {
    let old = ours(
        "orders",
        "orders-nightly-20261119",
        "2026-11-19T02:00:00Z",
        "available",
    );
    let seen_busy = seen(vec![cluster("orders", "modifying")], vec![old.clone()]);
    let seen = seen(vec![cluster("orders", "available")], vec![old]);
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    warning: orders: before this run the newest good snapshot, orders-nightly-20261119, was 2d old; the recovery point objective is 26h.
    create orders/orders-nightly-20261121: the policy wants a nightly snapshot and there is none
    ");
    insta::assert_snapshot!(told(json!({}), &seen_busy), @r"
    warning: orders: before this run the newest good snapshot, orders-nightly-20261119, was 2d old; the recovery point objective is 26h.
    wait   orders/orders: the cluster is modifying; the next tick tries again
    ");
    assert_eq!(
        plan(&policy(json!({"rpo": "48h"})), &seen, tonight()).notes,
        []
    );
}

#[test]
fn the_quota_is_forecast() {
    let days = (14..=20).map(|day| format!("2026-11-{day}T02:00:00Z"));
    let snapshots = days
        .map(|day| {
            ours(
                "orders",
                &format!("orders-{}", &day[..10]),
                &day,
                "available",
            )
        })
        .collect();
    let mut seen = seen(vec![cluster("orders", "available")], snapshots);
    seen.quota = Some(Quota { used: 88, max: 100 });
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    warning: 88 of 100 manual cluster snapshots are used; full in 14 days at the present pace (6 in the last 7 days), if none is deleted. Let prune-snapshots keep fewer, delete manual snapshots nobody needs, or ask AWS for a higher quota.
    create orders/orders-nightly-20261121: the policy wants a nightly snapshot and there is none
    ");
    seen.quota = Some(Quota {
        used: 100,
        max: 100,
    });
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    critical: 100 of 100 manual cluster snapshots are used: this run wants 1 and there is room for 0. Let prune-snapshots keep fewer, delete manual snapshots nobody needs, or ask AWS for a higher quota.
    create orders/orders-nightly-20261121: the policy wants a nightly snapshot and there is none
    ");
    seen.quota = Some(Quota { used: 79, max: 100 });
    assert_eq!(plan(&policy(json!({})), &seen, tonight()).notes, []);
    seen.quota = None;
    assert_eq!(plan(&policy(json!({})), &seen, tonight()).notes, []);
}

#[test]
fn schedules_that_run_several_times_a_day_have_a_snapshot_each() {
    let six = ours(
        "orders",
        "orders-nightly-20261121-0200",
        TONIGHT,
        "available",
    );
    let seen = seen(vec![cluster("orders", "available")], vec![six]);
    let name = |time: &str| {
        let plan = plan(&policy(json!({"several_a_day": true})), &seen, on(time));
        let Choice::Act(create) = &plan.decisions[0].choice else {
            return "there".into();
        };
        create.new.id.clone()
    };
    assert_eq!(name(TONIGHT), "there");
    assert_eq!(name("2026-11-21T08:00:00Z"), "orders-nightly-20261121-0800");
}

#[test]
fn others_snapshots_are_no_recovery_point() {
    let mut shared = ours(
        "orders",
        "orders-nightly-20261120",
        "2026-11-20T02:00:00Z",
        "available",
    );
    shared.kind = SnapshotKind::Shared;
    let old = ours(
        "orders",
        "orders-nightly-20261101",
        "2026-11-01T02:00:00Z",
        "available",
    );
    let seen = seen(vec![cluster("orders", "available")], vec![shared, old]);
    assert_eq!(plan(&policy(json!({})), &seen, tonight()).notes.len(), 1);
}

#[test]
fn what_an_earlier_attempt_of_the_same_request_created_is_told_by_the_next() {
    let mut there = ours("orders", "orders-nightly-20261121", TONIGHT, "creating");
    there.tags.set(tags::TAKEN_BY, "this-request");
    let mut seen = seen(vec![cluster("orders", "backing-up")], vec![there]);
    insta::assert_snapshot!(told(json!({}), &seen), @r"
    warning: orders: before this run there was no good nightly snapshot.
    create orders/orders-nightly-20261121: an earlier attempt of this run created it, and ended before its end; it is creating
    ");
    seen.snapshots[0]
        .tags
        .set(tags::TAKEN_BY, "another-request");
    insta::assert_snapshot!(told(json!({}), &seen), @"keep   orders/orders-nightly-20261121: tonight's snapshot is there: creating");
}
