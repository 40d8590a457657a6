//! Reading metrics.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    CloudWatch, bad_token, invalid, listing,
    metrics::{Datum, Metric},
    queries::{self, Query},
};
use crate::{
    At, Call, Refusal,
    page::page,
    stamp::{moment, seconds},
};

/// How many data points an answer may have.
const MOST_POINTS: usize = 100_800;

/// What a statistic makes of a period's data.
type Statistic = fn(&Datum) -> f64;

/// A time window, and the moment from which it is looked at.
struct Window {
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
}

impl CloudWatch {
    pub(super) fn get_metric_data(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let window = window(call, at.now)?;
        let queries = queries::read(&call.input["MetricDataQueries"])?;
        let mut series = Vec::new();
        for query in queries.iter().filter(|query| query.returned) {
            let Some(metric) = query.metric else {
                let why = "cloudwatch:GetMetricData with Expression is not simulated";
                return Err(Refusal::new(400, "InvalidAction", why));
            };
            series.push(self.series(metric, &window)?);
        }
        let ascending = call.text("ScanBy") == Some("TimestampAscending");
        if !ascending {
            for points in &mut series {
                points.reverse();
            }
        }
        let points = series.iter().enumerate().flat_map(|(number, points)| {
            let point = move |(place, point)| (format!("{number:03}{place:08}"), (number, point));
            points.iter().enumerate().map(point)
        });
        let asked = call.input["MaxDatapoints"]
            .as_u64()
            .and_then(|asked| usize::try_from(asked).ok());
        let size = at.whim.largest_page.min(asked.unwrap_or(MOST_POINTS));
        let page = page(
            &listing::fingerprint(call),
            points,
            call.text("NextToken"),
            size,
        );
        let page = page.map_err(bad_token)?;
        let returned = queries.iter().filter(|query| query.returned).enumerate();
        let results = returned.map(|(number, query)| {
            let points = page.items.iter().filter(|(of, _)| *of == number);
            let points: Vec<_> = points.map(|(_, point)| **point).collect();
            let last = series[number].last();
            let whole = last.is_none_or(|last| points.contains(last)) || page.token.is_none();
            result(query, &points, whole)
        });
        let results: Value = results.collect();
        Ok(json!({"MetricDataResults": results, "NextToken": page.token, "Messages": []}))
    }

    /// The points of one query, oldest first.
    fn series(&self, query: &Value, window: &Window) -> Result<Vec<(Timestamp, f64)>, Refusal> {
        let period = period(query)?;
        let statistic = statistic(query["Stat"].as_str().unwrap_or_default())?;
        let described = &query["Metric"];
        let namespace = described["Namespace"].as_str().unwrap_or_default();
        let known = self.metrics.get(&Metric::read(namespace, described));
        let Some(known) = known.filter(|_| period % grain(window) == 0) else {
            return Ok(Vec::new());
        };
        let unit = query["Unit"].as_str();
        let from = window.from.as_second();
        let mut periods: BTreeMap<i64, Datum> = BTreeMap::new();
        for (time, data) in known.range(window.from..window.to) {
            let begin = from + (time.as_second() - from).div_euclid(period) * period;
            let seen = |datum: &&Datum| {
                datum.visible <= window.now && unit.is_none_or(|unit| unit == datum.unit)
            };
            for datum in data.iter().filter(seen) {
                let before = periods.remove(&begin);
                periods.insert(begin, before.map_or(datum.clone(), |sum| sum.and(datum)));
            }
        }
        let point = |(begin, datum): (i64, Datum)| {
            Some((Timestamp::from_second(begin).ok()?, statistic(&datum)))
        };
        Ok(periods.into_iter().filter_map(point).collect())
    }
}

fn window(call: &Call, now: Timestamp) -> Result<Window, Refusal> {
    let time = |member: &str| moment(&call.input[member]);
    let (Some(from), Some(to)) = (time("StartTime"), time("EndTime")) else {
        return Err(invalid("StartTime and EndTime must be given."));
    };
    if from >= to {
        return Err(invalid(
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    let mut window = Window { from, to, now };
    let (step, second) = (step(call, grain(&window)), from.as_second());
    window.from = Timestamp::from_second(second - second.rem_euclid(step)).unwrap_or(from);
    Ok(window)
}

/// Where the window begins: on a minute or coarser, finer only where a query asks for it.
fn step(call: &Call, grain: i64) -> i64 {
    let queries = call.input["MetricDataQueries"]
        .as_array()
        .into_iter()
        .flatten();
    let periods = queries.filter_map(|query| query["MetricStat"]["Period"].as_i64());
    let finest = periods.filter(|period| *period > 0).min().unwrap_or(60);
    if finest < 60 { finest } else { grain.max(60) }
}

/// How fine data of this age can still be had, in seconds.
fn grain(window: &Window) -> i64 {
    let hours = window.now.duration_since(window.from).as_hours();
    match hours {
        ..3 => 1,
        3..360 => 60,
        360..1512 => 300,
        _ => 3600,
    }
}

fn period(query: &Value) -> Result<i64, Refusal> {
    let period = query["Period"].as_i64().unwrap_or(0);
    if [1, 5, 10, 20, 30].contains(&period) || (period > 0 && period % 60 == 0) {
        return Ok(period);
    }
    Err(invalid(
        "Period must be 1, 5, 10, 20, 30 or a multiple of 60.",
    ))
}

fn statistic(name: &str) -> Result<Statistic, Refusal> {
    Ok(match name {
        "Average" => |datum| datum.sum / datum.count,
        "Maximum" => |datum| datum.maximum,
        "Minimum" => |datum| datum.minimum,
        "SampleCount" => |datum| datum.count,
        "Sum" => |datum| datum.sum,
        other => {
            let why = format!("cloudwatch:GetMetricData with Stat {other} is not simulated");
            return Err(Refusal::new(400, "InvalidAction", why));
        }
    })
}

fn result(query: &Query<'_>, points: &[(Timestamp, f64)], whole: bool) -> Value {
    let name = query
        .metric
        .and_then(|metric| metric["Metric"]["MetricName"].as_str());
    let times = points
        .iter()
        .map(|(time, _)| json!({"$timestamp": seconds(*time)}));
    let values = points.iter().map(|(_, value)| json!(value));
    json!({
        "Id": query.id,
        "Label": query.label.or(name),
        "Timestamps": times.collect::<Value>(),
        "Values": values.collect::<Value>(),
        "StatusCode": if whole { "Complete" } else { "PartialData" },
        "Messages": [],
    })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn older_data_is_coarser() {
        let now: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
        let grain = |hours| {
            let from = now - SignedDuration::from_hours(hours);
            super::grain(&Window { from, to: now, now })
        };
        assert_eq!([2, 4, 15 * 24, 64 * 24].map(grain), [1, 60, 300, 3600]);
    }
}
