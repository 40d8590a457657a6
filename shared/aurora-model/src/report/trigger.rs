//! What woke a run, as a report names it.

use jiff::Timestamp;
use serde::Serialize;

/// The kind of a trigger that is the net under an earlier one.
pub const TICK: &str = "tick";
/// The kind of the last step of a rotation, which finishes it.
pub const ROTATION: &str = "rotation";
/// The kind of a step of a rotation that others follow.
pub const ROTATION_STEP: &str = "rotation-step";

/// What woke a run, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerRef {
    /// `schedule`, `tick`, `rds-event`, `api-call`, `alarm`, `failure`, `rotation`,
    /// `rotation-step`.
    pub kind: &'static str,
    /// What identifies it: the schedule's ARN, the event's id, the alarm's ARN, the secret's ARN
    /// with the version.
    pub id: String,
    /// Its time, which stays the same over retries and duplicates where AWS gives it one.
    pub time: Timestamp,
}

impl TriggerRef {
    /// Whether Secrets Manager woke the run and waits for its answer.
    #[must_use]
    pub fn of_rotation(&self) -> bool {
        [ROTATION, ROTATION_STEP].contains(&self.kind)
    }

    /// What people call it: of an ARN of a schedule, a rule, an alarm or a secret, the name.
    #[must_use]
    pub fn name(&self) -> &str {
        if !self.id.starts_with("arn:") {
            return &self.id;
        }
        if let Some((_, secret)) = self.id.split_once(":secret:") {
            return secret_name(secret);
        }
        let of_alarm = self.id.split_once(":alarm:").map(|(_, name)| name);
        of_alarm
            .or_else(|| self.id.rsplit('/').next())
            .unwrap_or(&self.id)
    }
}

/// Of `shop/app-a1B2c3:<version>`, the end of a trigger's id: `shop/app`. Secrets Manager adds a
/// hyphen and six characters of its own to a name.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen>
fn secret_name(secret: &str) -> &str {
    let secret = secret.split(':').next().unwrap_or(secret);
    match secret.rsplit_once('-') {
        Some((name, random)) if random.len() == 6 && !name.is_empty() => name,
        _ => secret,
    }
}
