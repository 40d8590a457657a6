use jiff::Timestamp;

use super::*;
use crate::{Choice, Decision};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Create;

impl Action for Create {
    fn verb(&self) -> &'static str {
        "create"
    }
}

fn trigger(id: &str) -> TriggerRef {
    TriggerRef {
        kind: "schedule",
        id: id.into(),
        time: Timestamp::UNIX_EPOCH,
    }
}

fn report(outcomes: &[(&str, Outcome)]) -> Report {
    let decision = |(cluster, _): &(&str, Outcome)| {
        Decision::new(
            *cluster,
            format!("{cluster}-1"),
            Choice::Act(Create),
            "tonight",
        )
    };
    let plan = Plan {
        decisions: outcomes.iter().map(decision).collect(),
        ..Plan::empty()
    };
    let outcomes = outcomes
        .iter()
        .map(|(_, outcome)| outcome.clone())
        .collect();
    Report::new("take-snapshot", "apply", trigger("x"), plan, outcomes)
}

fn failed(retry: bool) -> Outcome {
    Outcome::Failed {
        detail: "no".into(),
        retry,
    }
}

#[test]
fn a_trigger_goes_by_the_name_in_its_arn() {
    for (id, name) in [
        (
            "arn:aws:scheduler:eu-central-1:1:schedule/default/nightly",
            "nightly",
        ),
        ("arn:aws:events:eu-central-1:1:rule/nightly", "nightly"),
        (
            "arn:aws:cloudwatch:eu-central-1:1:alarm:disk: 90 % / full",
            "disk: 90 % / full",
        ),
        (
            "844e2571-85d4-695f-b930-0153b71dcb42",
            "844e2571-85d4-695f-b930-0153b71dcb42",
        ),
        ("a/b", "a/b"),
        (
            "arn:aws:secretsmanager:eu-central-1:1:secret:shop/app-a1B2c3:5e1f0c9a",
            "shop/app",
        ),
        (
            "arn:aws:secretsmanager:eu-central-1:1:secret:shop/app-a1B2c3",
            "shop/app",
        ),
        // A partial ARN, which has no characters of Secrets Manager's own.
        (
            "arn:aws:secretsmanager:eu-central-1:1:secret:shop-app",
            "shop-app",
        ),
    ] {
        assert_eq!(trigger(id).name(), name);
    }
}

#[test]
fn what_happened_is_the_headline_without_the_clusters() {
    let two = report(&[("orders", Outcome::Done), ("billing", failed(false))]);
    assert_eq!(
        two.headline,
        "billing and orders: failed to create 1, created 1"
    );
    assert_eq!(two.what(), "failed to create 1, created 1");
    assert_eq!(report(&[]).what(), "nothing to do");
    let note = Note::new(Severity::Warning, "orders: too old");
    let of_note = Report::of_note("f", "apply", trigger("x"), RunOutcome::Expired, note);
    assert_eq!(of_note.what(), "orders: too old");
}

#[test]
fn one_failure_no_retry_cures_is_critical_whatever_went_well() {
    let severity = |outcomes: &[(&str, Outcome)]| report(outcomes).severity();
    assert_eq!(severity(&[("a", Outcome::Done)]), Severity::Info);
    assert_eq!(
        severity(&[("a", Outcome::Done), ("b", failed(true))]),
        Severity::Warning
    );
    assert_eq!(severity(&[("a", failed(true))]), Severity::Warning);
    assert_eq!(
        severity(&[("a", Outcome::Done), ("b", failed(false))]),
        Severity::Critical
    );
    assert_eq!(
        severity(&[("a", failed(true)), ("b", failed(false))]),
        Severity::Critical
    );
}

#[test]
fn what_is_cut_off_is_counted_and_failures_stay() {
    let long = report(&[
        ("a", Outcome::Done),
        ("b", failed(false)),
        ("c", Outcome::Done),
    ]);
    let cut = long.cut(1);
    assert_eq!(cut["rows"][0]["cluster"], "b");
    assert_eq!(cut["rows_left_out"], 2);
    assert_eq!(cut.get("about"), None);
    assert_eq!(long.cut(9)["rows_left_out"], 0);
}

