//! What the team wants of each function.

use serde_json::{Value, json};

use crate::dice::Dice;

/// The retention rules, as the simulator understands them by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// The newest so many.
    pub last: usize,
    /// All of so many hours before the newest.
    pub within_hours: i64,
    /// The newest of so many days.
    pub daily: usize,
    /// The newest of so many ISO weeks.
    pub weekly: usize,
    /// The newest of so many months.
    pub monthly: usize,
}

/// The policies, in JSON as the payloads carry them and in the fields the invariants need.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// The schedule both functions are for.
    pub schedule: String,
    /// The clusters both name, where they name them.
    pub ids: Option<Vec<String>>,
    /// The zone whose days count.
    pub zone: &'static str,
    /// What prune-snapshots keeps.
    pub keep: Keep,
    /// Below this it must not go.
    pub min_keep: usize,
    /// No run deletes more.
    pub max_deletes: usize,
    /// No run deletes a larger share of a cluster's good snapshots, in percent.
    pub max_delete_percent: usize,
    /// How old the newest good snapshot may be, in hours, for prune-snapshots to prune.
    pub rpo_hours: i64,
    /// How old a trigger may be, in hours, for both.
    pub expire_hours: i64,
    /// Whether take-snapshot's schedule runs more than once a day.
    pub several_a_day: bool,
    /// Whether the policies say `plan`.
    pub plan_only: bool,
    take: Value,
    prune: Value,
}

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

impl Policies {
    pub(super) fn of(seed: u64, focus: &str) -> Self {
        let mut dice = Dice::of(seed, "policies");
        let mut policies = Self {
            schedule: (*dice.pick(&["nightly", "nightly", "a", "weekly2"])).to_owned(),
            ids: dice
                .chance(20)
                .then(|| vec!["orders".into(), "billing".into()]),
            zone: *dice.pick(&ZONES[..]),
            keep: keep(&mut dice),
            min_keep: dice.count(1, 4),
            max_deletes: *dice.pick(&[20, 5, 5, 100]),
            max_delete_percent: 50,
            rpo_hours: 30,
            expire_hours: *dice.pick(&[6, 6, 1]),
            several_a_day: focus != "prune-snapshots" && dice.chance(15),
            plan_only: dice.chance(4),
            take: Value::Null,
            prune: Value::Null,
        };
        policies.take = policies.of_take(&mut dice);
        policies.prune = policies.of_prune(&mut dice);
        policies
    }

    /// The policy in the payloads of `function`.
    #[must_use]
    pub fn json(&self, function: &str) -> &Value {
        match function {
            "take-snapshot" => &self.take,
            "prune-snapshots" => &self.prune,
            _ => &Value::Null,
        }
    }

    fn both(&self) -> Value {
        let mut policy = json!({"schedule": self.schedule, "time_zone": self.zone});
        if let Some(ids) = &self.ids {
            policy["clusters"] = json!({"ids": ids});
        }
        if self.expire_hours != 6 {
            policy["expire_after"] = json!(format!("{}h", self.expire_hours));
        }
        if self.plan_only {
            policy["mode"] = json!("plan");
        }
        policy
    }

    fn of_take(&self, dice: &mut Dice) -> Value {
        let mut policy = self.both();
        if self.several_a_day {
            policy["several_a_day"] = json!(true);
        }
        if dice.chance(20) {
            policy["copy_tags"] = json!(false);
        }
        if dice.chance(20) {
            policy["tags"] = json!({"owner": "dba", "purpose": "nightly backup"});
        }
        policy
    }

    fn of_prune(&mut self, dice: &mut Dice) -> Value {
        let Keep {
            last,
            within_hours,
            daily,
            weekly,
            monthly,
        } = self.keep;
        let mut policy = self.both();
        policy["keep"] = json!({
            "last": last, "within": format!("{within_hours}h"), "daily": daily, "weekly": weekly,
            "monthly": monthly,
        });
        self.max_delete_percent = *dice.pick(&[100, 90, 50]);
        policy["min_keep"] = json!(self.min_keep);
        policy["max_deletes"] = json!(self.max_deletes);
        policy["max_delete_percent"] = json!(self.max_delete_percent);
        if dice.chance(30) {
            self.rpo_hours = 8 * 24;
            policy["rpo"] = json!("8d");
        }
        policy
    }
}

fn keep(dice: &mut Dice) -> Keep {
    let mut some = |chance, most| {
        if dice.chance(chance) {
            dice.count(1, most)
        } else {
            0
        }
    };
    let keep = Keep {
        last: some(30, 4),
        within_hours: 0,
        daily: some(70, 7),
        weekly: some(40, 4),
        monthly: some(30, 3),
    };
    let within_hours = if dice.chance(20) {
        dice.between(1, 72)
    } else {
        0
    };
    if keep == Keep::default() && within_hours == 0 {
        return Keep { daily: 3, ..keep };
    }
    Keep {
        within_hours,
        ..keep
    }
}
