//! Alarms on alarms.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>

use serde_json::{Value, json};

use super::{Alarm, CloudWatch, Kind, Rule, State, invalid};
use crate::{At, Call, Refusal};

impl CloudWatch {
    pub(super) fn put_composite_alarm(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let rule = Rule::parse(call.text("AlarmRule").unwrap_or_default());
        let rule = rule.ok_or_else(|| invalid("AlarmRule is not well formed."))?;
        let children = rule.children();
        let unknown = |child: &&&str| self.alarms.get(child).is_none();
        if let Some(child) = children.iter().find(unknown) {
            let why = "Could not save the composite alarm as alarms in the alarm rule do not exist";
            return Err(invalid(format!("{why}: {child}")));
        }
        if children.len() > 100 {
            return Err(invalid("The alarm rule names more than 100 alarms."));
        }
        let answer = self.put_alarm(call, Kind::Composite(rule), at)?;
        self.evaluate(call.text("AlarmName").unwrap_or_default(), at, 0);
        Ok(answer)
    }

    /// The composite alarms whose rules name this alarm.
    pub(super) fn parents(&self, name: &str) -> impl Iterator<Item = &Alarm> {
        let alarms = self.alarms.truth().values().map(AsRef::as_ref);
        alarms.filter(move |alarm: &&Alarm| match &alarm.kind {
            Kind::Composite(rule) => rule.children().contains(&name),
            Kind::Metric => false,
        })
    }

    /// Brings the state of a composite alarm into line with its rule. Evaluation stops where
    /// alarms go round in a circle.
    pub(super) fn evaluate(&mut self, name: &str, at: &mut At<'_>, depth: usize) {
        let Some(Alarm {
            kind: Kind::Composite(rule),
            state,
            ..
        }) = self.alarms.get(name)
        else {
            return;
        };
        let state_of = |name: &str| self.alarms.get(name).map(|alarm| alarm.state);
        let holds = rule.holds(&state_of);
        let to = if holds { State::Alarm } else { State::Ok };
        if *state != to && depth <= self.alarms.len() {
            let reason = format!("The alarm rule is {}", if holds { "true" } else { "false" });
            let data = self.triggering(&rule.because(holds, &state_of));
            self.enter(name, to, &reason, Some(&data), at, depth + 1);
        }
    }

    /// Which alarms set a composite one off, as AWS says in its `StateReasonData`.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
    fn triggering(&self, names: &[&str]) -> String {
        let alarms = names.iter().filter_map(|name| self.alarms.get(name));
        let shown = alarms.map(|alarm| {
            let at = alarm.transitioned.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000");
            let state = json!({"value": alarm.state.name(), "timestamp": at.to_string()});
            json!({"arn": alarm.arn, "state": state})
        });
        json!({"triggeringAlarms": shown.collect::<Value>()}).to_string()
    }
}
