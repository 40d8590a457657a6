//! The calls, one method each.

use aws_config::SdkConfig;
use aws_sdk_cloudwatch::{
    Client, operation::get_metric_data::GetMetricDataOutput, types::MetricDataQuery,
    types::MetricDataResult, types::ScanBy,
};
use jiff::Timestamp;

use crate::{ApiError, convert};

const OPERATION: &str = "GetMetricData";
/// As many metrics as one call takes.
const QUERIES: usize = 500;

/// The `CloudWatch` API, as far as Nightshift uses it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CloudWatch(pub(crate) Client);

/// One metric of one thing, such as `AuroraReplicaLag` of one DB instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Such as `AWS/RDS`.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The dimension by which the thing is known, and the thing: `DBInstanceIdentifier`, `orders-1`.
    pub dimension: (String, String),
}

/// A metric's maximum over one minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Datapoint {
    /// When the minute began.
    pub at: Timestamp,
    /// In the metric's unit.
    pub value: f64,
}

impl CloudWatch {
    /// A client that is configured as `config` says.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// A client over an SDK client, for tests that replay answers.
    #[must_use]
    pub const fn over(client: Client) -> Self {
        Self(client)
    }

    /// The newest datapoint of each of `metrics` between `from` and `to`, in their order; `None`
    /// where there is none.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>
    ///
    /// # Errors
    /// When a page cannot be read, or a metric not to its end: the newest might be missing.
    pub async fn latest(
        &self,
        metrics: &[Metric],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Option<Datapoint>>, ApiError> {
        let mut latest = Vec::with_capacity(metrics.len());
        for metrics in metrics.chunks(QUERIES) {
            let results = self.results(metrics, from, to).await?;
            convert::check(&subject(metrics), &results)?;
            let of = |index| convert::newest(&convert::id(index), &results);
            latest.extend((0..metrics.len()).map(of));
        }
        Ok(latest)
    }

    async fn results(
        &self,
        metrics: &[Metric],
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<MetricDataResult>, ApiError> {
        let queries: Vec<MetricDataQuery> =
            metrics.iter().enumerate().map(convert::query).collect();
        let call = self.0.get_metric_data();
        let call = call.set_metric_data_queries(Some(queries));
        let call = call
            .start_time(convert::time(from))
            .end_time(convert::time(to));
        let call = call.scan_by(ScanBy::TimestampDescending);
        let read = |page: GetMetricDataOutput| {
            let results = page.metric_data_results.unwrap_or_default();
            (page.next_token, results)
        };
        let pages = call.into_paginator().send();
        calls::all(OPERATION, &subject(metrics), pages, read).await
    }
}

/// What the call is for, in words: `AuroraReplicaLag of orders-1, orders-2`.
fn subject(metrics: &[Metric]) -> String {
    let name = metrics.first().map_or("nothing", |metric| &metric.name);
    let things: Vec<&str> = metrics.iter().map(|metric| &*metric.dimension.1).collect();
    format!("{name} of {}", things.join(", "))
}
