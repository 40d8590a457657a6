//! Policies that can be followed, and those that cannot.

use serde_json::{Value, json};

use super::*;

fn with(more: Value) -> Result<Policy, PolicyError> {
    let mut policy = json!({"cluster": "orders", "max": 3, "out_alarms": ["busy"]});
    let (Value::Object(all), Value::Object(more)) = (&mut policy, more) else {
        panic!("objects")
    };
    all.extend(more);
    handler::policy::parse(&policy)
}

fn wrong(more: Value) -> String {
    with(more).unwrap_err().to_string()
}

#[test]
fn what_is_left_out_is_careful() {
    let policy = with(json!({})).unwrap();
    assert_eq!((policy.min, policy.step_out, policy.step_in), (1, 1, 1));
    assert_eq!(policy.promotion_tier, 15);
    assert_eq!(policy.classes, [AS_WRITER]);
    assert_eq!(policy.cooldown_in, Span::seconds(900));
    assert_eq!(
        policy.drain,
        Drain {
            max_wait: Span::seconds(1800),
            below_connections: 5
        }
    );
}

#[test]
fn what_cannot_be_followed_is_named() {
    let said: Vec<_> = [
        json!({"cluster": ""}),
        json!({"max": 16}),
        json!({"min": 4}),
        json!({"step_out": 0}),
        json!({"promotion_tier": 16}),
        json!({"flap_limit": 13}),
        json!({"schedule_floors": [{"readers": 4, "window": {"from": "08:00", "to": "18:00"}}]}),
        json!({"schedule_floors": [{"readers": 2, "window": {"from": "8", "to": "18:00"}}]}),
        json!({"schedule_floors": [{"readers": 2, "window": {"from": "08:00", "to": "08:00"}}]}),
        json!({"out_alarms": [], "min": 0}),
        json!({"in_alarms": ["busy"]}),
        json!({"in_alarms": [""]}),
        json!({"classes": []}),
        json!({"classes": ["r7g.large"]}),
        json!({"zones": [""]}),
        json!({"drain": {"max_wait": "25h"}}),
        json!({"drain": {"max_waits": "25h"}}),
        json!({"max_monthly_cost": 100.0}),
        json!({"max_monthly_cost": -1.0, "prices": {"db.r7g.large": 0.3}}),
        json!({"prices": {"db.r7g.large": 0.0}}),
        json!({"expire_after": "0s"}),
        json!({"remove": "any"}),
    ]
    .map(wrong)
    .into();
    insta::assert_snapshot!(said.join("\n"), @r#"
        policy.cluster: expected a cluster's identifier, got an empty text
        policy.max: expected a whole number from 1 to 15, got 16
        policy.min: expected at most policy.max, which is 3, got 4
        policy.step_out: expected a whole number from 1 to 15, got 0
        policy.promotion_tier: expected a whole number from 0 to 15, got 16
        policy.flap_limit: expected a whole number from 1 to 12, got 13
        policy.schedule_floors[0].readers: expected a whole number from 1 to 3, got 4
        policy.schedule_floors[0].window: expected a beginning from 00:00 to 23:59 and another end up to 24:00, got "8" to "18:00"
        policy.schedule_floors[0].window: expected a beginning from 00:00 to 23:59 and another end up to 24:00, got "08:00" to "08:00"
        policy.out_alarms: expected an alarm, schedule_floors or a min: without any nothing is ever done
        policy.in_alarms: "busy" is in policy.out_alarms too; one alarm cannot ask for both
        policy.in_alarms: expected an alarm's name, got an empty text
        policy.classes: expected at least one class, or no such field
        policy.classes: expected a class such as db.r7g.large, or as-writer, got "r7g.large"
        policy.zones: expected an Availability Zone, got an empty text
        policy.drain.max_wait: expected at most 24h, got 25h
        policy.drain.max_waits: unknown field max_waits; known here: max_wait or below_connections
        policy.max_monthly_cost: expected policy.prices with it: what a reader of each class costs an hour
        policy.max_monthly_cost: expected an amount above 0, got -1
        policy.prices.db.r7g.large: expected an amount above 0, got 0
        policy.expire_after: expected a length of time above 0s, got 0s
        policy.remove: unknown value any; known here: newest or oldest
        "#);
}
