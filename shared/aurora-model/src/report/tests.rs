use super::*;

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
