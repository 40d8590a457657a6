//! States of alarms, and how they change.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{CloudWatch, State, history::Happened};
use crate::{At, Call, Effect, Refusal};

impl CloudWatch {
    /// Sets the state of an alarm outside any call, as its evaluation would. Where that is another
    /// state, what depends on it changes too, and the actions are due: see
    /// [`Effect::AlarmChanged`]. False where there is no such alarm.
    pub fn set_state(&mut self, name: &str, state: State, reason: &str, at: &mut At<'_>) -> bool {
        self.enter(name, state, reason, None, at, 0)
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html>
    pub(super) fn set_alarm_state(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let name = call.text("AlarmName").unwrap_or_default();
        let data = call.text("StateReasonData");
        if data.is_some_and(|data| serde_json::from_str::<Value>(data).is_err()) {
            return Err(Refusal::new(
                400,
                "InvalidFormat",
                "StateReasonData is not valid JSON.",
            ));
        }
        let state = call.text("StateValue").and_then(State::named);
        let state = state.unwrap_or(State::InsufficientData);
        let reason = call.text("StateReason").unwrap_or_default();
        if self.enter(name, state, reason, data, at, 0) {
            return Ok(json!({}));
        }
        Err(Refusal::new(
            404,
            "ResourceNotFound",
            format!("There is no alarm {name}."),
        ))
    }

    pub(super) fn enter(
        &mut self,
        name: &str,
        state: State,
        reason: &str,
        data: Option<&str>,
        at: &mut At<'_>,
        depth: usize,
    ) -> bool {
        let Some(before) = self.alarms.get(name) else {
            return false;
        };
        let (mut alarm, from) = (before.clone(), before.state);
        alarm.state = state;
        reason.clone_into(&mut alarm.reason);
        alarm.reason_data = data.map(str::to_owned);
        alarm.updated = at.now;
        if from == state {
            self.alarms.put(at.now, name, alarm);
            return true;
        }
        alarm.transitioned = at.now;
        self.history.push(Happened::transition(before, &alarm));
        self.alarms.put(at.now, name, alarm.clone());
        let alarm = Arc::new(alarm);
        at.effects.push(Effect::AlarmChanged { alarm, from });
        let parents: Vec<String> = self
            .parents(name)
            .map(|parent| parent.name.clone())
            .collect();
        for parent in parents {
            self.evaluate(&parent, at, depth);
        }
        true
    }
}
