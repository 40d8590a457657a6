//! `CloudWatch`.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::{
    Client,
    operation::get_metric_data::GetMetricDataOutput,
    types::{
        Dimension, DimensionFilter, Metric, MetricDataQuery, MetricDataResult, MetricDatum,
        MetricStat, StatisticSet,
    },
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{outcome, parameter::Parameter};
use crate::step::{Outcome, Step};

/// Makes the call.
pub async fn send(cloudwatch: &Client, step: &Step, origin: Timestamp) -> Option<Outcome> {
    match step.operation {
        "GetMetricData" => return Some(get_metric_data(cloudwatch, step, origin).await),
        "DescribeAlarmHistory" | "DescribeAlarms" => {}
        _ => return others(cloudwatch, step).await,
    }
    let mut told = others(cloudwatch, step).await?;
    if told.code.is_none() {
        match step.operation {
            "DescribeAlarms" => triggering(&mut told.body),
            _ => happened(&mut told.body),
        }
    }
    Some(told)
}

async fn others(cloudwatch: &Client, step: &Step) -> Option<Outcome> {
    call!(cloudwatch, step, {
        PutMetricData put_metric_data { Namespace set_namespace, MetricData set_metric_data }
        ListMetrics list_metrics {
            Namespace set_namespace,
            MetricName set_metric_name,
            Dimensions set_dimensions,
            RecentlyActive set_recently_active,
            NextToken set_next_token,
        }
        PutMetricAlarm put_metric_alarm {
            AlarmName set_alarm_name,
            AlarmDescription set_alarm_description,
            ActionsEnabled set_actions_enabled,
            AlarmActions set_alarm_actions,
            OKActions set_ok_actions,
            Namespace set_namespace,
            MetricName set_metric_name,
            Dimensions set_dimensions,
            Statistic set_statistic,
            Unit set_unit,
            Period set_period,
            EvaluationPeriods set_evaluation_periods,
            DatapointsToAlarm set_datapoints_to_alarm,
            Threshold set_threshold,
            ComparisonOperator set_comparison_operator,
            TreatMissingData set_treat_missing_data,
        }
        PutCompositeAlarm put_composite_alarm {
            AlarmName set_alarm_name,
            AlarmDescription set_alarm_description,
            AlarmRule set_alarm_rule,
            ActionsEnabled set_actions_enabled,
            AlarmActions set_alarm_actions,
        }
        DescribeAlarms describe_alarms {
            AlarmNames set_alarm_names,
            AlarmNamePrefix set_alarm_name_prefix,
            AlarmTypes set_alarm_types,
            StateValue set_state_value,
            ActionPrefix set_action_prefix,
            ChildrenOfAlarmName set_children_of_alarm_name,
            ParentsOfAlarmName set_parents_of_alarm_name,
            MaxRecords set_max_records,
            NextToken set_next_token,
        }
        DescribeAlarmHistory describe_alarm_history {
            AlarmName set_alarm_name,
            AlarmTypes set_alarm_types,
            HistoryItemType set_history_item_type,
            ScanBy set_scan_by,
            MaxRecords set_max_records,
            NextToken set_next_token,
        }
        SetAlarmState set_alarm_state {
            AlarmName set_alarm_name,
            StateValue set_state_value,
            StateReason set_state_reason,
            StateReasonData set_state_reason_data,
        }
        DeleteAlarms delete_alarms { AlarmNames set_alarm_names }
    })
}

/// Points and their order, instead of times and values in two lists.
async fn get_metric_data(cloudwatch: &Client, step: &Step, origin: Timestamp) -> Outcome {
    let call = cloudwatch
        .get_metric_data()
        .set_metric_data_queries(Parameter::of(step, "Id"))
        .set_start_time(Parameter::of(step, "StartTime"))
        .set_end_time(Parameter::of(step, "EndTime"))
        .set_scan_by(Parameter::of(step, "ScanBy"))
        .set_max_datapoints(Parameter::of(step, "MaxDatapoints"));
    let sent = Box::pin(call.send()).await;
    let mut told = outcome(&sent);
    let results = sent
        .as_ref()
        .ok()
        .map(GetMetricDataOutput::metric_data_results);
    for (number, result) in results.into_iter().flatten().enumerate() {
        let shown = &mut told.body["metric_data_results"][number];
        let (points, order) = points(result, origin);
        shown["points"] = points;
        shown["order"] = json!(order);
        shown["timestamps"] = Value::Null;
        shown["values"] = Value::Null;
    }
    told
}

