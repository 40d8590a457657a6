//! An alarm, how it is put and deleted.

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{CloudWatch, Rule, history::Happened, invalid, members, texts};
use crate::{At, Call, Effect, Refusal};

/// The state of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// `OK`
    Ok,
    /// `ALARM`
    Alarm,
    /// `INSUFFICIENT_DATA`
    InsufficientData,
}

impl State {
    /// As AWS writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    /// By AWS's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Ok, Self::Alarm, Self::InsufficientData];
        all.into_iter().find(|state| state.name() == name)
    }

    /// The member of an alarm's configuration with the actions of this state.
    #[must_use]
    pub const fn actions(self) -> &'static str {
        match self {
            Self::Ok => "OKActions",
            Self::Alarm => "AlarmActions",
            Self::InsufficientData => "InsufficientDataActions",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an alarm watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A metric, or an expression on metrics.
    Metric,
    /// Other alarms.
    Composite(Rule),
}

impl Kind {
    /// As AWS names it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Metric => "MetricAlarm",
            Self::Composite(_) => "CompositeAlarm",
        }
    }
}

/// An alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What it watches.
    pub kind: Kind,
    /// Its configuration, as it was put: `Threshold`, `AlarmActions`, …
    pub configuration: Map<String, Value>,
    /// Its state.
    pub state: State,
    /// Why.
    pub reason: String,
    /// Why, in JSON.
    pub reason_data: Option<String>,
    /// When it was last put.
    pub configured: Timestamp,
    /// When its state was last set, to the same one too.
    pub updated: Timestamp,
    /// When its state last became another.
    pub transitioned: Timestamp,
}

impl Alarm {
    /// The ARNs of what is to happen when the alarm enters `state`; none while its actions are
    /// turned off.
    #[must_use]
    pub fn actions(&self, state: State) -> Vec<&str> {
        let enabled = self.configuration.get("ActionsEnabled");
        if enabled == Some(&Value::Bool(false)) {
            return Vec::new();
        }
        let actions = self
            .configuration
            .get(state.actions())
            .and_then(Value::as_array);
        let actions = actions.into_iter().flatten();
        actions.filter_map(Value::as_str).collect()
    }
}

impl CloudWatch {
    /// Puts an alarm: a new one begins without data, one that is there keeps its state.
    pub(super) fn put_alarm(
        &mut self,
        call: &Call,
        kind: Kind,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let name = call.text("AlarmName").unwrap_or_default();
        checked(call, name)?;
        let before = self.alarms.get(name);
        if before.is_none() && self.alarms.len() >= self.most_alarms {
            let why = "The quota for alarms for this customer has already been reached.";
            return Err(Refusal::new(400, "LimitExceeded", why));
        }
        if before.is_some_and(|before| before.kind.name() != kind.name()) {
            return Err(invalid(format!(
                "There is an alarm {name} of another type."
            )));
        }
        let done = if before.is_some() {
            "updated"
        } else {
            "created"
        };
        let mut alarm = before.cloned().unwrap_or_else(|| fresh(name, at));
        alarm.kind = kind;
        alarm.configuration = members(&call.input);
        alarm.configuration.shift_remove("Tags");
        alarm.configured = at.now;
        self.history.push(Happened::to(
            &alarm,
            "ConfigurationUpdate",
            format!("Alarm \"{name}\" {done}"),
            at.now,
        ));
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: alarm.arn.clone(),
        });
        self.alarms.put(at.now, name, alarm);
        Ok(json!({}))
    }

    /// What a composite alarm depends on stays, be it composite or not, as AWS's own answers say.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html>
    pub(super) fn delete_alarms(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let names: BTreeSet<&str> = texts(&call.input, "AlarmNames").collect();
        let there = names.iter().filter_map(|name| self.alarms.get(name));
        let alarms: Vec<Alarm> = there.cloned().collect();
        let composite = |alarm: &&Alarm| matches!(alarm.kind, Kind::Composite(_));
        if alarms.iter().filter(composite).count() > 1 {
            return Err(invalid(
                "You can delete only one composite alarm at a time.",
            ));
        }
        if alarms.is_empty() {
            return Err(Refusal::new(
                404,
                "ResourceNotFound",
                "The alarm does not exist.",
            ));
        }
        for alarm in &alarms {
            if self.parents(&alarm.name).next().is_some() {
                let why = "as there are composite alarm(s) depending on it.";
                return Err(invalid(format!("Cannot delete {} {why}", alarm.name)));
            }
        }
        for alarm in alarms {
            self.alarms.remove(at.now, &alarm.name);
            let summary = format!("Alarm \"{}\" deleted", alarm.name);
            self.history
                .push(Happened::to(&alarm, "ConfigurationUpdate", summary, at.now));
            at.effects.push(Effect::Other {
                operation: call.operation.clone(),
                subject: alarm.arn,
            });
        }
        Ok(json!({}))
    }
}

fn fresh(name: &str, at: &At<'_>) -> Alarm {
    Alarm {
        name: name.to_owned(),
        arn: at.place.arn("cloudwatch", &format!("alarm:{name}")),
        kind: Kind::Metric,
        configuration: Map::new(),
        state: State::InsufficientData,
        reason: "Unchecked: Initial alarm creation".to_owned(),
        reason_data: None,
        configured: at.now,
        updated: at.now,
        transitioned: at.now,
    }
}

/// What is demanded of alarms of all kinds.
fn checked(call: &Call, name: &str) -> Result<(), Refusal> {
    if name.chars().any(char::is_control) {
        return Err(invalid("AlarmName must not contain control characters."));
    }
    for state in [State::Ok, State::Alarm, State::InsufficientData] {
        let mut actions = texts(&call.input, state.actions());
        if let Some(action) = actions.find(|action| !action.starts_with("arn:")) {
            return Err(invalid(format!("Invalid arn syntax: {action}")));
        }
    }
    if call.input["Tags"]
        .as_array()
        .is_some_and(|tags| tags.len() > 50)
    {
        return Err(invalid("An alarm can't have more than 50 tags."));
    }
    Ok(())
}