#[test]
fn a_tick_tells_what_it_changed_and_not_what_its_schedule_has_told() {
    let worth = |kind: &'static str, choice: Choice<Create>, outcomes: Vec<Outcome>| {
        let plan = Plan {
            decisions: vec![Decision::new("orders", "orders-1", choice, "why")],
            notes: vec![Note::new(Severity::Warning, "behind")],
            ..Plan::empty()
        };
        let trigger = TriggerRef {
            kind,
            ..trigger("x")
        };
        Report::new("take-snapshot", "apply", trigger, plan, outcomes).worth_a_mail()
    };
    let create = || Choice::Act(Create);
    for (choice, outcomes, by_tick) in [
        (create(), vec![Outcome::Done], true),
        (create(), vec![failed(false)], true),
        (create(), vec![Outcome::Refused], false),
        (create(), vec![Outcome::Planned], false),
        (Choice::Alert, vec![], false),
        (Choice::Wait, vec![], false),
    ] {
        assert!(worth("schedule", choice.clone(), outcomes.clone()));
        assert_eq!(
            worth(TICK, choice.clone(), outcomes.clone()),
            by_tick,
            "{choice:?} {outcomes:?}"
        );
    }
}

/// What a rotation's step reports of the secret `shop/app`.
fn of_rotation(kind: &'static str, choice: Choice<Create>, outcomes: Vec<Outcome>) -> Report {
    let plan = Plan {
        decisions: vec![Decision::new("orders", "shop/app", choice, "it is due")],
        ..Plan::empty()
    };
    let trigger = TriggerRef {
        kind,
        ..trigger("x")
    };
    Report::new("rotate-secret", "apply", trigger, plan, outcomes)
}

#[test]
fn of_a_rotation_only_its_end_is_told() {
    let busy = || Outcome::Busy {
        detail: "a reader lags".into(),
    };
    let create = || Choice::Act(Create);
    for (choice, outcomes, by_step, by_last) in [
        (create(), vec![Outcome::Done], false, true),
        (create(), vec![Outcome::AlreadyDone], false, false),
        (create(), vec![busy()], false, false),
        (create(), vec![failed(true)], false, false),
        (create(), vec![failed(false)], true, true),
        (create(), vec![Outcome::Planned], true, true),
        (create(), vec![Outcome::Refused], true, true),
        (Choice::Alert, vec![], true, true),
        (Choice::Wait, vec![], false, false),
        (Choice::Keep, vec![], false, false),
    ] {
        for (kind, worth) in [(ROTATION_STEP, by_step), (ROTATION, by_last)] {
            let report = of_rotation(kind, choice.clone(), outcomes.clone());
            assert_eq!(
                report.worth_a_mail(),
                worth,
                "{kind} {choice:?} {outcomes:?}"
            );
        }
    }
}

#[test]
fn a_warning_waits_for_the_end_of_the_rotation() {
    let warned = |kind, severity, outcome| {
        let mut report = of_rotation(kind, Choice::Act(Create), vec![outcome]);
        report.notes.push(Note::new(severity, "without TLS"));
        report.worth_a_mail()
    };
    assert!(!warned(ROTATION_STEP, Severity::Warning, Outcome::Done));
    assert!(!warned(ROTATION, Severity::Warning, failed(true)));
    assert!(warned(ROTATION, Severity::Warning, Outcome::AlreadyDone));
    assert!(warned(ROTATION_STEP, Severity::Critical, Outcome::Done));
}

#[test]
fn a_retry_may_finish_what_was_busy_and_not_what_failed_for_good() {
    let may = |choice, outcomes| of_rotation(ROTATION, choice, outcomes).retry_may_finish();
    let left = Outcome::Left {
        detail: String::new(),
    };
    assert!(may(Choice::Act(Create), vec![failed(true)]));
    assert!(may(Choice::Act(Create), vec![left]));
    assert!(may(Choice::Wait, vec![]));
    assert!(!may(Choice::Act(Create), vec![failed(false)]));
    assert!(!may(Choice::Act(Create), vec![Outcome::Done]));
    assert!(!may(Choice::Alert, vec![]));
    let partly = report(&[("a", Outcome::Done), ("b", failed(false))]);
    assert_eq!(partly.outcome, RunOutcome::Partial);
    assert!(!partly.retry_may_finish());
}

#[test]
fn a_rotation_is_told_by_the_name_of_its_secret() {
    let said = |choice, outcomes| of_rotation(ROTATION, choice, outcomes).headline;
    let create = || Choice::Act(Create);
    assert_eq!(
        said(create(), vec![Outcome::Done]),
        "orders: created shop/app"
    );
    assert_eq!(
        said(create(), vec![failed(true)]),
        "orders: failed to create shop/app"
    );
    assert_eq!(
        said(Choice::Alert, vec![]),
        "orders: shop/app needs a person"
    );
    assert_eq!(said(Choice::Keep, vec![]), "orders: nothing to do");
    let report = of_rotation(ROTATION, create(), vec![Outcome::Done]);
    assert_eq!(report.what(), "created shop/app");
    assert_eq!(report.actions().as_deref(), Some("created 1"));
    assert_eq!(of_rotation(ROTATION, Choice::Alert, vec![]).actions(), None);
}
