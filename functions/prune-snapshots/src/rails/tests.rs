use aurora_model::{
    Choice, Cluster, ClusterStatus, Decision, Rail, Snapshot, SnapshotKind, SnapshotStatus, Tags,
    tags,
};
use serde_json::{Value, json};

use super::*;
use crate::testing::{
    cluster, hours_ago, nights, now, observed, planned, policy, snapshot, tagged,
};

/// The rails that deleting `ids` of these snapshots of `orders` would break, however it came to be
/// planned.
fn guarded(policy: &Policy, snapshots: &[Snapshot], ids: &[&str]) -> String {
    let observation = observed(vec![cluster("orders")], snapshots.to_vec());
    said(&guard(
        policy,
        &deletion("orders", ids),
        &observation,
        now(),
    ))
}

fn deletion(cluster: &str, ids: &[&str]) -> Plan<Delete> {
    let delete = |id: &&str| {
        let snapshot = (*id).to_owned();
        Decision::new(cluster, *id, Choice::Act(Delete { snapshot }), "a fault")
    };
    Plan {
        decisions: ids.iter().map(delete).collect(),
        ..Plan::empty()
    }
}

fn said(breaches: &[Breach]) -> String {
    let said = |breach: &Breach| {
        let whose = breach.cluster.as_deref().unwrap_or("whole run");
        format!("{whose}: {breach}")
    };
    breaches.iter().map(said).collect::<Vec<_>>().join("\n")
}

fn last_one(change: &Value) -> Policy {
    policy(&json!({"last": 1}), change)
}

#[test]
fn too_many_deletions() {
    let policy = last_one(&json!({"max_deletes": 3}));
    assert_eq!(said(&planned(&policy, nights(4)).breaches), "");
    insta::assert_snapshot!(said(&planned(&policy, nights(5)).breaches), @"whole run: [max-deletes] This run would delete 4 snapshots; the policy allows 3. To lift it: read the plan, and if it is right set policy.max_deletes to 4 for one run.");
}

#[test]
fn a_failed_one_counts_as_a_deletion_but_not_as_a_share() {
    let mut snapshots = nights(2);
    snapshots[1].status = SnapshotStatus::Failed;
    let by_share = last_one(&json!({"max_delete_percent": 0}));
    assert_eq!(said(&planned(&by_share, snapshots.clone()).breaches), "");
    insta::assert_snapshot!(said(&planned(&last_one(&json!({"max_deletes": 0})), snapshots).breaches), @"whole run: [max-deletes] This run would delete 1 snapshot; the policy allows 0. To lift it: read the plan, and if it is right set policy.max_deletes to 1 for one run.");
}

#[test]
fn too_large_a_share_of_one_cluster() {
    let policy = last_one(&json!({"max_delete_percent": 67}));
    assert_eq!(said(&planned(&policy, nights(3)).breaches), "");
    insta::assert_snapshot!(said(&planned(&policy, nights(4)).breaches), @"orders: [max-delete-percent] This run would delete 75 % of the 4 good snapshots of orders; the policy allows 67 %. To lift it: read the plan, and if it is right set policy.max_delete_percent to 75 for one run.");
}

