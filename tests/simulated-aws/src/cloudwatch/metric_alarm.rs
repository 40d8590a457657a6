//! Alarms on metrics.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>

use serde_json::Value;

use super::{CloudWatch, Kind, invalid, queries};
use crate::{At, Call, Refusal};

impl CloudWatch {
    pub(super) fn put_metric_alarm(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        for member in ["EvaluationPeriods", "ComparisonOperator"] {
            wanted(call, member, true)?;
        }
        let math = has(call, "Metrics");
        for member in ["MetricName", "Namespace", "Period"] {
            wanted(call, member, !math)?;
        }
        if math {
            for member in ["Dimensions", "Unit", "Statistic", "ExtendedStatistic"] {
                wanted(call, member, false)?;
            }
            watched(&call.input["Metrics"])?;
        } else if has(call, "Statistic") == has(call, "ExtendedStatistic") {
            return Err(invalid(
                "Exactly one of Statistic and ExtendedStatistic must be given.",
            ));
        }
        threshold(call)?;
        periods(call)?;
        missing_data(call)?;
        self.put_alarm(call, Kind::Metric, at)
    }
}

fn has(call: &Call, member: &str) -> bool {
    call.input.get(member).is_some_and(|value| !value.is_null())
}

fn wanted(call: &Call, member: &str, wanted: bool) -> Result<(), Refusal> {
    match (has(call, member), wanted) {
        (false, true) => Err(invalid(format!("The parameter {member} is required."))),
        (true, false) => Err(invalid(format!(
            "{member} can't be given together with Metrics."
        ))),
        _ => Ok(()),
    }
}

/// Exactly one of the queries is what the alarm watches.
fn watched(queries: &Value) -> Result<(), Refusal> {
    let queries = queries::read(queries)?;
    if queries.iter().filter(|query| query.returned).count() == 1 {
        return Ok(());
    }
    Err(invalid(
        "Exactly one element of the metrics list should return data.",
    ))
}

/// Bands compare with another metric, everything else with a number.
fn threshold(call: &Call) -> Result<(), Refusal> {
    let operator = call.text("ComparisonOperator").unwrap_or_default();
    let band = operator.contains("Lower") || operator.contains("Upper");
    if has(call, "Threshold") != band && has(call, "ThresholdMetricId") == band {
        return Ok(());
    }
    Err(invalid(
        "Threshold or ThresholdMetricId does not go with ComparisonOperator.",
    ))
}

fn periods(call: &Call) -> Result<(), Refusal> {
    let number = |member: &str| call.input[member].as_i64();
    let periods = number("EvaluationPeriods").unwrap_or(1);
    if number("DatapointsToAlarm").is_some_and(|points| points > periods) {
        return Err(invalid(
            "DatapointsToAlarm must not be greater than EvaluationPeriods.",
        ));
    }
    let Some(period) = number("Period") else {
        return Ok(());
    };
    if ![10, 20, 30].contains(&period) && period % 60 != 0 {
        return Err(invalid("Period must be 10, 20, 30 or a multiple of 60."));
    }
    let most = if period >= 3600 { 7 * 86_400 } else { 86_400 };
    if period * periods > most {
        return Err(invalid("Metrics cannot be checked across so long a time."));
    }
    Ok(())
}

fn missing_data(call: &Call) -> Result<(), Refusal> {
    let known = ["breaching", "notBreaching", "ignore", "missing"];
    match call.text("TreatMissingData") {
        Some(unknown) if !known.contains(&unknown) => Err(invalid(format!(
            "TreatMissingData must be one of {}.",
            known.join(", ")
        ))),
        _ => Ok(()),
    }
}
