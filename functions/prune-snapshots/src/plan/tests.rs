use aurora_model::{ClusterStatus, SnapshotKind, SnapshotStatus, Tags, tags};
use serde_json::json;

use super::*;
use crate::testing::{
    cluster, hours_ago, nights, now, observed, planned, policy, snapshot, tagged,
};

#[test]
fn what_no_rule_keeps_goes() {
    let policy = policy(&json!({"daily": 2, "weekly": 2}), &json!({}));
    insta::assert_snapshot!(planned(&policy, nights(7)), @"
    delete orders/n6: no rule keeps it: daily 2 reached at 2026-11-19, a newer one stands for week 2026-W46
    keep   orders/n5: weekly 2 of 2, newest of week 2026-W46
    delete orders/n4: no rule keeps it: daily 2 reached at 2026-11-19, a newer one stands for week 2026-W47
    delete orders/n3: no rule keeps it: daily 2 reached at 2026-11-19, a newer one stands for week 2026-W47
    delete orders/n2: no rule keeps it: daily 2 reached at 2026-11-19, a newer one stands for week 2026-W47
    keep   orders/n1: daily 2 of 2, newest of 2026-11-19
    keep   orders/n0: daily 1 of 2, newest of 2026-11-20; weekly 1 of 2, newest of week 2026-W47
    ");
}

#[test]
fn each_kind_that_is_not_ours_is_left_alone() {
    let mut snapshots = nights(1);
    for (id, kind) in [
        ("rds:orders-2026-10-01", SnapshotKind::Automated),
        ("awsbackup:job-1", SnapshotKind::AwsBackup),
        (
            "arn:aws:rds:eu-central-1:999999999999:cluster-snapshot:theirs",
            SnapshotKind::Shared,
        ),
        ("strange", SnapshotKind::Other("exported".into())),
    ] {
        snapshots.push(Snapshot {
            kind,
            ..snapshot(id, hours_ago(900))
        });
    }
    let foreign = Tags::from_iter([("team", "shop")]);
    snapshots.push(Snapshot {
        tags: foreign,
        ..snapshot("before-migration", hours_ago(900))
    });
    let weekly = tagged(snapshot("w1", hours_ago(900)), tags::SCHEDULE, "weekly");
    snapshots.push(weekly);
    let no_schedule = Tags::from_iter([(tags::MANAGED_BY, tags::NIGHTSHIFT)]);
    snapshots.push(Snapshot {
        tags: no_schedule,
        ..snapshot("x1", hours_ago(900))
    });
    snapshots.push(tagged(snapshot("h1", hours_ago(900)), tags::HOLD, ""));
    snapshots.push(tagged(
        snapshot("h2", hours_ago(900)),
        tags::HOLD,
        "case 12",
    ));
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(planned(&policy, snapshots), @"
    leave  orders/arn:aws:rds:eu-central-1:999999999999:cluster-snapshot:theirs: shared by another account
    leave  orders/awsbackup:job-1: AWS Backup's: its own life-cycle rules decide
    leave  orders/before-migration: not made by Nightshift (no tag nightshift:managed-by=nightshift)
    leave  orders/h1: held by tag nightshift:hold
    leave  orders/h2: held by tag nightshift:hold=case 12
    leave  orders/rds:orders-2026-10-01: automated: RDS keeps and deletes these itself
    leave  orders/strange: of kind exported, which Nightshift does not know
    leave  orders/w1: made for schedule weekly, not nightly
    leave  orders/x1: made by Nightshift, but without tag nightshift:schedule
    keep   orders/n0: last 1 of 1
    ");
}

#[test]
fn the_hold_tag_is_the_policys() {
    let snapshots = vec![
        snapshot("n0", hours_ago(1)),
        tagged(snapshot("h1", hours_ago(900)), tags::HOLD, ""),
        tagged(snapshot("h2", hours_ago(900)), "legal", ""),
    ];
    let policy = policy(&json!({"last": 1}), &json!({"hold_tag": "legal"}));
    insta::assert_snapshot!(planned(&policy, snapshots), @"
    delete orders/h1: no rule keeps it: not the last one
    leave  orders/h2: held by tag legal
    keep   orders/n0: last 1 of 1
    ");
}

#[test]
fn many_that_are_left_for_one_reason_share_a_row() {
    let automated = |day: i64| Snapshot {
        kind: SnapshotKind::Automated,
        ..snapshot(&format!("rds:orders-{day:02}"), hours_ago(24 * day))
    };
    let snapshots: Vec<Snapshot> = nights(1)
        .into_iter()
        .chain((1..=6).map(automated))
        .collect();
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(planned(&policy, snapshots.clone()), @"
    leave  orders/6 snapshots, rds:orders-06 to rds:orders-01: automated: RDS keeps and deletes these itself
    keep   orders/n0: last 1 of 1
    ");
    insta::assert_snapshot!(planned(&policy, snapshots[..6].to_vec()), @"
    leave  orders/rds:orders-05: automated: RDS keeps and deletes these itself
    leave  orders/rds:orders-04: automated: RDS keeps and deletes these itself
    leave  orders/rds:orders-03: automated: RDS keeps and deletes these itself
    leave  orders/rds:orders-02: automated: RDS keeps and deletes these itself
    leave  orders/rds:orders-01: automated: RDS keeps and deletes these itself
    keep   orders/n0: last 1 of 1
    ");
}

#[test]
fn each_status_has_its_rule() {
    let mut snapshots = nights(1);
    for (id, status, created) in [
        ("creating", SnapshotStatus::Creating, None),
        ("copying", SnapshotStatus::Copying, Some(hours_ago(2))),
        ("deleting", SnapshotStatus::Deleting, Some(hours_ago(900))),
        ("failed-today", SnapshotStatus::Failed, Some(hours_ago(23))),
        (
            "failed-yesterday",
            SnapshotStatus::Failed,
            Some(hours_ago(24)),
        ),
        ("failed-some-time", SnapshotStatus::Failed, None),
        (
            "failed-tomorrow",
            SnapshotStatus::Failed,
            Some(hours_ago(-24)),
        ),
        ("tomorrow", SnapshotStatus::Available, Some(hours_ago(-24))),
        ("some-time", SnapshotStatus::Available, None),
        (
            "odd",
            SnapshotStatus::Unknown("archiving".into()),
            Some(hours_ago(900)),
        ),
    ] {
        snapshots.push(Snapshot {
            status,
            created,
            ..snapshot(id, now())
        });
    }
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(planned(&policy, snapshots), @"
    leave  orders/deleting: being deleted already
    leave  orders/odd: in status archiving, which Nightshift does not know
    delete orders/failed-yesterday: failed 24h ago: nothing can be restored from it
    keep   orders/failed-today: failed: deleted when it is 24h old
    keep   orders/copying: copying: judged once it is available
    keep   orders/n0: last 1 of 1
    keep   orders/failed-tomorrow: made at 2026-11-21T03:00:00Z, after this run began: the next run judges it
    keep   orders/tomorrow: made at 2026-11-21T03:00:00Z, after this run began: the next run judges it
    keep   orders/creating: creating: judged once it is available
    keep   orders/failed-some-time: failed, but RDS does not say when it was made: look at it, and delete it by hand if it is of no use
    keep   orders/some-time: available, but RDS does not say when it was made: look at it, and delete it by hand if it is of no use
    ");
}

#[test]
fn a_failed_snapshot_stands_for_no_night() {
    let mut snapshots = nights(3);
    snapshots[1].status = SnapshotStatus::Failed;
    let policy = policy(&json!({"daily": 2}), &json!({}));
    insta::assert_snapshot!(planned(&policy, snapshots), @"
    keep   orders/n2: daily 2 of 2, newest of 2026-11-18
    delete orders/n1: failed 25h ago: nothing can be restored from it
    keep   orders/n0: daily 1 of 2, newest of 2026-11-20
    ");
}

#[test]
fn the_newest_drilled_stays_whatever_the_rules_say() {
    let mut snapshots = nights(5);
    for night in [2, 4] {
        snapshots[night] = tagged(
            snapshots[night].clone(),
            tags::DRILL_PASSED,
            "2026-11-19T00:00:00Z",
        );
    }
    // Dated after this run: whatever it is, it does not stand in for the newest one.
    let later = snapshot("later", hours_ago(-1));
    snapshots.push(tagged(later, tags::DRILL_PASSED, "2026-11-19T00:00:00Z"));
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(planned(&policy, snapshots), @"
    delete orders/n4: no rule keeps it: not the last one
    delete orders/n3: no rule keeps it: not the last one
    keep   orders/n2: newest that passed a restore drill
    delete orders/n1: no rule keeps it: not the last one
    keep   orders/n0: last 1 of 1
    keep   orders/later: made at 2026-11-20T04:00:00Z, after this run began: the next run judges it
    ");
}

#[test]
fn a_cluster_that_is_gone_is_pruned_only_when_named() {
    let snapshots = nights(3);
    let foreign = Snapshot {
        tags: Tags::default(),
        ..snapshot("final", hours_ago(900))
    };
    let observation = observed(vec![cluster("shop")], [snapshots, vec![foreign]].concat());
    let by_tag = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(plan(&by_tag, &observation, now()), @"
    warning: There is no snapshot of schedule nightly of shop: see whether take-snapshot runs for it.
    leave  orders/n2: its cluster no longer exists: kept, unless policy.clusters.ids names the cluster
    leave  orders/n1: its cluster no longer exists: kept, unless policy.clusters.ids names the cluster
    leave  orders/n0: its cluster no longer exists: kept, unless policy.clusters.ids names the cluster
    ");
    let by_name = policy(
        &json!({"last": 1}),
        &json!({"clusters": {"ids": ["Orders"]}}),
    );
    insta::assert_snapshot!(plan(&by_name, &observation, now()), @"
    leave  orders/final: not made by Nightshift (no tag nightshift:managed-by=nightshift)
    delete orders/n2: no rule keeps it: not the last one
    delete orders/n1: no rule keeps it: not the last one
    keep   orders/n0: last 1 of 1
    ");
}

#[test]
fn a_cluster_of_another_policy_has_no_row() {
    let other = Cluster {
        tags: Tags::default(),
        ..cluster("orders")
    };
    let observation = observed(vec![other], nights(9));
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(plan(&policy, &observation, now()), @"warning: No cluster carries tag nightshift:snapshot=nightly: nothing is pruned.");
}

#[test]
fn a_misspelt_cluster_needs_a_person() {
    let policy = policy(
        &json!({"last": 1}),
        &json!({"clusters": {"ids": ["orders", "Oders", "oders"]}}),
    );
    insta::assert_snapshot!(planned(&policy, nights(1)), @"
    ALERT  oders/oders: there is no cluster of this name and no snapshot of one: correct policy.clusters.ids
    keep   orders/n0: last 1 of 1
    ");
}

#[test]
fn clusters_without_snapshots_are_told_apart() {
    let first = Snapshot {
        cluster: "new".into(),
        status: SnapshotStatus::Creating,
        ..snapshot("new-nightly-20261120", hours_ago(1))
    };
    let old = Snapshot {
        cluster: "asleep".into(),
        ..snapshot("asleep-nightly-20261101", hours_ago(480))
    };
    let asleep = Cluster {
        status: ClusterStatus::Stopped,
        ..cluster("asleep")
    };
    let clusters = vec![cluster("never"), cluster("new"), asleep, cluster("none")];
    let policy = policy(&json!({"last": 1}), &json!({}));
    insta::assert_snapshot!(plan(&policy, &observed(clusters, vec![first, old]), now()), @"
    warning: There is no snapshot of schedule nightly of never and none: see whether take-snapshot runs for it.
    info: The newest good snapshot of asleep is older than policy.rpo, as nothing is taken of a stopped cluster.
    keep   asleep/asleep-nightly-20261101: last 1 of 1
    keep   new/new-nightly-20261120: creating: judged once it is available
    ");
}

#[test]
fn a_snapshot_that_two_pages_show_counts_once() {
    let policy = policy(&json!({"last": 1}), &json!({"min_keep": 2}));
    let twice = [nights(2), nights(2)].concat();
    assert_eq!(planned(&policy, twice), planned(&policy, nights(2)));
}

#[test]
fn several_clusters_are_judged_each_by_itself() {
    let of_shop = nights(2).into_iter().map(|night| Snapshot {
        id: format!("shop-{}", night.id),
        cluster: "shop".into(),
        ..night
    });
    let snapshots = nights(2).into_iter().chain(of_shop).collect();
    let policy = policy(&json!({"last": 1}), &json!({}));
    let observation = observed(vec![cluster("shop"), cluster("orders")], snapshots);
    insta::assert_snapshot!(plan(&policy, &observation, now()), @"
    delete orders/n1: no rule keeps it: not the last one
    keep   orders/n0: last 1 of 1
    delete shop/shop-n1: no rule keeps it: not the last one
    keep   shop/shop-n0: last 1 of 1
    ");
}
