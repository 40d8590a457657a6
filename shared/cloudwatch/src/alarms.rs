//! Alarms, as they stand now.

use aurora_model::AlarmState;
use aws_sdk_cloudwatch::{
    operation::describe_alarms::{
        DescribeAlarmsOutput, builders::DescribeAlarmsFluentBuilder as Call,
    },
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
            let call = self.0.describe_alarms();
            let call = call.set_alarm_names(Some(names.to_vec()));
            alarms.extend(listed(call, &names.join(", ")).await?);
        }
        alarms.iter().map(Described::now).collect()
    }
}

/// The alarms that a call lists, of both kinds, from all of its pages.
pub(crate) async fn listed(call: Call, subject: &str) -> Result<Vec<Described>, ApiError> {
    let call = call
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm);
    let read = |page: DescribeAlarmsOutput| {
        let metric = page.metric_alarms.unwrap_or_default().into_iter();
        let composite = page.composite_alarms.unwrap_or_default().into_iter();
        let alarms = metric.map(|alarm| Described::Metric(Box::new(alarm)));
        let alarms = alarms.chain(composite.map(|alarm| Described::Composite(Box::new(alarm))));
        (page.next_token, alarms.collect())
    };
    let pages = call.into_paginator().send();
    calls::all(OPERATION, subject, pages, read).await
}

/// An alarm of either kind, as `CloudWatch` describes it.
pub(crate) enum Described {
    Metric(Box<MetricAlarm>),
    Composite(Box<CompositeAlarm>),
}

impl Described {
    /// An alarm whose state is not known might be the one that asks for something.
    pub(crate) fn now(&self) -> Result<AlarmNow, ApiError> {
        let name = self.name().unwrap_or_default().to_owned();
        let state = match self.state() {
            Some(StateValue::Ok) => Some(AlarmState::Ok),
            Some(StateValue::Alarm) => Some(AlarmState::Alarm),
            Some(StateValue::InsufficientData) => Some(AlarmState::InsufficientData),
            _ => None,
        };
        let since = self.since();
        let since = since.and_then(|at| Timestamp::from_second(at.secs()).ok());
        match (state, since) {
            (Some(state), Some(since)) => Ok(AlarmNow { name, state, since }),
            _ => Err(no_answer(OPERATION, &name, "an alarm without a state")),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Metric(alarm) => alarm.alarm_name(),
            Self::Composite(alarm) => alarm.alarm_name(),
        }
    }

    fn state(&self) -> Option<&StateValue> {
        match self {
            Self::Metric(alarm) => alarm.state_value(),
            Self::Composite(alarm) => alarm.state_value(),
        }
    }

    /// `StateTransitionedTimestamp` is when the value changed; `StateUpdatedTimestamp` moves with the
    /// reason too, and is all that an alarm has that has never changed.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
    fn since(&self) -> Option<&DateTime> {
        let (changed, set) = match self {
            Self::Metric(alarm) => (
                alarm.state_transitioned_timestamp(),
                alarm.state_updated_timestamp(),
            ),
            Self::Composite(alarm) => (
                alarm.state_transitioned_timestamp(),
                alarm.state_updated_timestamp(),
            ),
        };
        changed.or(set)
    }
}
