//! `CloudWatch`: metrics, and alarms on them.

mod alarm;
mod composite;
mod data;
mod history;
mod listing;
mod metric_alarm;
mod metrics;
mod queries;
mod query;
mod rule;
mod state;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Map, Value};

pub use alarm::{Alarm, Kind, State};
pub use history::Happened;
pub use metrics::{Metric, Series};
pub use rule::Rule;

use crate::{
    At, Call, Refusal, Service, Views,
    model::{Model, Violation},
    page::BadToken,
};

/// The `CloudWatch` of one account in one region.
#[derive(Clone, Debug)]
pub struct CloudWatch {
    /// Alarms by name.
    pub alarms: Views<Alarm>,
    /// What happened to alarms, oldest first.
    pub history: Vec<Happened>,
    /// The data points of each metric.
    pub metrics: BTreeMap<Metric, Series>,
    /// How many alarms there may be.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
    pub most_alarms: usize,
}

impl Default for CloudWatch {
    fn default() -> Self {
        Self {
            alarms: Views::default(),
            history: Vec::new(),
            metrics: BTreeMap::new(),
            most_alarms: 5000,
        }
    }
}

/// What the model has and this simulation has not: it is refused, so that nothing passes for
/// tested that was ignored.
const NOT_SIMULATED: [(&str, &str); 13] = [
    ("DescribeAlarmHistory", "AlarmContributorId"),
    ("GetMetricData", "LabelOptions"),
    ("ListMetrics", "IncludeLinkedAccounts"),
    ("ListMetrics", "OwningAccount"),
    ("PutCompositeAlarm", "ActionsSuppressor"),
    ("PutCompositeAlarm", "ActionsSuppressorExtensionPeriod"),
    ("PutCompositeAlarm", "ActionsSuppressorWaitPeriod"),
    ("PutMetricAlarm", "EvaluationCriteria"),
    ("PutMetricAlarm", "EvaluationInterval"),
    ("PutMetricAlarm", "EvaluationWindow"),
    ("PutMetricAlarm", "WarmUpConfiguration"),
    ("PutMetricData", "EntityMetricData"),
    ("PutMetricData", "StrictEntityValidation"),
];

impl CloudWatch {
    pub(crate) fn remember(&mut self, keep: SignedDuration) {
        self.alarms.remember(keep);
    }

    pub(crate) fn answer(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        if let Some(model) = Model::of(Service::CloudWatch) {
            model.check(call).map_err(|it| violated(call, it))?;
        }
        call.simulated(&NOT_SIMULATED)?;
        match call.operation.as_str() {
            "DeleteAlarms" => self.delete_alarms(call, at),
            "DescribeAlarmHistory" => self.describe_alarm_history(call, at),
            "DescribeAlarms" => self.describe_alarms(call, at),
            "GetMetricData" => self.get_metric_data(call, at),
            "ListMetrics" => self.list_metrics(call, at),
            "PutCompositeAlarm" => self.put_composite_alarm(call, at),
            "PutMetricAlarm" => self.put_metric_alarm(call, at),
            "PutMetricData" => self.put_metric_data(call, at),
            "SetAlarmState" => self.set_alarm_state(call, at),
            _ => Err(Refusal::unknown_operation(call)),
        }
    }
}

/// The operations on metrics have errors of their own for it.
fn violated(call: &Call, Violation { why, missing }: Violation) -> Refusal {
    let code = match call.operation.as_str() {
        "PutMetricData" if missing => "MissingParameter",
        "PutMetricData" | "ListMetrics" => "InvalidParameterValue",
        _ => "ValidationError",
    };
    Refusal::new(400, code, why)
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html>
fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationError", why)
}

fn bad_token(_: BadToken) -> Refusal {
    Refusal::new(
        400,
        "InvalidNextToken",
        "The next token specified is invalid.",
    )
}

fn texts<'a>(input: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    let items = input[member].as_array().into_iter().flatten();
    items.filter_map(Value::as_str)
}

/// The members of an object, without those that are null.
fn members(input: &Value) -> Map<String, Value> {
    let mut members = input.as_object().cloned().unwrap_or_default();
    members.retain(|_, member| !member.is_null());
    members
}