#[test]
fn too_large_a_share_of_the_run() {
    let of_shop = nights(5).into_iter().map(|night| Snapshot {
        id: format!("shop-{}", night.id),
        cluster: "shop".into(),
        ..night
    });
    let snapshots = nights(2).into_iter().chain(of_shop).collect();
    let observation = observed(vec![cluster("orders"), cluster("shop")], snapshots);
    let breaches = |percent: u8| {
        let policy = last_one(&json!({"max_delete_percent": percent}));
        said(&crate::plan::plan(&policy, &observation, now()).breaches)
    };
    insta::assert_snapshot!(breaches(50), @"
    whole run: [max-delete-percent] This run would delete 72 % of 7 snapshots; the policy allows 50 %. To lift it: read the plan, and if it is right set policy.max_delete_percent to 72 for one run.
    shop: [max-delete-percent] This run would delete 80 % of the 5 good snapshots of shop; the policy allows 50 %. To lift it: read the plan, and if it is right set policy.max_delete_percent to 80 for one run.
    ");
    insta::assert_snapshot!(breaches(72), @"shop: [max-delete-percent] This run would delete 80 % of the 5 good snapshots of shop; the policy allows 72 %. To lift it: read the plan, and if it is right set policy.max_delete_percent to 80 for one run.");
    assert_eq!(breaches(80), "");
}

#[test]
fn a_cluster_whose_backups_are_broken_uses_up_nothing_of_what_the_others_may_delete() {
    let of_shop = nights(4).into_iter().map(|night| Snapshot {
        id: format!("shop-{}", night.id),
        cluster: "shop".into(),
        created: night
            .created
            .map(|at| at - jiff::SignedDuration::from_hours(24 * 20)),
        ..night
    });
    let snapshots = nights(4).into_iter().chain(of_shop).collect();
    let observation = observed(vec![cluster("orders"), cluster("shop")], snapshots);
    let policy = last_one(&json!({"max_deletes": 3}));
    let breaches = crate::plan::plan(&policy, &observation, now()).breaches;
    let rails: Vec<_> = breaches
        .iter()
        .map(|breach| (breach.rail, breach.cluster.as_deref()))
        .collect();
    assert_eq!(rails, [(Rail::RecoveryPoint, Some("shop"))]);
}

#[test]
fn fewer_good_ones_than_min_keep() {
    let policy = last_one(&json!({"min_keep": 3}));
    assert_eq!(said(&planned(&policy, nights(1)).breaches), "");
    insta::assert_snapshot!(said(&planned(&policy, nights(4)).breaches), @"orders: [min-keep] This run would leave 1 good snapshot of orders; policy.min_keep is 3. To lift it: let policy.keep keep more, or set policy.min_keep to 1.");
}

#[test]
fn a_held_one_does_not_count_towards_min_keep() {
    let mut snapshots = nights(4);
    snapshots[1] = tagged(snapshots[1].clone(), tags::HOLD, "");
    let policy = policy(&json!({"last": 2}), &json!({"min_keep": 3}));
    insta::assert_snapshot!(said(&planned(&policy, snapshots).breaches), @"orders: [min-keep] This run would leave 2 good snapshots of orders; policy.min_keep is 3. To lift it: let policy.keep keep more, or set policy.min_keep to 2.");
}

#[test]
fn the_newest_good_one() {
    insta::assert_snapshot!(guarded(&last_one(&json!({})), &nights(3), &["n0"]), @"orders: [newest-good] This run would delete n0, the newest good snapshot of orders. To lift it: nothing lifts this rail. Take a newer snapshot first.");
    assert_eq!(
        guarded(&last_one(&json!({})), &nights(3), &["n1", "n2"]),
        ""
    );
}

#[test]
fn the_newest_good_one_is_not_the_failed_held_or_coming_one_above_it() {
    let mut snapshots = nights(4);
    snapshots[0].status = SnapshotStatus::Failed;
    snapshots[1] = tagged(snapshots[1].clone(), tags::HOLD, "");
    snapshots.push(snapshot("later", hours_ago(-1)));
    insta::assert_snapshot!(guarded(&last_one(&json!({})), &snapshots, &["n2"]), @"orders: [newest-good] This run would delete n2, the newest good snapshot of orders. To lift it: nothing lifts this rail. Take a newer snapshot first.");
}

#[test]
fn the_last_of_all() {
    insta::assert_snapshot!(guarded(&last_one(&json!({})), &nights(1), &["n0"]), @"
    orders: [newest-good] This run would delete n0, the newest good snapshot of orders. To lift it: nothing lifts this rail. Take a newer snapshot first.
    orders: [min-keep] This run would leave 0 good snapshots of orders; policy.min_keep is 1. To lift it: let policy.keep keep more; policy.min_keep is at least 1.
    ");
}

#[test]
fn the_newest_that_passed_a_drill() {
    let mut snapshots = nights(4);
    for night in [1, 2] {
        snapshots[night] = tagged(
            snapshots[night].clone(),
            tags::DRILL_PASSED,
            "2026-11-19T00:00:00Z",
        );
    }
    insta::assert_snapshot!(guarded(&last_one(&json!({})), &snapshots, &["n1"]), @"orders: [newest-drilled] This run would delete n1, the newest snapshot of orders that passed a restore drill. To lift it: nothing lifts this rail. Let a newer snapshot pass a drill first.");
    assert_eq!(
        guarded(&last_one(&json!({})), &snapshots, &["n2", "n3"]),
        ""
    );
}

#[test]
fn backups_are_broken() {
    let policy = last_one(&json!({"rpo": "26h"}));
    assert_eq!(
        said(&planned(&policy, vec![snapshot("n", hours_ago(26))]).breaches),
        ""
    );
    // Told even though nothing would be deleted.
    insta::assert_snapshot!(said(&planned(&policy, vec![snapshot("n", hours_ago(27))]).breaches), @"orders: [recovery-point] The newest good snapshot of orders, n, is 27h old; policy.rpo is 26h. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no new one; to prune all the same, set policy.rpo above 27h for one run.");
    insta::assert_snapshot!(said(&planned(&policy, nights(3).split_off(2)).breaches), @"orders: [recovery-point] The newest good snapshot of orders, n2, is 2d 1h old; policy.rpo is 26h. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no new one; to prune all the same, set policy.rpo above 2d 1h for one run.");
}

#[test]
fn no_good_snapshot_at_all() {
    let mut snapshots = nights(2);
    for snapshot in &mut snapshots {
        snapshot.status = SnapshotStatus::Failed;
    }
    insta::assert_snapshot!(said(&planned(&last_one(&json!({})), snapshots).breaches), @"orders: [recovery-point] There is no good snapshot of orders for schedule nightly. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no good one; only a good snapshot lifts this rail.");
}

#[test]
fn a_snapshot_that_is_being_made_for_days_is_no_first_one() {
    let creating = |hours| Snapshot {
        status: SnapshotStatus::Creating,
        ..snapshot("n", hours_ago(hours))
    };
    assert_eq!(
        said(&planned(&last_one(&json!({})), vec![creating(26)]).breaches),
        ""
    );
    insta::assert_snapshot!(said(&planned(&last_one(&json!({})), vec![creating(31)]).breaches), @"orders: [recovery-point] There is no good snapshot of orders for schedule nightly. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no good one; only a good snapshot lifts this rail.");
}

#[test]
fn a_held_snapshot_shows_that_backups_work() {
    let mut snapshots = nights(3);
    snapshots[0] = tagged(snapshots[0].clone(), tags::HOLD, "");
    assert_eq!(
        said(&planned(&last_one(&json!({"rpo": "2h"})), snapshots).breaches),
        ""
    );
}

#[test]
fn another_schedules_snapshot_does_not_show_that_backups_work() {
    let mut snapshots = nights(3);
    snapshots[0] = tagged(snapshots[0].clone(), tags::SCHEDULE, "weekly");
    insta::assert_snapshot!(said(&planned(&last_one(&json!({"rpo": "2h"})), snapshots).breaches), @"orders: [recovery-point] The newest good snapshot of orders, n1, is 25h old; policy.rpo is 2h. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no new one; to prune all the same, set policy.rpo above 25h for one run.");
}

#[test]
fn a_stopped_cluster_is_told_of_only_where_it_would_be_pruned() {
    let breaches = |number| {
        let asleep = Cluster {
            status: ClusterStatus::Stopped,
            ..cluster("orders")
        };
        let observation = observed(vec![asleep], nights(number).split_off(3));
        said(&crate::plan::plan(&last_one(&json!({})), &observation, now()).breaches)
    };
    assert_eq!(breaches(4), "");
    insta::assert_snapshot!(breaches(5), @"orders: [recovery-point] The newest good snapshot of orders, n3, is 3d 1h old; policy.rpo is 30h. Nothing of it is pruned while backups are broken. To lift it: see why take-snapshot makes no new one; to prune all the same, set policy.rpo above 3d 1h for one run.");
}

#[test]
fn a_cluster_that_is_gone_has_no_recovery_point_to_miss() {
    let policy = last_one(&json!({"clusters": {"ids": ["orders"]}}));
    let observation = observed(vec![], nights(5).split_off(3));
    let plan = crate::plan::plan(&policy, &observation, now());
    assert_eq!(
        (said(&plan.breaches).as_str(), plan.actions().count()),
        ("", 1)
    );
}

#[test]
fn one_clusters_breach_does_not_forbid_the_others() {
    let of_shop = nights(3).split_off(2).into_iter().map(|night| Snapshot {
        cluster: "shop".into(),
        id: "s".into(),
        ..night
    });
    let snapshots = nights(2).into_iter().chain(of_shop).collect();
    let observation = observed(vec![cluster("orders"), cluster("shop")], snapshots);
    let plan = crate::plan::plan(&last_one(&json!({})), &observation, now());
    assert!(plan.forbidden("orders").is_none());
    assert_eq!(
        plan.forbidden("shop").map(|breach| breach.rail),
        Some(Rail::RecoveryPoint)
    );
}

#[test]
fn nothing_goes_that_is_not_ours() {
    let policy = last_one(&json!({}));
    let with = |snapshot: Snapshot| guarded(&policy, &[nights(1), vec![snapshot]].concat(), &["x"]);
    let x = || snapshot("x", hours_ago(900));
    let fault = |change: fn(&mut Snapshot)| {
        let mut snapshot = x();
        change(&mut snapshot);
        let said = with(snapshot);
        let (_, rest) = said.split_once("would delete x, ").unwrap();
        rest.split_once('.').unwrap().0.to_owned()
    };
    insta::assert_snapshot!(with(Snapshot { tags: Tags::default(), ..x() }), @"whole run: [ownership] This run would delete x, which Nightshift did not make. To lift it: nothing lifts this rail. It is a fault in Nightshift: please report it with this plan.");
    assert_eq!(
        fault(|x| x.kind = SnapshotKind::Automated),
        "which Nightshift did not make"
    );
    assert_eq!(
        fault(|x| x.kind = SnapshotKind::Shared),
        "which Nightshift did not make"
    );
    assert_eq!(
        fault(|x| *x = tagged(x.clone(), tags::SCHEDULE, "weekly")),
        "which belongs to another schedule"
    );
    assert_eq!(
        fault(|x| *x = tagged(x.clone(), tags::HOLD, "")),
        "which is held"
    );
    assert_eq!(
        fault(|x| x.created = None),
        "which was not there yet when this run began"
    );
    assert_eq!(
        fault(|x| x.created = Some(hours_ago(-1))),
        "which was not there yet when this run began"
    );
    assert_eq!(
        fault(|x| x.status = SnapshotStatus::Creating),
        "which is neither available nor failed"
    );
    assert_eq!(
        fault(|x| x.cluster = "gone".into()),
        "whose cluster the policy does not mean"
    );
    assert_eq!(
        fault(|x| x.id = "y".into()),
        "which is not among the snapshots that were read"
    );
    assert_eq!(with(x()), "");
}

#[test]
fn a_row_in_the_name_of_another_cluster_breaks_ownership() {
    let observation = observed(vec![cluster("orders"), cluster("shop")], nights(2));
    let breaches = guard(
        &last_one(&json!({})),
        &deletion("shop", &["n1"]),
        &observation,
        now(),
    );
    insta::assert_snapshot!(said(&breaches), @"whole run: [ownership] This run would delete n1, in the name of another cluster. To lift it: nothing lifts this rail. It is a fault in Nightshift: please report it with this plan.");
}
