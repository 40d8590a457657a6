//! What an alarm watches and what set it off. Not every payload has it, and an alarm is not refused for
//! the want of it: what is missing, or not as AWS documents it, is left out.

use aurora_model::{AlarmMetric, AlarmState};
use serde::Deserialize;
use serde_json::Value;

/// One of the alarms that set off a composite alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmChild {
    /// Its ARN.
    pub arn: String,
    /// The state it was in.
    pub state: AlarmState,
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(Into::into)
}

pub(super) fn state(value: &Value) -> Option<AlarmState> {
    AlarmState::deserialize(value).ok()
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The metrics of an alarm's `configuration`, in the direct payload and in the event.
pub(super) fn metrics(configuration: &Value) -> Vec<AlarmMetric> {
    let queries = items(&configuration["metrics"]);
    let metrics = queries.map(|query| &query["metricStat"]["metric"]);
    metrics.filter_map(metric).collect()
}

fn metric(metric: &Value) -> Option<AlarmMetric> {
    let dimensions = metric["dimensions"].as_object();
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), text(value)?));
    Some(AlarmMetric {
        namespace: text(&metric["namespace"])?,
        name: text(&metric["name"])?,
        dimensions: dimensions.into_iter().flatten().filter_map(pair).collect(),
    })
}

/// The metrics of an SNS message's `Trigger`, which is itself the metric where there is but one.
pub(super) fn metrics_of_trigger(trigger: &Value) -> Vec<AlarmMetric> {
    let queries = items(&trigger["Metrics"]);
    let parts = queries.map(|query| &query["MetricStat"]["Metric"]);
    let metrics = std::iter::once(trigger).chain(parts);
    metrics.filter_map(metric_of_trigger).collect()
}

fn metric_of_trigger(metric: &Value) -> Option<AlarmMetric> {
    let pair = |dimension: &Value| Some((text(&dimension["name"])?, text(&dimension["value"])?));
    Some(AlarmMetric {
        namespace: text(&metric["Namespace"])?,
        name: text(&metric["MetricName"])?,
        dimensions: items(&metric["Dimensions"]).filter_map(pair).collect(),
    })
}

/// The children that a composite alarm's `reasonData` names, which is JSON in a string.
pub(super) fn children(reason_data: &Value) -> Vec<AlarmChild> {
    let data = reason_data.as_str().unwrap_or_default();
    let data: Value = serde_json::from_str(data).unwrap_or_default();
    let child = |child: &Value| {
        Some(AlarmChild {
            arn: text(&child["arn"])?,
            state: state(&child["state"]["value"])?,
        })
    };
    items(&data["triggeringAlarms"]).filter_map(child).collect()
}

/// The children that an SNS message's `TriggeringChildren` names.
pub(super) fn triggering(children: &Value) -> Vec<AlarmChild> {
    let child = |child: &Value| {
        Some(AlarmChild {
            arn: text(&child["Arn"])?,
            state: state(&child["State"]["Value"])?,
        })
    };
    items(children).filter_map(child).collect()
}
