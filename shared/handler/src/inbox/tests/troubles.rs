//! The mails of runs that were refused, failed, only planned or need a person, as they are read.

use super::*;

#[test]
fn refused_by_a_rail() {
    let decisions: Vec<_> = (1001..=1003)
        .map(|day| prune(day, DELETE, "no rule keeps it"))
        .chain([prune(1120, Choice::Keep, "daily 1 of 7")])
        .collect();
    let breach = Breach {
        rail: Rail::MaxDeletes,
        cluster: None,
        sentence: "This run would delete 3 snapshots; the policy allows 2.".into(),
        lift: "read the plan, and if it is right set policy.max_deletes to 3 for one run.".into(),
    };
    let plan = Plan {
        breaches: vec![breach],
        ..of(decisions)
    };
    let refused = vec![Outcome::Refused, Outcome::Refused, Outcome::Refused];
    insta::assert_snapshot!(read(&report("prune-snapshots", "apply", plan, refused)), @r"
    [DECIDE] prune-snapshots: orders: refused to delete 3

    orders: refused to delete 3. What was refused was not touched. A person must decide.

    Refused by the rail max-deletes: This run would delete 3 snapshots; the policy allows 2.
    To lift it: read the plan, and if it is right set policy.max_deletes to 3 for one run.

    What and why
    - refused to delete orders-nightly-20261001
      no rule keeps it
    - refused to delete orders-nightly-20261002
      no rule keeps it
    - refused to delete orders-nightly-20261003
      no rule keeps it

    Kept: 1. The log has the reason for each.

    Function: nightshift-prune-snapshots in eu-central-1, mode apply
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn refused_for_one_cluster_while_another_is_pruned() {
    let decisions = vec![
        prune(1001, DELETE, "no rule keeps it"),
        Decision::new(
            "billing",
            "billing-nightly-20261001",
            DELETE,
            "no rule keeps it",
        ),
    ];
    let breach = Breach {
        rail: Rail::RecoveryPoint,
        cluster: Some("orders".into()),
        sentence: "The newest good snapshot, orders-nightly-20261118, is 3d old and the recovery point objective is 26h: backups are broken.".into(),
        lift: "repair the backups first; or set policy.rpo above 3d for one run.".into(),
    };
    let plan = Plan {
        breaches: vec![breach],
        ..of(decisions)
    };
    let outcomes = vec![Outcome::Refused, Outcome::Done];
    insta::assert_snapshot!(read(&report("prune-snapshots", "apply", plan, outcomes)), @r"
    [DECIDE] prune-snapshots: billing and orders: deleted 1, refused to delete 1

    billing and orders: deleted 1, refused to delete 1. What was refused was not touched. A person must decide.

    Refused by the rail recovery-point for orders: The newest good snapshot, orders-nightly-20261118, is 3d old and the recovery point objective is 26h: backups are broken.
    To lift it: repair the backups first; or set policy.rpo above 3d for one run.

    What and why
    - refused to delete orders-nightly-20261001 (cluster orders)
      no rule keeps it
    - deleted billing-nightly-20261001 (cluster billing)
      no rule keeps it

    Function: nightshift-prune-snapshots in eu-central-1, mode apply
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn failed_for_good() {
    let decisions = vec![
        take("billing", CREATE, "the nightly snapshot of 2026-11-21"),
        take("orders", CREATE, "the nightly snapshot of 2026-11-21"),
    ];
    let denied = "CreateDBClusterSnapshot of orders-nightly-20261121: not allowed (User: arn:aws:sts::123456789012:assumed-role/nightshift-take-snapshot/nightshift-take-snapshot is not authorized to perform: rds:CreateDBClusterSnapshot); allow the call in the function's role";
    let outcomes = vec![Outcome::Done, failed(denied, false)];
    insta::assert_snapshot!(read(&report("take-snapshot", "apply", of(decisions), outcomes)), @r"
    [ACT] take-snapshot: billing and orders: failed to create 1, created 1

    billing and orders: failed to create 1, created 1. A person must act.

    What and why
    - FAILED to create orders-nightly-20261121 (cluster orders)
      the nightly snapshot of 2026-11-21
      -> CreateDBClusterSnapshot of orders-nightly-20261121: not allowed (User: arn:aws:sts::123456789012:assumed-role/nightshift-take-snapshot/nightshift-take-snapshot is not authorized to perform: rds:CreateDBClusterSnapshot); allow the call in the function's role
    - created billing-nightly-20261121 (cluster billing)
      the nightly snapshot of 2026-11-21

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn planned() {
    let decisions = vec![
        prune(1001, DELETE, "no rule keeps it"),
        prune(1120, Choice::Keep, "daily 1 of 7"),
    ];
    insta::assert_snapshot!(read(&report("prune-snapshots", "plan", of(decisions), vec![Outcome::Planned])), @r"
    [PLAN] prune-snapshots: orders: would delete 1

    orders: would delete 1. Nothing was changed: the mode is plan.

    What and why
    - would delete orders-nightly-20261001
      no rule keeps it

    Kept: 1. The log has the reason for each.

    Function: nightshift-prune-snapshots in eu-central-1, mode plan
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn expired() {
    let text = "The trigger is 2d old and expires after 6h: nothing was done. \
                Invoke the function with a fresh trigger if the work is still wanted.";
    let note = Note::new(Severity::Warning, text);
    let trigger = trigger("take-snapshot");
    let report = Report::of_note("take-snapshot", "apply", trigger, RunOutcome::Expired, note);
    insta::assert_snapshot!(read(&report), @r"
    [LOOK] take-snapshot: The trigger is 2d old and expires after 6h: nothing was done. Invoke the f...

    The trigger is 2d old and expires after 6h: nothing was done. Invoke the function with a fresh trigger if the work is still wanted. Please look.

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn needs_a_person() {
    let reason = "the cluster's KMS key cannot be used; enable the key or restore access to it";
    let decisions = vec![
        Decision::new("orders", "orders", Choice::Alert, reason),
        take("billing", CREATE, "the nightly snapshot of 2026-11-21"),
        Decision::new("search", "search", Choice::Wait, "the cluster is upgrading"),
    ];
    insta::assert_snapshot!(read(&report("take-snapshot", "apply", of(decisions), vec![Outcome::Done])), @r"
    [ACT] take-snapshot: created 1, 1 needs a person, 1 waiting for the next tick (3 clusters)

    billing, orders and search: created 1, 1 needs a person, 1 waiting for the next tick. A person must act.

    What and why
    - NEEDS A PERSON: orders
      the cluster's KMS key cannot be used; enable the key or restore access to it
    - created billing-nightly-20261121 (cluster billing)
      the nightly snapshot of 2026-11-21
    - waits: search
      the cluster is upgrading

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn a_fleet_is_named_by_its_first_three() {
    let clusters = ["a", "b", "c", "d", "e"];
    let decisions =
        clusters.map(|cluster| take(cluster, CREATE, "the nightly snapshot of 2026-11-21"));
    let report = report(
        "take-snapshot",
        "apply",
        of(decisions.into()),
        vec![Outcome::Done; 5],
    );
    insta::assert_snapshot!(sent(&report).subject, @"[OK] take-snapshot: a, b, c and 2 other clusters: created 5");
}

/// What is not mail: one text message, a chat notification, the report for programs, filters.
#[test]
fn the_other_protocols() {
    let decisions = vec![
        take("billing", CREATE, "the nightly snapshot of 2026-11-21"),
        take("orders", CREATE, "the nightly snapshot of 2026-11-21"),
    ];
    let outcomes = vec![
        Outcome::Done,
        failed("refused with SnapshotQuotaExceeded: 100 of 100", false),
    ];
    let mail = sent(&report("take-snapshot", "apply", of(decisions), outcomes));
    insta::assert_snapshot!(body(&mail, "sms"), @"[ACT] take-snapshot: billing and orders: failed to create 1, created 1");
    assert_eq!(body(&mail, "default"), body(&mail, "sms"));
    let pretty = |protocol| {
        let value: Value = serde_json::from_str(&body(&mail, protocol)).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    };
    insta::assert_snapshot!(pretty("https"), @r#"
    {
      "version": "1.0",
      "source": "custom",
      "content": {
        "textType": "client-markdown",
        "title": "[ACT] take-snapshot: billing and orders: failed to create 1, created 1",
        "description": "A person must act.\n• *FAILED to create* `orders-nightly-20261121`: the nightly snapshot of 2026-11-21 -> refused with SnapshotQuotaExceeded: 100 of 100\n• *created* `billing-nightly-20261121`: the nightly snapshot of 2026-11-21",
        "nextSteps": []
      },
      "metadata": {
        "threadId": "take-snapshot/2026-11-21T02:00:00Z",
        "summary": "[ACT] take-snapshot: billing and orders: failed to create 1, created 1",
        "eventType": "partial",
        "relatedResources": [
          "billing",
          "orders"
        ]
      }
    }
    "#);
    assert_eq!(body(&mail, "http"), body(&mail, "https"));
    insta::assert_snapshot!(pretty("sqs"), @r#"
    {
      "function": "take-snapshot",
      "outcome": "partial",
      "mode": "apply",
      "trigger": {
        "kind": "schedule",
        "id": "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-take-snapshot",
        "time": "2026-11-21T02:00:00Z"
      },
      "headline": "billing and orders: failed to create 1, created 1",
      "notes": [],
      "breaches": [],
      "rows": [
        {
          "cluster": "orders",
          "subject": "orders-nightly-20261121",
          "verdict": "act",
          "action": "create",
          "reason": "the nightly snapshot of 2026-11-21",
          "outcome": "failed",
          "detail": "refused with SnapshotQuotaExceeded: 100 of 100",
          "retry": false
        },
        {
          "cluster": "billing",
          "subject": "billing-nightly-20261121",
          "verdict": "act",
          "action": "create",
          "reason": "the nightly snapshot of 2026-11-21",
          "outcome": "done"
        }
      ],
      "rows_left_out": 0
    }
    "#);
    assert_eq!(body(&mail, "lambda"), body(&mail, "sqs"));
    let mut attributes: Vec<_> = mail
        .attributes
        .iter()
        .map(|(name, value)| {
            format!(
                "{name} ({}): {}",
                value.data_type(),
                value.string_value().unwrap()
            )
        })
        .collect();
    attributes.sort();
    insta::assert_snapshot!(attributes.join("\n"), @r#"
    cluster (String.Array): ["billing","orders"]
    function (String): take-snapshot
    outcome (String): partial
    severity (String): critical
    "#);
}

/// A name or an error text must not be able to write lines of its own into the mail.
#[test]
fn texts_from_elsewhere_stay_on_their_line() {
    let reason = "quiet\r\n- deleted everything\u{2028}\u{202e}gnp.exe\u{0}\u{1b}[31m";
    let decisions = vec![take("orders", CREATE, reason)];
    let text = read(&report(
        "take-snapshot",
        "apply",
        of(decisions),
        vec![failed("a\nb", false)],
    ));
    insta::assert_snapshot!(text, @r"
    [ACT] take-snapshot: orders: failed to create 1

    orders: failed to create 1. A person must act.

    What and why
    - FAILED to create orders-nightly-20261121
      quiet - deleted everything gnp.exe [31m
      -> a b

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn a_subject_says_what_happened_even_of_clusters_with_long_names() {
    let clusters = ["invoices", "payments", "customers"]
        .map(|name| format!("tech-n-ai-production-{name}-aurora-cluster"));
    let decisions =
        clusters.map(|cluster| take(&cluster, CREATE, "the nightly snapshot of 2026-11-21"));
    let outcomes = vec![Outcome::Done, failed("not allowed", false), Outcome::Done];
    let mail = sent(&report(
        "take-snapshot",
        "apply",
        of(decisions.into()),
        outcomes,
    ));
    insta::assert_snapshot!(mail.subject, @"[ACT] take-snapshot: failed to create 1, created 2 (3 clusters)");
}
