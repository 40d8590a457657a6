//! Metrics and their data points.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{CloudWatch, bad_token, listing};
use crate::{At, Call, Refusal, page::page};

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html>
const ON_A_PAGE: usize = 500;

/// How long data points are kept.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention>
const KEPT: SignedDuration = SignedDuration::from_hours(455 * 24);

/// A metric: what data points belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    /// `AWS/RDS`
    pub namespace: String,
    /// `CPUUtilization`
    pub name: String,
    /// Name and value, in the order of names.
    pub dimensions: BTreeMap<String, String>,
}

impl Metric {
    /// A metric with these dimensions.
    #[must_use]
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.iter().map(owned).collect(),
        }
    }

    /// As the API has it.
    pub(super) fn read(namespace: &str, described: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let dimensions = described["Dimensions"].as_array().into_iter().flatten();
        let pair = |dimension: &Value| (text(&dimension["Name"]), text(&dimension["Value"]));
        Self {
            namespace: namespace.to_owned(),
            name: text(&described["MetricName"]),
            dimensions: dimensions.map(pair).collect(),
        }
    }
}

/// The data points of a metric, by time.
pub type Series = BTreeMap<Timestamp, Vec<Datum>>;

/// What was put for one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// How many samples.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// `Percent`, `Count`, …; `None` where nothing was said.
    pub unit: String,
    /// From when on readers see it.
    pub visible: Timestamp,
}

impl Datum {
    /// `count` times the same value, seen from the beginning.
    #[must_use]
    pub fn of(value: f64, count: f64) -> Self {
        Self {
            count,
            sum: value * count,
            minimum: value,
            maximum: value,
            unit: "None".to_owned(),
            visible: Timestamp::MIN,
        }
    }

    /// This one and another as one.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            minimum: self.minimum.min(other.minimum),
            maximum: self.maximum.max(other.maximum),
            ..self
        }
    }
}

impl CloudWatch {
    /// Records a data point outside any call, as AWS's services do: of namespaces that begin with
    /// `AWS/` nothing else can. Readers may see it a while later.
    pub fn record(&mut self, metric: Metric, time: Timestamp, value: f64, at: &mut At<'_>) {
        let mut datum = Datum::of(value, 1.0);
        datum.visible = delayed(at);
        let series = self.metrics.entry(metric).or_default();
        series.entry(time).or_default().push(datum);
        while series
            .keys()
            .next()
            .is_some_and(|oldest| at.now.duration_since(*oldest) > KEPT)
        {
            series.pop_first();
        }
    }

    pub(super) fn list_metrics(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let hours = if call.text("RecentlyActive").is_some() {
            3
        } else {
            14 * 24
        };
        let since = at.now - SignedDuration::from_hours(hours);
        let recent = |series: &Series| {
            let mut data = series.range(since..).flat_map(|(_, data)| data);
            data.any(|datum| datum.visible <= at.now)
        };
        let shown = self
            .metrics
            .iter()
            .filter(|(metric, series)| is_wanted(call, metric) && recent(series));
        let keyed = shown.map(|(metric, _)| (key(metric), metric));
        let mut keyed: Vec<_> = keyed.collect();
        keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let size = at.whim.largest_page.min(ON_A_PAGE);
        let listing = listing::fingerprint(call);
        let page = page(&listing, keyed, call.text("NextToken"), size).map_err(bad_listing)?;
        let metrics = page.items.into_iter().map(show);
        Ok(json!({"Metrics": metrics.collect::<Value>(), "NextToken": page.token}))
    }
}

/// `ListMetrics` knows no error for tokens alone.
fn bad_listing(bad: crate::page::BadToken) -> Refusal {
    let refusal = bad_token(bad);
    Refusal::new(400, "InvalidParameterValue", refusal.message)
}

/// When a data point that is put now is seen.
pub(super) fn delayed(at: &mut At<'_>) -> Timestamp {
    if at.whim.happens(at.whim.stale) {
        return at.now + at.whim.between((SignedDuration::ZERO, at.whim.stale_up_to));
    }
    at.now
}

fn is_wanted(call: &Call, metric: &Metric) -> bool {
    let filters = call.input["Dimensions"].as_array().into_iter().flatten();
    let mut filters = filters.map(|filter| (filter["Name"].as_str(), filter["Value"].as_str()));
    call.text("Namespace")
        .is_none_or(|namespace| namespace == metric.namespace)
        && call
            .text("MetricName")
            .is_none_or(|name| name == metric.name)
        && filters.all(|(name, value)| {
            let there = metric.dimensions.get(name.unwrap_or_default());
            there.is_some_and(|there| value.is_none_or(|value| value == there))
        })
}

fn key(metric: &Metric) -> String {
    let dimensions: Vec<_> = metric.dimensions.iter().collect();
    format!("{} {} {dimensions:?}", metric.namespace, metric.name)
}

fn show(metric: &Metric) -> Value {
    let dimensions = metric.dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| json!({"Name": name, "Value": value}));
    json!({
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": dimensions.collect::<Value>(),
    })
}
