//! What may be ended on a cluster, in JSON as payloads and environment carry it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ENDS, LOOKS};
use crate::dice::Dice;

/// The policies of a cluster, and from when on each holds.
pub(super) fn of(
    dice: &mut Dice,
    cluster: &str,
    (begins, calm): (Timestamp, Timestamp),
) -> Vec<(Timestamp, Value)> {
    let first = policy(dice, cluster);
    let mut policies = vec![(begins, first.clone())];
    // A person changes what may be ended; what is told of stays the same.
    if dice.chance(25) && first.get("database").is_some() {
        let mut second = first;
        second["remedies"] = remedies(dice, cluster);
        policies.push((dice.moment(begins, calm), second));
    }
    policies
}

fn policy(dice: &mut Dice, cluster: &str) -> Value {
    let mut policy = json!({
        "cluster": cluster,
        "alarms": [format!("{cluster}-long")],
        "quiet": *dice.pick(&["5m", "15m", "1h"]),
        "remedies": remedies(dice, cluster),
        "database": {
            "secret": format!("{LOOKS}-{cluster}"), "query_limit": *dice.pick(&["1s", "5s"]),
        },
    });
    // Nothing may be ended that was not looked at.
    if dice.chance(6) {
        policy["remedies"] = json!({"add_reader": {}});
        if let Some(fields) = policy.as_object_mut() {
            fields.remove("database");
        }
    }
    policy
}

fn remedies(dice: &mut Dice, cluster: &str) -> Value {
    let mut remedies = json!({
        "secret": format!("{ENDS}-{cluster}"),
        "max_kills": *dice.pick(&[1, 2, 5]),
        "cooldown": *dice.pick(&["1m", "5m", "15m"]),
    });
    if dice.chance(75) {
        remedies["long_statements"] = rule(dice, true);
    }
    if dice.chance(65) {
        remedies["idle_transactions"] = rule(dice, false);
    }
    if dice.chance(50) {
        let mut idle = rule(dice, false);
        idle["above_percent"] = json!(*dice.pick(&[50, 60, 80]));
        if let Some(fields) = idle.as_object_mut() {
            fields.remove("on");
        }
        remedies["idle_sessions"] = idle;
    }
    if dice.chance(40) {
        remedies["add_reader"] = json!({});
    }
    remedies
}

fn rule(dice: &mut Dice, of_statements: bool) -> Value {
    let users: [&[&str]; 4] = [&["*"], &["*"], &["APP_*"], &["report_*", "app_batch"]];
    let on: [&[&str]; 4] = [
        &[],
        &[],
        &["cpu"],
        &["cpu", "connections", "long-transaction"],
    ];
    let mut rule = json!({
        "longer_than": *dice.pick(&["10s", "2m", "10m"]),
        "on": *dice.pick(&on),
        "only": {"users": *dice.pick(&users)},
        "never": {},
    });
    if dice.chance(25) {
        rule["only"]["schemas"] = json!(["shop"]);
    }
    if dice.chance(25) {
        rule["never"]["users"] = json!(["app_web"]);
    }
    if dice.chance(15) {
        rule["never"]["schemas"] = json!(["bill*"]);
    }
    if of_statements && dice.chance(25) {
        rule["only"]["digests"] = json!(["select *"]);
    }
    if of_statements && dice.chance(25) {
        rule["never"]["digests"] = json!(["*`invoices`*"]);
    }
    rule
}
