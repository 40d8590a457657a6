//! Putting data points.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    CloudWatch,
    metrics::{Datum, Metric, delayed},
};
use crate::{At, Call, Effect, Refusal, stamp::moment};

/// How many metrics one call may bring, and how many values each.
const MOST_METRICS: usize = 1000;
const MOST_VALUES: usize = 150;

impl CloudWatch {
    pub(super) fn put_metric_data(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let namespace = call.text("Namespace").unwrap_or_default();
        if namespace.starts_with("AWS/") {
            return Err(bad("The value AWS/ for parameter Namespace is invalid."));
        }
        let Some(data) = call.input["MetricData"]
            .as_array()
            .filter(|data| !data.is_empty())
        else {
            return Err(missing("MetricData"));
        };
        if data.len() > MOST_METRICS {
            return Err(bad(
                "The collection MetricData must not have a size greater than 1000.",
            ));
        }
        let points = data.iter().map(|datum| point(namespace, datum, at));
        let points = points.collect::<Result<Vec<_>, _>>()?;
        for (metric, time, datum) in points {
            self.metrics
                .entry(metric)
                .or_default()
                .entry(time)
                .or_default()
                .push(datum);
        }
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: namespace.to_owned(),
        });
        Ok(json!({}))
    }
}

fn point(
    namespace: &str,
    described: &Value,
    at: &mut At<'_>,
) -> Result<(Metric, Timestamp, Datum), Refusal> {
    let time = time(described, at.now)?;
    let mut datum = datum(described)?;
    if let Some(unit) = described["Unit"].as_str() {
        unit.clone_into(&mut datum.unit);
    }
    datum.visible = visible(time, at);
    let metric = Metric::read(namespace, described);
    if described["Dimensions"].as_array().map_or(0, Vec::len) != metric.dimensions.len() {
        return Err(bad("The same dimension is given twice."));
    }
    Ok((metric, time, datum))
}

/// At most two weeks ago, at most two hours ahead; whole minutes unless it is said otherwise.
fn time(described: &Value, now: Timestamp) -> Result<Timestamp, Refusal> {
    let time = match &described["Timestamp"] {
        Value::Null => now,
        given => moment(given).ok_or_else(|| bad("Timestamp is no time."))?,
    };
    let age = now.duration_since(time);
    if age > SignedDuration::from_hours(14 * 24) || age < SignedDuration::from_hours(-2) {
        return Err(bad(
            "Timestamp must be at most two weeks ago and two hours ahead.",
        ));
    }
    let grain = match described["StorageResolution"].as_i64() {
        None | Some(60) => 60,
        Some(1) => 1,
        Some(_) => return Err(bad("StorageResolution must be 1 or 60.")),
    };
    let second = time.as_second();
    Ok(Timestamp::from_second(second - second.rem_euclid(grain)).unwrap_or(time))
}

/// What is put late is seen late.
fn visible(time: Timestamp, at: &mut At<'_>) -> Timestamp {
    let age = at.now.duration_since(time);
    if age >= SignedDuration::from_hours(24) {
        return at.now + SignedDuration::from_hours(48);
    }
    delayed(at)
}

fn datum(described: &Value) -> Result<Datum, Refusal> {
    let given = |member: &str| Some(&described[member]).filter(|given| !given.is_null());
    match (given("Value"), given("Values"), given("StatisticValues")) {
        (Some(value), None, None) => Ok(Datum::of(number(value)?, 1.0)),
        (None, Some(values), None) => several(values, given("Counts")),
        (None, None, Some(set)) => statistics(set),
        (None, None, None) => Err(missing("Value")),
        _ => {
            let why = "Only one of Value, Values and StatisticValues can be given.";
            Err(Refusal::new(400, "InvalidParameterCombination", why))
        }
    }
}

fn several(values: &Value, counts: Option<&Value>) -> Result<Datum, Refusal> {
    let values = numbers(values)?;
    if values.len() > MOST_VALUES {
        return Err(bad("Values must not have more than 150 members."));
    }
    let ones = || vec![1.0; values.len()];
    let counts = counts.map(numbers).transpose()?.unwrap_or_else(ones);
    if counts.len() != values.len() || counts.iter().any(|count| *count <= 0.0) {
        return Err(bad(
            "Counts must have as many members as Values, all above zero.",
        ));
    }
    let data = values
        .into_iter()
        .zip(counts)
        .map(|(value, count)| Datum::of(value, count));
    data.reduce(|sum, datum| sum.and(&datum))
        .ok_or_else(|| missing("Values"))
}

fn statistics(set: &Value) -> Result<Datum, Refusal> {
    let datum = Datum {
        count: number(&set["SampleCount"])?,
        sum: number(&set["Sum"])?,
        minimum: number(&set["Minimum"])?,
        maximum: number(&set["Maximum"])?,
        ..Datum::of(0.0, 0.0)
    };
    if datum.count > 0.0 && datum.minimum <= datum.maximum {
        return Ok(datum);
    }
    Err(bad("StatisticValues contradict each other."))
}

fn numbers(list: &Value) -> Result<Vec<f64>, Refusal> {
    list.as_array().into_iter().flatten().map(number).collect()
}

/// From -2^360 to 2^360. What is no number at all does not get here: it comes as null.
fn number(value: &Value) -> Result<f64, Refusal> {
    let number = value
        .as_f64()
        .filter(|number| number.abs() <= 2_f64.powi(360));
    number.ok_or_else(|| bad("The value is no number from -2^360 to 2^360."))
}

fn bad(why: &str) -> Refusal {
    Refusal::new(400, "InvalidParameterValue", why)
}

fn missing(member: &str) -> Refusal {
    let why = format!("The parameter {member} is required.");
    Refusal::new(400, "MissingParameter", why)
}
