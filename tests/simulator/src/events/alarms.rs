//! What an alarm's change of state arrives as: an action, a message, an event.

use jiff::Timestamp;
use serde_json::{Value, json};
use simulated_aws::cloudwatch::{Alarm, Kind, State};

use super::seconds;

/// The way an alarm takes to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The function is the alarm's action.
    Direct,
    /// A topic is.
    InSns,
    /// `EventBridge` has a rule for it.
    Event,
}

/// The payload; `policy` where the rule adds one.
#[must_use]
pub fn by(way: Way, alarm: &Alarm, from: State, policy: &Value, at: Timestamp) -> Value {
    match way {
        Way::Direct => direct(alarm, from, at),
        Way::InSns => in_sns(alarm, from, at),
        Way::Event => json!({"policy": policy, "event": event(alarm, from, at)}),
    }
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

fn text(alarm: &Alarm, member: &str) -> Value {
    alarm.configuration.get(member).cloned().unwrap_or_default()
}

/// What the action and the event have in common.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html>
fn changed(alarm: &Alarm, from: State, at: Timestamp) -> Value {
    let configuration = match alarm.kind {
        Kind::Composite(_) => json!({"alarmRule": text(alarm, "AlarmRule")}),
        Kind::Metric => json!({"metrics": [{"id": "m1", "returnData": true, "metricStat": {
            "metric": {
                "namespace": text(alarm, "Namespace"), "name": text(alarm, "MetricName"),
                "dimensions": dimensions(alarm),
            },
            "period": 60, "stat": "Average",
        }}]}),
    };
    let mut state = json!({
        "value": alarm.state.to_string(), "reason": alarm.reason, "timestamp": stamp(at),
    });
    if let Some(data) = &alarm.reason_data {
        state["reasonData"] = json!(data);
    }
    json!({
        "alarmName": alarm.name, "state": state, "configuration": configuration,
        "previousState": {"value": from.to_string(), "reason": "", "timestamp": stamp(at)},
    })
}

fn dimensions(alarm: &Alarm) -> Value {
    let listed = text(alarm, "Dimensions");
    let listed = listed.as_array().into_iter().flatten();
    let pair = |it: &Value| Some((it["Name"].as_str()?.to_owned(), it["Value"].clone()));
    Value::Object(listed.filter_map(pair).collect())
}

fn direct(alarm: &Alarm, from: State, at: Timestamp) -> Value {
    json!({
        "source": "aws.cloudwatch", "alarmArn": alarm.arn, "accountId": "123456789012",
        "time": stamp(at), "region": "eu-central-1", "alarmData": changed(alarm, from, at),
    })
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
fn event(alarm: &Alarm, from: State, at: Timestamp) -> Value {
    json!({
        "version": "0", "id": format!("{}-{}", alarm.name, at.as_millisecond()),
        "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "account": "123456789012", "time": seconds(at), "region": "eu-central-1",
        "resources": [alarm.arn], "detail": changed(alarm, from, at),
    })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
fn in_sns(alarm: &Alarm, from: State, at: Timestamp) -> Value {
    let mut message = json!({
        "AlarmName": alarm.name, "AlarmArn": alarm.arn, "AlarmDescription": null,
        "AWSAccountId": "123456789012", "NewStateValue": alarm.state.to_string(),
        "NewStateReason": alarm.reason, "StateChangeTime": stamp(at),
        "Region": "EU (Frankfurt)", "OldStateValue": from.to_string(),
    });
    match alarm.kind {
        Kind::Composite(_) => message["AlarmRule"] = text(alarm, "AlarmRule"),
        Kind::Metric => {
            let of = dimensions(alarm);
            let of = of.as_object().into_iter().flatten();
            let of: Vec<Value> = of
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect();
            message["Trigger"] = json!({
                "MetricName": text(alarm, "MetricName"), "Namespace": text(alarm, "Namespace"),
                "StatisticType": "Statistic", "Statistic": "AVERAGE", "Dimensions": of,
                "Period": 60, "EvaluationPeriods": 2, "Threshold": 80.0,
            });
        }
    }
    json!({"Records": [{
        "EventSource": "aws:sns", "EventVersion": "1.0",
        "Sns": {
            "Type": "Notification", "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
            "Message": message.to_string(), "Timestamp": at.to_string(),
        },
    }]})
}
