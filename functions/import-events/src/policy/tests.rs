//! What a policy may say, and how one is told what it may not.

use aurora_model::Span;
use serde_json::{Value, json};

use super::*;

fn parse(action: &Value) -> Result<Policy, String> {
    let policy = json!({"cluster": "orders", "secret": "orders/events", "action": action});
    handler::policy::parse(&policy).map_err(|error| error.to_string())
}

#[test]
fn each_action_has_a_shortest_form() {
    let plan = parse(&json!({"plan": {}})).unwrap();
    assert_eq!(plan.action, Action::Plan(Plan::default()));
    assert_eq!(plan.expire_after, Span::hours(1));
    let status = parse(&json!({"status": {}})).unwrap();
    assert_eq!(status.action, Action::Status(Status::default()));
    let both = json!({"event": "shop.purge_logs", "schedule": "jobs/purge-logs"});
    let Action::CutOver(cut_over) = parse(&json!({"cut-over": both})).unwrap().action else {
        panic!("no cut-over");
    };
    assert_eq!(cut_over.event.to_string(), "shop.purge_logs");
    assert_eq!(cut_over.schedule.to_string(), "jobs/purge-logs");
    assert_eq!((cut_over.tick, cut_over.wait), (None, Span::seconds(60)));
    assert_eq!(cut_over.proven_within, Span::hours(168));
    let roll_back = parse(&json!({"roll-back": both})).unwrap();
    assert!(matches!(roll_back.action, Action::RollBack(_)));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_field_and_the_value() {
    let of = |action: Value| parse(&action).unwrap_err();
    let with = |field: &str, value: &str| {
        let mut it = json!({"event": "shop.e", "schedule": "s", "tick": "t"});
        it[field] = value.into();
        of(json!({ "cut-over": it }))
    };
    insta::assert_snapshot!(with("event", "purge_logs"), @r#"policy.action.cut-over.event: expected an EVENT as schema.name, got "purge_logs""#);
    insta::assert_snapshot!(with("schedule", "a b"), @r#"policy.action.cut-over.schedule: expected the name of a schedule as name or group/name, each of 1 to 64 letters, digits, -, _ and ., got "a b""#);
    insta::assert_snapshot!(with("tick", "default/s"), @"policy.action.cut-over.tick: expected another schedule than the job's own, got s");
    insta::assert_snapshot!(with("wait", "16m"), @"policy.action.cut-over.wait: expected at most 15m, got 16m");
    insta::assert_snapshot!(with("proven_within", "0s"), @"policy.action.cut-over.proven_within: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(of(json!({"move": {}})), @"policy.action: unknown value move; known here: plan, cut-over, roll-back, status");
    let nameless = json!({"cluster": " ", "secret": "s", "action": {"status": {}}});
    let error = handler::policy::parse::<Policy>(&nameless).unwrap_err();
    insta::assert_snapshot!(error, @"policy.cluster: expected a name, got none");
}

#[test]
fn an_event_is_the_same_in_upper_and_lower_case_its_schema_is_not() {
    let event = EventName::parse("shop.purge_logs").unwrap();
    assert!(event.is("shop.PURGE_logs"));
    for other in [
        "Shop.purge_logs",
        "shop.purge",
        "purge_logs",
        "web.purge_logs",
    ] {
        assert!(!event.is(other), "{other}");
    }
}
