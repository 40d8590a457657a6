//! Metrics over time.

use aurora_model::{AlarmMetric, Span};
use aws_sdk_cloudwatch::{
    operation::get_metric_data::GetMetricDataOutput,
    types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode},
};
use calls::no_answer;
use jiff::Timestamp;

use crate::{ApiError, CloudWatch, Series, convert};

const OPERATION: &str = "GetMetricData";
/// As many metrics as one call takes.
const QUERIES: usize = 500;

impl CloudWatch {
    /// The values of each of `series` from `from` on and before `to`, in steps of `step`, a multiple of a
    /// minute: the steps' beginnings and values, oldest first. A step without data is missing. Steps begin
    /// at multiples of themselves, whatever `from` is, as AWS advises, so that the same hours look the same in
    /// every run.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>
    ///
    /// # Errors
    /// When a page cannot be read, or a metric not to its end.
    pub async fn history(
        &self,
        series: &[Series],
        from: Timestamp,
        to: Timestamp,
        step: Span,
    ) -> Result<Vec<Vec<(Timestamp, f64)>>, ApiError> {
        let mut histories = Vec::with_capacity(series.len());
        for series in series.chunks(QUERIES) {
            let results = self.read(series, (from, to), step).await?;
            for index in 0..series.len() {
                let id = convert::id(index);
                histories.push(points(&id, &results, &subject(series))?);
            }
        }
        Ok(histories)
    }

    async fn read(
        &self,
        series: &[Series],
        (from, to): (Timestamp, Timestamp),
        step: Span,
    ) -> Result<Vec<MetricDataResult>, ApiError> {
        let step = step.duration().as_secs().max(1);
        let queries: Vec<MetricDataQuery> = series
            .iter()
            .enumerate()
            .map(|(index, series)| query(index, series, step))
            .collect();
        let before = from.as_second().rem_euclid(step);
        let begin = from - jiff::SignedDuration::from_secs(before);
        let call = self.0.get_metric_data();
        let call = call.set_metric_data_queries(Some(queries));
        let call = call
            .start_time(convert::time(begin))
            .end_time(convert::time(to));
        let pages = call.scan_by(ScanBy::TimestampAscending).into_paginator();
        let read = |page: GetMetricDataOutput| {
            let results = page.metric_data_results.unwrap_or_default();
            (page.next_token, results)
        };
        calls::all(OPERATION, &subject(series), pages.send(), read).await
    }
}

fn query(index: usize, series: &Series, step: i64) -> MetricDataQuery {
    let AlarmMetric {
        namespace,
        name,
        dimensions,
    } = &series.metric;
    let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
    let dimensions: Vec<Dimension> = dimensions.iter().map(dimension).collect();
    let metric = Metric::builder()
        .namespace(namespace)
        .metric_name(name)
        .set_dimensions(Some(dimensions));
    let stat = MetricStat::builder()
        .metric(metric.build())
        .period(i32::try_from(step).unwrap_or(i32::MAX))
        .stat(&series.statistic);
    let query = MetricDataQuery::builder().id(convert::id(index));
    query.metric_stat(stat.build()).build()
}

/// The points of the query called `id`, oldest first, in whatever order they came. `Complete` comes with
/// the last of them; without it the end is missing.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html>
fn points(
    id: &str,
    results: &[MetricDataResult],
    subject: &str,
) -> Result<Vec<(Timestamp, f64)>, ApiError> {
    convert::check(subject, results)?;
    let of_query = || results.iter().filter(|result| result.id() == Some(id));
    if !of_query().any(|result| result.status_code() == Some(&StatusCode::Complete)) {
        return Err(no_answer(OPERATION, subject, "PartialData"));
    }
    let points = of_query().flat_map(|result| result.timestamps().iter().zip(result.values()));
    let points = points.filter_map(|(at, value)| {
        let at = Timestamp::from_second(at.secs()).ok()?;
        Some((at, *value))
    });
    let mut points: Vec<(Timestamp, f64)> = points.collect();
    points.sort_by_key(|(at, _)| *at);
    Ok(points)
}

/// What the call is for, in words: `CPUUtilization, ReadLatency`.
fn subject(series: &[Series]) -> String {
    let names: Vec<&str> = series.iter().map(|it| &*it.metric.name).collect();
    names.join(", ")
}