/// The points, each with the minutes between `origin` and its time.
fn points(result: &MetricDataResult, origin: Timestamp) -> (Value, Option<&'static str>) {
    let minute =
        |time: &aws_sdk_cloudwatch::primitives::DateTime| (time.secs() - origin.as_second()) / 60;
    let times: Vec<i64> = result.timestamps().iter().map(minute).collect();
    let order = match times[..] {
        [] | [_] => None,
        _ if times.is_sorted() => Some("oldest first"),
        _ if times.iter().rev().is_sorted() => Some("newest first"),
        _ => Some("in no order"),
    };
    let values = times.iter().zip(result.values());
    let points = values
        .map(|(time, value)| json!({"key": format!("{time} min"), "value": value.to_string()}));
    (points.collect(), order)
}

/// Takes the times out of what set composite alarms off: each side has a clock of its own.
fn triggering(body: &mut Value) {
    for alarm in body["composite_alarms"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        let data = alarm["state_reason_data"].as_str().unwrap_or_default();
        let mut data: Value = serde_json::from_str(data).unwrap_or_default();
        let Some(children) = data["triggeringAlarms"].as_array_mut() else {
            continue;
        };
        for child in children {
            child["state"]["timestamp"] = Value::Null;
        }
        alarm["state_reason_data"] = json!(data.to_string());
    }
}

/// Gives what happened keys, and tells the order of what changed a state.
fn happened(body: &mut Value) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut order = Vec::new();
    let items = body["alarm_history_items"].as_array_mut();
    for item in items.into_iter().flatten() {
        let text = |member: &str| item[member].as_str().unwrap_or_default();
        let what = format!("{}: {}", text("alarm_name"), text("history_summary"));
        let states = what
            .split_once(" from ")
            .and_then(|(_, it)| it.split_once(" to "));
        if states.is_some_and(|(from, to)| from != to) {
            order.push(what.clone());
        }
        let times = seen.entry(what.clone()).or_default();
        *times += 1;
        item["key"] = json!(format!("{what} #{times}"));
    }
    body["order"] = json!(order.join(", "));
}

/// `name=value,…`
fn dimensions(step: &Step) -> Option<Vec<Dimension>> {
    let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
    Some(
        step.pairs("Dimensions")?
            .into_iter()
            .map(dimension)
            .collect(),
    )
}

impl Parameter for Vec<Dimension> {
    fn of(step: &Step, _: &str) -> Option<Self> {
        dimensions(step)
    }
}

/// A name without a value stands for all values.
impl Parameter for Vec<DimensionFilter> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let filter = |(name, value): (String, String)| {
            let value = Some(value).filter(|value| !value.is_empty());
            DimensionFilter::builder()
                .name(name)
                .set_value(value)
                .build()
        };
        Some(step.pairs(name)?.into_iter().map(filter).collect())
    }
}

/// `count,sum,minimum,maximum`
impl Parameter for StatisticSet {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let numbers: Vec<f64> = Parameter::of(step, name)?;
        let [count, sum, minimum, maximum] = numbers[..] else {
            return None;
        };
        let set = Self::builder().sample_count(count).sum(sum);
        Some(set.minimum(minimum).maximum(maximum).build())
    }
}

/// One datum, from the parameters named as its members.
impl Parameter for Vec<MetricDatum> {
    fn of(step: &Step, _: &str) -> Option<Self> {
        let datum = MetricDatum::builder()
            .metric_name(step.get("MetricName")?)
            .set_dimensions(dimensions(step))
            .set_timestamp(Parameter::of(step, "Timestamp"))
            .set_value(step.number("Value"))
            .set_values(Parameter::of(step, "Values"))
            .set_counts(Parameter::of(step, "Counts"))
            .set_statistic_values(Parameter::of(step, "StatisticValues"))
            .set_unit(Parameter::of(step, "Unit"))
            .set_storage_resolution(step.number("StorageResolution"));
        Some(vec![datum.build()])
    }
}

/// A query with this identifier, from the parameters named as its members, and a second one with
/// the identifier `Second` for another statistic.
impl Parameter for Vec<MetricDataQuery> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let first = query(step, step.get(name)?, step.get("Stat")?);
        let second = step.get("Second");
        let second = second.map(|id| query(step, id, "SampleCount".to_owned()));
        Some([first].into_iter().chain(second).collect())
    }
}

fn query(step: &Step, id: String, stat: String) -> MetricDataQuery {
    let metric = Metric::builder()
        .set_namespace(step.get("Namespace"))
        .set_metric_name(step.get("MetricName"))
        .set_dimensions(dimensions(step));
    let stat = MetricStat::builder()
        .metric(metric.build())
        .set_period(step.number("Period"))
        .stat(stat)
        .set_unit(Parameter::of(step, "Unit"));
    MetricDataQuery::builder()
        .id(id)
        .metric_stat(stat.build())
        .set_label(step.get("Label"))
        .set_return_data(step.flag("ReturnData"))
        .build()
}
