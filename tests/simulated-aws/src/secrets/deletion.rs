//! Deleting secrets, at once or after a while, and restoring them.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Change, SecretsManager, invalid_parameter, invalid_request, not_found, secret_id};
use crate::{At, Call, Effect, Refusal, stamp::seconds};

impl SecretsManager {
    pub(super) fn delete_secret(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let days = recovery(call)?;
        let id = secret_id(call)?;
        let Some(secret) = self.find(id) else {
            // To delete by force what is not there is no error.
            let told = json!({"Name": id, "ARN": id, "DeletionDate": seconds(at.now)});
            return days.map_or(Ok(told), |_| Err(not_found()));
        };
        let mut secret = secret.clone();
        if secret.gone_at.is_some() && days.is_some() {
            let why = "You tried to perform the operation on a secret that's currently marked \
                       deleted.";
            return Err(invalid_request(why));
        }
        let gone_at = at.now + SignedDuration::from_hours(24 * days.unwrap_or(0));
        let date = seconds(gone_at);
        let answer = json!({"ARN": secret.arn, "Name": secret.name, "DeletionDate": date});
        let name = secret.name.clone();
        secret.gone_at = Some(gone_at);
        self.keep(secret, call, Vec::new(), at);
        match days {
            Some(_) => at.agenda.note(gone_at, Change::Gone { name }.into()),
            None => self.gone(&name, at),
        }
        Ok(answer)
    }

    pub(super) fn restore_secret(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let mut secret = self.find(secret_id(call)?).ok_or_else(not_found)?.clone();
        let answer = json!({"ARN": secret.arn, "Name": secret.name});
        if secret.gone_at.take().is_some() {
            self.keep(secret, call, Vec::new(), at);
        }
        Ok(answer)
    }

    /// The time is up, unless it was restored meanwhile.
    pub(super) fn gone(&mut self, name: &str, at: &mut At<'_>) {
        let due = |secret: &&super::Secret| secret.gone_at.is_some_and(|gone| gone <= at.now);
        let Some(arn) = self
            .secrets
            .get(name)
            .filter(due)
            .map(|secret| secret.arn.clone())
        else {
            return;
        };
        self.secrets.remove(at.now, name);
        at.effects.push(Effect::Other {
            operation: "SecretGone".to_owned(),
            subject: arn,
        });
    }
}

/// After how many days; none for at once.
fn recovery(call: &Call) -> Result<Option<i64>, Refusal> {
    let force = call.input["ForceDeleteWithoutRecovery"].as_bool() == Some(true);
    match (call.input["RecoveryWindowInDays"].as_i64(), force) {
        (Some(_), true) => {
            let why = "You can't use ForceDeleteWithoutRecovery in conjunction with \
                       RecoveryWindowInDays.";
            Err(invalid_parameter(why))
        }
        (None, true) => Ok(None),
        (Some(days), false) if !(7..=30).contains(&days) => {
            let why = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).";
            Err(invalid_parameter(why))
        }
        (days, false) => Ok(Some(days.unwrap_or(30))),
    }
}
