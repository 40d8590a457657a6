//! What wakes the functions, when, how often and how late.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    dice::Dice,
    script::{Jobs, Policies, ROTATES, RUNS, RotationPolicy},
};

/// How long a night's programme goes on after midnight.
pub const NIGHT: SignedDuration = SignedDuration::from_hours(8);

/// One trigger, and when its copies arrive.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Which function it is for.
    pub function: &'static str,
    /// Its own time, which is the same for all copies.
    pub time: Timestamp,
    /// When each copy arrives.
    pub arrivals: Vec<Timestamp>,
    /// The payload.
    pub payload: Value,
}

/// The hours and minutes of a night: the schedule first, then its ticks.
const TAKE: [(i64, i64); 5] = [(2, 0), (2, 20), (2, 40), (3, 0), (3, 20)];
const PRUNE: [(i64, i64); 3] = [(4, 0), (4, 30), (5, 0)];

pub(super) fn of(
    seed: u64,
    focus: &str,
    begins: Timestamp,
    calm: Timestamp,
    ends: Timestamp,
    policies: &Policies,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "programme");
    let mut deliveries = Vec::new();
    let mut midnight = begins;
    while midnight < ends {
        let rough = midnight < calm;
        if focus != "prune-snapshots" || dice.chance(80) || !rough {
            night(
                &mut dice,
                &mut deliveries,
                "take-snapshot",
                midnight,
                &TAKE,
                rough,
                policies,
            );
        }
        if focus != "take-snapshot" || dice.chance(30) {
            night(
                &mut dice,
                &mut deliveries,
                "prune-snapshots",
                midnight,
                &PRUNE,
                rough,
                policies,
            );
        }
        if rough && dice.chance(if focus == "report-failure" { 60 } else { 5 }) {
            let at = midnight + dice.seconds(0, 6 * 3600);
            deliveries.push(bad_delivery(&mut dice, at, policies));
        }
        midnight += SignedDuration::from_hours(24);
    }
    deliveries
}

fn night(
    dice: &mut Dice,
    deliveries: &mut Vec<Delivery>,
    function: &'static str,
    midnight: Timestamp,
    clock: &[(i64, i64)],
    rough: bool,
    policies: &Policies,
) {
    for (number, (hour, minute)) in clock.iter().enumerate() {
        let time = midnight + SignedDuration::from_mins(hour * 60 + minute);
        let tick = number > 0;
        // With several runs a day a tick would be a slot of its own.
        if tick && policies.several_a_day && function == "take-snapshot" {
            continue;
        }
        let arrivals = if rough {
            arrivals(dice, time)
        } else {
            vec![time]
        };
        let payload = scheduled(function, time, tick, policies);
        deliveries.push(Delivery {
            function,
            time,
            arrivals,
            payload,
        });
    }
}

/// Mostly once and soon; sometimes twice, late, very late, or not at all.
pub(super) fn arrivals(dice: &mut Dice, time: Timestamp) -> Vec<Timestamp> {
    let copies = *dice.pick(&[1, 1, 1, 1, 1, 1, 2, 2, 3, 0]);
    (0..copies)
        .map(|_| {
            let late = *dice.pick(&[0, 0, 1, 1, 2, 300, 3_600, 8 * 3_600]);
            time + dice.seconds(0, late)
        })
        .collect()
}

/// The doctor's visits.
pub(super) fn of_doctor(
    seed: u64,
    (begins, calm, ends): (Timestamp, Timestamp, Timestamp),
    policy: &RotationPolicy,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "doctor");
    let mut deliveries = Vec::new();
    let mut time = begins + SignedDuration::from_mins(20);
    while time < ends {
        let rough = time < calm;
        let arrivals = if rough {
            arrivals(&mut dice, time)
        } else {
            vec![time]
        };
        let tick = rough && dice.chance(10);
        deliveries.push(Delivery {
            function: ROTATES,
            time,
            arrivals,
            payload: payload(ROTATES, time, tick, policy.json()),
        });
        time += SignedDuration::from_hours(policy.doctor_hours);
    }
    deliveries
}

/// The jobs' schedules, each night at two, and their ticks.
pub(super) fn of_jobs(
    seed: u64,
    (begins, calm, ends): (Timestamp, Timestamp, Timestamp),
    jobs: &Jobs,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "nights of jobs");
    let mut deliveries = Vec::new();
    let mut midnight = begins;
    while midnight < ends {
        let rough = midnight < calm;
        for job in &jobs.jobs {
            let twice = dice.chance(15);
            for minute in 0..12 {
                let tick = minute > 0 && !(twice && minute == 1);
                let time = midnight + SignedDuration::from_mins(120 + 10 * minute);
                let arrivals = if rough {
                    arrivals(&mut dice, time)
                } else {
                    vec![time]
                };
                deliveries.push(Delivery {
                    function: RUNS,
                    time,
                    arrivals,
                    payload: payload(RUNS, time, tick, &job.policy),
                });
            }
        }
        midnight += SignedDuration::from_hours(24);
    }
    deliveries
}

fn scheduled(function: &str, time: Timestamp, tick: bool, policies: &Policies) -> Value {
    payload(function, time, tick, policies.json(function))
}

pub(super) fn payload(function: &str, time: Timestamp, tick: bool, policy: &Value) -> Value {
    let name = if tick {
        format!("{function}-tick")
    } else {
        function.to_owned()
    };
    let mut payload = json!({
        "policy": policy,
        "event": {
            "scheduled_time": time.to_string(),
            "schedule_arn": format!("arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-{name}"),
            "execution_id": "d32c5kddcf5bb8c3",
            "attempt_number": "1",
        },
    });
    if tick {
        payload["tick"] = json!(true);
    }
    payload
}

/// A trigger that a person has got wrong: it can only end with an error that tells of it.
#[must_use]
pub fn bad_delivery(dice: &mut Dice, at: Timestamp, policies: &Policies) -> Delivery {
    let function = *dice.pick(&["take-snapshot", "prune-snapshots"]);
    let mut payload = scheduled(function, at, false, policies);
    match dice.between(0, 3) {
        0 => payload["policy"]["shedule"] = json!("nightly"),
        1 => payload["policy"]["time_zone"] = json!("Europe/Atlantis"),
        2 => payload["event"] = json!({"hello": 1}),
        _ => payload["policy"] = json!("nightly"),
    }
    Delivery {
        function,
        time: at,
        arrivals: vec![at],
        payload,
    }
}
