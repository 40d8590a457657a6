//! The mails of every kind of run, as they are read.

use super::*;

const LEFT: &str = "the function's time was nearly up; the next run takes it";

#[test]
fn nothing_to_do_is_no_mail() {
    let kept = prune(1120, Choice::Keep, "daily 1 of 7");
    let report = report("prune-snapshots", "apply", of(vec![kept]), vec![]);
    assert_eq!(report.outcome, RunOutcome::Nothing);
    assert!(!report.worth_a_mail());
}

#[test]
fn what_was_done_before_or_waits_is_no_mail() {
    let decisions = vec![
        take("orders", CREATE, "the nightly snapshot of 2026-11-21"),
        take("billing", Choice::Wait, "the cluster is backing-up"),
    ];
    let report = report(
        "take-snapshot",
        "apply",
        of(decisions),
        vec![Outcome::AlreadyDone],
    );
    assert_eq!(report.outcome, RunOutcome::Partial);
    assert!(!report.worth_a_mail());
}

#[test]
fn success_with_changes() {
    let decisions = vec![
        take("orders", CREATE, "the nightly snapshot of 2026-11-21"),
        take("billing", CREATE, "the nightly snapshot of 2026-11-21"),
        take(
            "search",
            Choice::Leave,
            "stopped since 2026-11-18 20:00 UTC, and search-nightly-20261118 holds its state",
        ),
    ];
    let report = report(
        "take-snapshot",
        "apply",
        of(decisions),
        vec![Outcome::Done, Outcome::Done],
    );
    insta::assert_snapshot!(read(&report), @r"
    [OK] take-snapshot: billing and orders: created 2

    billing and orders: created 2. Nobody needs to do anything.

    What and why
    - created orders-nightly-20261121 (cluster orders)
      the nightly snapshot of 2026-11-21
    - created billing-nightly-20261121 (cluster billing)
      the nightly snapshot of 2026-11-21

    Left alone: 1. The log has the reason for each.

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn success_that_was_overdue() {
    let text = "orders: before this run the newest good snapshot, orders-nightly-20261118, was 3d old; the recovery point objective is 26h.";
    let plan = Plan {
        notes: vec![Note::new(Severity::Warning, text)],
        ..of(vec![take(
            "orders",
            CREATE,
            "the nightly snapshot of 2026-11-21",
        )])
    };
    insta::assert_snapshot!(read(&report("take-snapshot", "apply", plan, vec![Outcome::Done])), @r"
    [LOOK] take-snapshot: orders: created 1

    orders: created 1. Please look.

    Warning: orders: before this run the newest good snapshot, orders-nightly-20261118, was 3d old; the recovery point objective is 26h.

    What and why
    - created orders-nightly-20261121
      the nightly snapshot of 2026-11-21

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn partial_at_the_deadline() {
    let decisions = vec![
        prune(1001, DELETE, "no rule keeps it"),
        prune(1002, DELETE, "no rule keeps it"),
        prune(1003, DELETE, "no rule keeps it"),
        prune(1115, Choice::Keep, "weekly 1 of 8"),
        prune(1120, Choice::Keep, "daily 1 of 7"),
        prune(1121, Choice::Leave, "held by its tag nightshift:hold"),
    ];
    let outcomes = vec![
        Outcome::Done,
        busy("in use by a copy; the next run tries again"),
        Outcome::Left {
            detail: LEFT.into(),
        },
    ];
    insta::assert_snapshot!(read(&report("prune-snapshots", "apply", of(decisions), outcomes)), @r"
    [PART] prune-snapshots: orders: deleted 1, still to delete 2

    orders: deleted 1, still to delete 2. Nobody needs to act: the rest is tried again by itself.

    What and why
    - still to delete orders-nightly-20261002
      no rule keeps it
      -> in use by a copy; the next run tries again
    - still to delete orders-nightly-20261003
      no rule keeps it
      -> the function's time was nearly up; the next run takes it
    - deleted orders-nightly-20261001
      no rule keeps it

    Kept: 2. Left alone: 1. The log has the reason for each.

    Function: nightshift-prune-snapshots in eu-central-1, mode apply
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn partial_with_a_failure_a_retry_may_cure() {
    let decisions = vec![
        take("billing", CREATE, "the nightly snapshot of 2026-11-21"),
        take("orders", CREATE, "the nightly snapshot of 2026-11-21"),
    ];
    let throttled = "CreateDBClusterSnapshot of orders-nightly-20261121: throttled (Throttling); the next run tries again";
    let outcomes = vec![Outcome::Done, failed(throttled, true)];
    insta::assert_snapshot!(read(&report("take-snapshot", "apply", of(decisions), outcomes)), @r"
    [PART] take-snapshot: billing and orders: failed to create 1, created 1

    billing and orders: failed to create 1, created 1. Nobody needs to act: the rest is tried again by itself.

    What and why
    - FAILED to create orders-nightly-20261121 (cluster orders)
      the nightly snapshot of 2026-11-21
      -> CreateDBClusterSnapshot of orders-nightly-20261121: throttled (Throttling); the next run tries again
    - created billing-nightly-20261121 (cluster billing)
      the nightly snapshot of 2026-11-21

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}
