//! The alarms that ring now, with what they watch and why.

use aurora_model::AlarmMetric;
use aws_sdk_cloudwatch::types::{
    CompositeAlarm, Metric, MetricAlarm, MetricDataQuery, MetricStat, StateValue, Statistic,
};
use calls::no_answer;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    AlarmNow, ApiError, CloudWatch,
    alarms::{Described, listed},
};

/// The statistic of a metric that nobody has chosen one for.
const USUAL: &str = "Average";

/// An alarm, with what it watches.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmDetail {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Since when it has been in its state without a break.
    pub since: Timestamp,
    /// `CloudWatch`'s sentence about why; empty where it has none.
    pub reason: String,
    /// The team's own words about it.
    pub description: Option<String>,
    /// What it watches, those that are parts of an expression too; nothing where it is a composite alarm
    /// or a query of Metrics Insights.
    pub series: Vec<Series>,
    /// What it compares them with; `None` where that is a band, or where it is a composite alarm.
    pub threshold: Option<f64>,
    /// Whether it is an expression that is compared with the threshold, and none of the `series` itself.
    pub math: bool,
    /// How it compares: `GreaterThanThreshold`, `LessThanThreshold` and so on; `None` where it is a composite
    /// alarm. Not every alarm that rings is trouble: what takes readers away rings while they have little to do.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
    pub comparison: Option<String>,
    /// Of a composite alarm: `ALARM(orders-cpu) OR ALARM(orders-lag)`.
    pub rule: Option<String>,
    /// Of a composite alarm: the names of those that rang when it began to, and set it off. One
    /// that rings later is not among them.
    pub children: Vec<String>,
}

/// A metric, and what of it is looked at.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The metric.
    pub metric: AlarmMetric,
    /// `Average`, `Maximum`, `p90` and so on.
    pub statistic: String,
}

impl Series {
    /// The average of a metric.
    #[must_use]
    pub fn of(metric: AlarmMetric) -> Self {
        Self {
            metric,
            statistic: USUAL.to_owned(),
        }
    }
}

impl AlarmDetail {
    /// The metrics it watches.
    #[must_use]
    pub fn metrics(&self) -> Vec<AlarmMetric> {
        self.series.iter().map(|it| it.metric.clone()).collect()
    }
}

impl CloudWatch {
    /// Every alarm of the account and region that is in the state `ALARM`, metric and composite alarms alike.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>
    ///
    /// # Errors
    /// When a page cannot be read, or an alarm comes without its name, its state or the time of it.
    pub async fn ringing(&self) -> Result<Vec<AlarmDetail>, ApiError> {
        self.in_state(StateValue::Alarm, "all alarms that ring")
            .await
    }

    /// The same of those in the state `INSUFFICIENT_DATA`: nobody knows whether they would ring.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>
    ///
    /// # Errors
    /// As above.
    pub async fn without_data(&self) -> Result<Vec<AlarmDetail>, ApiError> {
        self.in_state(StateValue::InsufficientData, "all alarms without data")
            .await
    }

    async fn in_state(&self, state: StateValue, what: &str) -> Result<Vec<AlarmDetail>, ApiError> {
        let call = self.0.describe_alarms().state_value(state);
        let alarms = listed(call, what).await?;
        alarms.into_iter().map(detail).collect()
    }
}

fn detail(alarm: Described) -> Result<AlarmDetail, ApiError> {
    let now = alarm.now()?;
    let detail = match alarm {
        Described::Metric(alarm) => of_metric(now, *alarm),
        Described::Composite(alarm) => of_composite(now, *alarm),
    };
    if detail.name.is_empty() || detail.arn.is_empty() {
        let what = "an alarm without a name or an ARN";
        return Err(no_answer("DescribeAlarms", &detail.name, what));
    }
    Ok(detail)
}

fn of_metric(now: AlarmNow, alarm: MetricAlarm) -> AlarmDetail {
    AlarmDetail {
        series: series(&alarm),
        math: !alarm.metrics().is_empty(),
        threshold: alarm.threshold,
        comparison: alarm
            .comparison_operator
            .map(|operator| operator.as_str().to_owned()),
        ..common(
            now,
            alarm.alarm_arn,
            alarm.state_reason,
            alarm.alarm_description,
        )
    }
}

fn of_composite(now: AlarmNow, alarm: CompositeAlarm) -> AlarmDetail {
    AlarmDetail {
        children: children(alarm.state_reason_data()),
        rule: alarm.alarm_rule,
        ..common(
            now,
            alarm.alarm_arn,
            alarm.state_reason,
            alarm.alarm_description,
        )
    }
}

fn common(
    AlarmNow { name, since, .. }: AlarmNow,
    arn: Option<String>,
    reason: Option<String>,
    description: Option<String>,
) -> AlarmDetail {
    AlarmDetail {
        name,
        arn: arn.unwrap_or_default(),
        since,
        reason: reason.unwrap_or_default(),
        description: description.filter(|words| !words.is_empty()),
        series: Vec::new(),
        threshold: None,
        math: false,
        comparison: None,
        rule: None,
        children: Vec::new(),
    }
}

/// The one metric of the alarm, or those that its expressions are made of.
fn series(alarm: &MetricAlarm) -> Vec<Series> {
    let one = Metric::builder()
        .set_namespace(alarm.namespace.clone())
        .set_metric_name(alarm.metric_name.clone())
        .set_dimensions(alarm.dimensions.clone())
        .build();
    let statistic = alarm.statistic().map(Statistic::as_str);
    let statistic = statistic.or(alarm.extended_statistic());
    let parts = alarm
        .metrics()
        .iter()
        .filter_map(MetricDataQuery::metric_stat);
    let parts = parts.filter_map(part);
    one_of(&one, statistic).into_iter().chain(parts).collect()
}

fn part(stat: &MetricStat) -> Option<Series> {
    one_of(stat.metric()?, stat.stat())
}

fn one_of(metric: &Metric, statistic: Option<&str>) -> Option<Series> {
    let dimensions = metric.dimensions().iter();
    let pair = |it: &aws_sdk_cloudwatch::types::Dimension| {
        Some((it.name()?.to_owned(), it.value()?.to_owned()))
    };
    let metric = AlarmMetric {
        namespace: metric.namespace()?.to_owned(),
        name: metric.metric_name()?.to_owned(),
        dimensions: dimensions.filter_map(pair).collect(),
    };
    Some(Series {
        metric,
        statistic: statistic.unwrap_or(USUAL).to_owned(),
    })
}

/// `{"triggeringAlarms": [{"arn": "…:alarm:orders-cpu", "state": {"value": "ALARM", …}}]}`. AWS shows it in
/// its events; whoever sets a state by hand may give another text, which names nobody.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
fn children(reason_data: Option<&str>) -> Vec<String> {
    let data = reason_data.unwrap_or_default();
    let data: Value = serde_json::from_str(data).unwrap_or_default();
    let alarms = data["triggeringAlarms"].as_array().into_iter().flatten();
    let ringing = alarms.filter(|child| child["state"]["value"] == "ALARM");
    let name = |child: &Value| {
        let (_, name) = child["arn"].as_str()?.split_once(":alarm:")?;
        Some(name.to_owned())
    };
    ringing.filter_map(name).collect()
}
