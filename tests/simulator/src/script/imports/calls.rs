//! When import-events is invoked by hand, and what for.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Import, Imports, Way};
use crate::{
    dice::Dice,
    script::{
        Delivery, IMPORTS,
        programme::{arrivals, payload},
    },
};

/// While the jobs are at work, and before and after it.
const HOURS: (i64, i64) = (1, 5);

pub(in crate::script) fn of(
    seed: u64,
    (begins, calm): (Timestamp, Timestamp),
    imports: &Imports,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "calls for imports");
    let mut calls = Vec::new();
    let mut midnight = begins;
    while midnight < calm {
        for import in &imports.events {
            let plan_only = imports.plan_only;
            night(&mut dice, import, midnight, plan_only, &mut calls);
        }
        midnight += SignedDuration::from_hours(24);
    }
    calls.extend(last(&mut dice, calm, imports));
    calls
}

/// Moves there and back; some meet another one.
fn night(
    dice: &mut Dice,
    import: &Import,
    midnight: Timestamp,
    plan_only: bool,
    calls: &mut Vec<Delivery>,
) {
    let (from, to) = HOURS;
    let hour = |hours| midnight + SignedDuration::from_hours(hours);
    let mut time = dice.moment(hour(from), hour(to));
    for _ in 0..dice.count(1, 5) {
        let action = action(dice, import);
        let policy = import.asks(&action, plan_only);
        calls.push(call(&policy, time, arrivals(dice, time)));
        time = if dice.chance(40) {
            time + SignedDuration::from_millis(dice.between(10, 9_000))
        } else {
            dice.moment(hour(from), hour(to))
        };
    }
}

fn action(dice: &mut Dice, import: &Import) -> Value {
    match dice.between(0, 11) {
        0..=5 => import.moves(Way::Over),
        6..=9 => import.moves(Way::Back),
        10 => json!({"status": {}}),
        _ => json!({"plan": {}}),
    }
}

/// Once nothing fails any more, each EVENT is moved once more, and a little later again.
fn last(dice: &mut Dice, calm: Timestamp, imports: &Imports) -> Vec<Delivery> {
    let mut time = calm + SignedDuration::from_hours(20);
    let mut calls = Vec::new();
    for import in &imports.events {
        let way = *dice.pick(&[Way::Over, Way::Over, Way::Back]);
        let policy = import.asks(&import.moves(way), imports.plan_only);
        for late in [0, 60] {
            let time = time + SignedDuration::from_mins(late);
            calls.push(call(&policy, time, vec![time]));
        }
        time += SignedDuration::from_mins(7);
    }
    calls
}

/// As a person invokes it.
fn call(policy: &Value, time: Timestamp, arrivals: Vec<Timestamp>) -> Delivery {
    let mut payload = payload(IMPORTS, time, false, policy);
    payload["event"]["schedule_arn"] = json!("by-hand");
    Delivery {
        function: IMPORTS,
        time,
        arrivals,
        payload,
    }
}
