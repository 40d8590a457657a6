//! Metrics in CloudWatch's embedded format: one line on standard output, no API call.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use aurora_model::{Outcome, Report, RunOutcome};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Nightshift";

/// One metric of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// CloudWatch's unit.
    pub unit: &'static str,
    /// Its value.
    pub value: f64,
}

impl Metric {
    /// A number of things.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub const fn count(name: &'static str, value: usize) -> Self {
        Self {
            name,
            unit: "Count",
            value: value as f64,
        }
    }

    /// A length of time in whole seconds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths of time stay far below 2^52 seconds"
    )]
    pub const fn seconds(name: &'static str, value: i64) -> Self {
        Self {
            name,
            unit: "Seconds",
            value: value as f64,
        }
    }

    /// A length of time in milliseconds.
    #[must_use]
    pub const fn milliseconds(name: &'static str, value: f64) -> Self {
        Self {
            name,
            unit: "Milliseconds",
            value,
        }
    }
}

/// The metrics of a run that gave `report`. Only runs that a schedule woke count as successful
/// ones, so that the dead-man alarm is not kept quiet by events.
#[must_use]
pub fn of_report(report: &Report) -> Vec<Metric> {
    let is = |outcome: RunOutcome| usize::from(report.outcome == outcome);
    let failed = is(RunOutcome::Failed) + is(RunOutcome::NeedsPerson);
    let mut metrics = vec![
        Metric::count("FailedRuns", failed),
        Metric::count("PartialRuns", is(RunOutcome::Partial)),
        Metric::count("RefusedRuns", is(RunOutcome::Refused)),
        Metric::count("Actions", report.tally(|outcome| *outcome == Outcome::Done)),
        Metric::count(
            "FailedActions",
            report.tally(|outcome| matches!(outcome, Outcome::Failed { .. })),
        ),
    ];
    metrics.extend(
        report
            .measures
            .iter()
            .map(|measure| Metric::seconds(measure.name, measure.seconds)),
    );
    if report.trigger.kind == "schedule" {
        metrics.push(Metric::count(
            "SuccessfulRuns",
            usize::from(report.outcome.ok()),
        ));
    }
    metrics
}

/// `metrics` as a line of the embedded format, for the Lambda function called `name`.
#[must_use]
pub fn line(name: &str, at: Timestamp, metrics: &[Metric]) -> String {
    let definitions: Vec<Value> = metrics
        .iter()
        .map(|m| json!({"Name": m.name, "Unit": m.unit}))
        .collect();
    let mut line: Map<String, Value> = metrics
        .iter()
        .map(|m| (m.name.into(), json!(m.value)))
        .collect();
    line.insert("FunctionName".into(), name.into());
    let directive =
        json!({"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": definitions});
    line.insert(
        "_aws".into(),
        json!({"Timestamp": at.as_millisecond(), "CloudWatchMetrics": [directive]}),
    );
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_cloudwatch_documents() {
        let at: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
        let metrics = [
            Metric::count("Actions", 2),
            Metric::milliseconds("RunMilliseconds", 12.5),
        ];
        insta::assert_snapshot!(line("nightshift-take-snapshot", at, &metrics), @"");
    }
}
