//! Alarms, as they stand now.

use aurora_model::AlarmState;
use aws_sdk_cloudwatch::{
    operation::describe_alarms::DescribeAlarmsOutput,
    primitives::DateTime,
    types::{AlarmType, CompositeAlarm, MetricAlarm, StateValue},
};
use calls::no_answer;
use jiff::Timestamp;

use crate::{ApiError, CloudWatch};

const OPERATION: &str = "DescribeAlarms";
/// As many names as one call takes.
const NAMES: usize = 100;

/// An alarm, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmNow {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: AlarmState,
    /// Since when it has been in that state without a break. A state that is set again, because its
    /// reason has changed, begins no new one.
    pub since: Timestamp,
}

impl CloudWatch {
    /// Those of the alarms called `names` that there are, metric and composite alarms alike. Without
    /// names nothing is asked: the answer would be every alarm of the account.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>
    ///
    /// # Errors
    /// When a page cannot be read, or an alarm comes without its state or the time of it.
    pub async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmNow>, ApiError> {
        let mut alarms = Vec::with_capacity(names.len());
        for names in names.chunks(NAMES) {
            alarms.extend(self.described(names).await?);
        }
        Ok(alarms)
    }

    async fn described(&self, names: &[String]) -> Result<Vec<AlarmNow>, ApiError> {
        let call = self.0.describe_alarms();
        let call = call.set_alarm_names(Some(names.to_vec()));
        let call = call
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm);
        let read = |page: DescribeAlarmsOutput| {
            let metric = page.metric_alarms.unwrap_or_default().into_iter();
            let composite = page.composite_alarms.unwrap_or_default().into_iter();
            let alarms = metric.map(Described::from);
            let alarms = alarms.chain(composite.map(Described::from));
            (page.next_token, alarms.collect())
        };
        let subject = names.join(", ");
        let pages = call.into_paginator().send();
        let alarms: Vec<Described> = calls::all(OPERATION, &subject, pages, read).await?;
        alarms.into_iter().map(Described::known).collect()
    }
}

/// What the two kinds of alarm have in common.
struct Described {
    name: Option<String>,
    state: Option<StateValue>,
    since: Option<DateTime>,
}

impl Described {
    /// An alarm whose state is not known might be the one that asks for something.
    fn known(self) -> Result<AlarmNow, ApiError> {
        let name = self.name.unwrap_or_default();
        let state = match self.state {
            Some(StateValue::Ok) => Some(AlarmState::Ok),
            Some(StateValue::Alarm) => Some(AlarmState::Alarm),
            Some(StateValue::InsufficientData) => Some(AlarmState::InsufficientData),
            _ => None,
        };
        let since = self
            .since
            .and_then(|at| Timestamp::from_second(at.secs()).ok());
        match (state, since) {
            (Some(state), Some(since)) => Ok(AlarmNow { name, state, since }),
            _ => Err(no_answer(OPERATION, &name, "an alarm without a state")),
        }
    }
}

/// `StateTransitionedTimestamp` is when the value changed; `StateUpdatedTimestamp` moves with the
/// reason too, and is all that an alarm has that has never changed.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
impl From<MetricAlarm> for Described {
    fn from(alarm: MetricAlarm) -> Self {
        let changed = alarm.state_transitioned_timestamp;
        Self {
            name: alarm.alarm_name,
            state: alarm.state_value,
            since: changed.or(alarm.state_updated_timestamp),
        }
    }
}

impl From<CompositeAlarm> for Described {
    fn from(alarm: CompositeAlarm) -> Self {
        let changed = alarm.state_transitioned_timestamp;
        Self {
            name: alarm.alarm_name,
            state: alarm.state_value,
            since: changed.or(alarm.state_updated_timestamp),
        }
    }
}
