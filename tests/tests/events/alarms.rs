//! What an alarm says: as a function is told it, and as CloudWatch writes it on each of its three ways.

use handler::trigger::Alarm;
use serde_json::{Value, json};

/// What CloudWatch has published to SNS, if that is what the payload is.
pub(crate) fn in_sns(event: &Value) -> Option<Value> {
    let message = event["Records"][0]["Sns"]["Message"].as_str()?;
    serde_json::from_str(message).ok()
}

/// What a function is told, in the order of `written`.
pub(crate) fn said(alarm: &Alarm) -> Value {
    let metrics: Vec<_> = alarm.metrics.iter().map(|metric| &metric.name).collect();
    let children: Vec<_> = alarm.children.iter().map(|child| &child.arn).collect();
    json!([
        alarm.arn,
        alarm.name,
        alarm.description,
        alarm.state.to_string(),
        alarm.previous.map(|state| state.to_string()),
        alarm.reason,
        metrics,
        alarm.rule,
        children,
    ])
}

/// The same where CloudWatch writes it.
pub(crate) fn written(event: &Value) -> Value {
    if let Some(alarm) = in_sns(event) {
        return of_message(&alarm);
    }
    let direct = event.get("alarmData");
    let arn = direct.map_or(&event["resources"][0], |_| &event["alarmArn"]);
    let data = direct.unwrap_or(&event["detail"]);
    let (state, configuration) = (&data["state"], &data["configuration"]);
    let because = state["reasonData"].as_str().unwrap_or("{}");
    let because: Value = serde_json::from_str(because).unwrap();
    json!([
        arn,
        data["alarmName"],
        configuration["description"],
        state["value"],
        data["previousState"]["value"],
        state["reason"],
        of_each(&configuration["metrics"], "/metricStat/metric/name"),
        configuration["alarmRule"],
        of_each(&because["triggeringAlarms"], "/arn"),
    ])
}

fn of_message(alarm: &Value) -> Value {
    let trigger = &alarm["Trigger"];
    let one = trigger.get("MetricName").map(|name| json!([name]));
    let several = || of_each(&trigger["Metrics"], "/MetricStat/Metric/MetricName");
    json!([
        alarm["AlarmArn"],
        alarm["AlarmName"],
        alarm["AlarmDescription"],
        alarm["NewStateValue"],
        alarm["OldStateValue"],
        alarm["NewStateReason"],
        one.unwrap_or_else(several),
        alarm["AlarmRule"],
        of_each(&alarm["TriggeringChildren"], "/Arn"),
    ])
}

/// What each item of a list has at `pointer`, of those that have it.
fn of_each(list: &Value, pointer: &str) -> Value {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.pointer(pointer).cloned())
        .collect()
}
