//! CloudWatch alarms, in the three ways they reach a function: as a direct Lambda action, in an
//! SNS message, and as an EventBridge event. Only what all of them have must be there, so that metric
//! math, anomaly detection and composite alarms parse alike.

mod details;

use aurora_model::AlarmState;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

pub use aurora_model::AlarmMetric;
pub use details::AlarmChild;

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
    /// The state it was in before.
    pub previous: Option<AlarmState>,
    /// CloudWatch's sentence about why.
    pub reason: String,
    /// When it changed.
    pub since: Timestamp,
    /// What it watches; nothing where it is a composite alarm.
    pub metrics: Vec<AlarmMetric>,
    /// A composite alarm's rule: `ALARM(orders-cpu) OR ALARM(orders-lag)`.
    pub rule: Option<String>,
    /// The alarms that set off a composite alarm.
    pub children: Vec<AlarmChild>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    alarm_name: String,
    state: State,
}

#[derive(Deserialize)]
struct State {
    value: AlarmState,
    timestamp: String,
}

/// The part that the direct payload and the EventBridge event share.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
pub(super) fn changed(data: &Value, arn: String, path: &str) -> Result<Alarm, TriggerError> {
    let Changed { alarm_name, state } = read(data, path)?;
    let configuration = &data["configuration"];
    Ok(Alarm {
        name: alarm_name,
        arn,
        description: details::text(&configuration["description"]),
        state: state.value,
        previous: details::state(&data["previousState"]["value"]),
        reason: details::text(&data["state"]["reason"]).unwrap_or_default(),
        since: time(&state.timestamp, format!("{path}.state.timestamp"))?,
        metrics: details::metrics(configuration),
        rule: details::text(&configuration["alarmRule"]),
        children: details::children(&data["state"]["reasonData"]),
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
    new_state_value: AlarmState,
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
    let alarm = published(&message, &path)?;
    Ok(Trigger {
        time: alarm.since,
        id: alarm.arn.clone(),
        cause: Cause::Alarm(alarm),
    })
}

/// What CloudWatch publishes, which AWS shows in its libraries' tests only.
/// <https://github.com/aws/aws-lambda-go/blob/main/events/testdata/cloudwatch-alarm-sns-payload-multiple-metrics.json>
fn published(message: &Value, path: &str) -> Result<Alarm, TriggerError> {
    let AlarmMessage {
        alarm_name,
        alarm_arn,
        new_state_value,
        state_change_time,
    } = read(message, path)?;
    Ok(Alarm {
        name: alarm_name,
        arn: alarm_arn,
        description: details::text(&message["AlarmDescription"]),
        state: new_state_value,
        previous: details::state(&message["OldStateValue"]),
        reason: details::text(&message["NewStateReason"]).unwrap_or_default(),
        since: time(&state_change_time, format!("{path}.StateChangeTime"))?,
        metrics: details::metrics_of_trigger(&message["Trigger"]),
        rule: details::text(&message["AlarmRule"]),
        children: details::triggering(&message["TriggeringChildren"]),
    })
}
