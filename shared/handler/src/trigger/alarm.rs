//! CloudWatch alarms, in the three ways they reach a function: as a direct Lambda action, in an
//! SNS message, and as an EventBridge event. Only what all of them have is read, so that metric
//! math, anomaly detection and composite alarms parse alike.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Cause, Trigger, TriggerError, read, time};

/// An alarm's change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The team's own words about it.
    pub description: Option<String>,
    /// The state it went into.
    pub state: AlarmState,
    /// CloudWatch's sentence about why.
    pub reason: String,
    /// When it changed.
    pub since: Timestamp,
}

/// The states of an alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// Within the threshold.
    Ok,
    /// Beyond it.
    Alarm,
    /// Not enough data to tell.
    InsufficientData,
}

impl fmt::Display for AlarmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    alarm_name: String,
    state: State,
    #[serde(default)]
    configuration: Configuration,
}

#[derive(Deserialize)]
struct State {
    value: AlarmState,
    #[serde(default)]
    reason: String,
    timestamp: String,
}

#[derive(Default, Deserialize)]
struct Configuration {
    description: Option<String>,
}

/// The part that the direct payload and the EventBridge event share.
pub(super) fn changed(data: &Value, arn: String, path: &str) -> Result<Alarm, TriggerError> {
    let Changed {
        alarm_name,
        state,
        configuration,
    } = read(data, path)?;
    Ok(Alarm {
        name: alarm_name,
        arn,
        description: configuration.description,
        state: state.value,
        reason: state.reason,
        since: time(&state.timestamp, format!("{path}.state.timestamp"))?,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Direct {
    alarm_arn: String,
    time: String,
    alarm_data: Value,
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html>
pub(super) fn direct(event: &Value, path: &str) -> Result<Trigger, TriggerError> {
    let Direct {
        alarm_arn,
        time: at,
        alarm_data,
    } = read(event, path)?;
    let alarm = changed(&alarm_data, alarm_arn, &format!("{path}.alarmData"))?;
    Ok(Trigger {
        time: time(&at, format!("{path}.time"))?,
        id: alarm.arn.clone(),
        cause: Cause::Alarm(alarm),
    })
}

#[derive(Deserialize)]
struct Sns {
    #[serde(rename = "Records")]
    records: Vec<SnsRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SnsRecord {
    sns: SnsMessage,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SnsMessage {
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AlarmMessage {
    alarm_name: String,
    alarm_arn: String,
    alarm_description: Option<String>,
    new_state_value: AlarmState,
    #[serde(default)]
    new_state_reason: String,
    state_change_time: String,
}

/// SNS delivers one record an invocation.
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
pub(super) fn in_sns(event: &Value, path: &str) -> Result<Trigger, TriggerError> {
    let Sns { records } = read(event, path)?;
    let [SnsRecord { sns }] = records.as_slice() else {
        return Err(TriggerError::new(
            format!("{path}.Records"),
            format!("expected one record, got {}", records.len()),
        ));
    };
    let path = format!("{path}.Records[0].Sns.Message");
    let message: Value = serde_json::from_str(&sns.message)
        .map_err(|_| TriggerError::new(&path, "expected an alarm as JSON, got another text"))?;
    let message: AlarmMessage = read(&message, &path)?;
    let since = time(
        &message.state_change_time,
        format!("{path}.StateChangeTime"),
    )?;
    let alarm = Alarm {
        name: message.alarm_name,
        arn: message.alarm_arn,
        description: message.alarm_description,
        state: message.new_state_value,
        reason: message.new_state_reason,
        since,
    };
    Ok(Trigger {
        time: since,
        id: alarm.arn.clone(),
        cause: Cause::Alarm(alarm),
    })
}
