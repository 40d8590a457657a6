//! What the team wants of rotate-secret.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::dice::Dice;

/// What the team wants of rotate-secret, in JSON and in the fields that invariants need.
#[derive(Clone, Debug, PartialEq)]
pub struct RotationPolicy {
    /// How long an old password opens the door.
    pub grace: SignedDuration,
    /// How long applications may go on using one.
    pub settle: SignedDuration,
    /// When a rotation is taken for given up.
    pub stuck_after: SignedDuration,
    /// What is done where there are no dual passwords.
    pub fallback: &'static str,
    /// Whether a password that the secret never had may be replaced.
    pub overwrite_unknown: bool,
    /// Whether it says `plan`.
    pub plan_only: bool,
    /// Every how many hours the doctor comes.
    pub doctor_hours: i64,
    json: Value,
}

impl RotationPolicy {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let minutes = SignedDuration::from_mins;
        let mut policy = Self {
            settle: minutes(*dice.pick(&[0, 20, 60, 60])),
            grace: minutes(*dice.pick(&[60, 180, 600])),
            stuck_after: minutes(*dice.pick(&[60, 120])),
            fallback: *dice.pick(&["refuse", "single-user", "alternating-users"]),
            overwrite_unknown: dice.chance(25),
            plan_only: dice.chance(4),
            doctor_hours: *dice.pick(&[2, 4, 6]),
            json: Value::Null,
        };
        let span = |span: SignedDuration| format!("{}m", span.as_mins());
        policy.json = json!({
            "settle": span(policy.settle), "grace": span(policy.grace),
            "stuck_after": span(policy.stuck_after), "fallback": policy.fallback,
            "overwrite_unknown": policy.overwrite_unknown, "reader_wait": "10s",
        });
        if policy.plan_only {
            policy.json["mode"] = json!("plan");
        }
        policy
    }

    /// As the payloads and the environment carry it.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.json
    }
}
