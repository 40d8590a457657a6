//! Between the SDK's types and our own.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{
        Dimension, Metric as SdkMetric, MetricDataQuery, MetricDataResult, MetricStat, StatusCode,
    },
};
use calls::no_answer;
use jiff::Timestamp;

use crate::{ApiError, Datapoint, Metric};

/// Aurora's metrics come once a minute.
const PERIOD: i32 = 60;

/// The id of the query at this place. It begins with a lower-case letter, as it must.
pub(crate) fn id(index: usize) -> String {
    format!("m{index}")
}

pub(crate) fn query((index, metric): (usize, &Metric)) -> MetricDataQuery {
    let (name, value) = &metric.dimension;
    let dimension = Dimension::builder().name(name).value(value).build();
    let asked = SdkMetric::builder()
        .namespace(&metric.namespace)
        .metric_name(&metric.name)
        .dimensions(dimension)
        .build();
    let stat = MetricStat::builder()
        .metric(asked)
        .period(PERIOD)
        .stat("Maximum")
        .build();
    MetricDataQuery::builder()
        .id(id(index))
        .metric_stat(stat)
        .build()
}

/// A metric comes in parts where its datapoints fill more than a page: `PartialData`, and `Complete`
/// with the last. The other statuses say that it was not read.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html>
pub(crate) fn check(subject: &str, results: &[MetricDataResult]) -> Result<(), ApiError> {
    let read = [StatusCode::Complete, StatusCode::PartialData];
    let statuses = results.iter().filter_map(MetricDataResult::status_code);
    match statuses.into_iter().find(|status| !read.contains(status)) {
        Some(status) => Err(no_answer("GetMetricData", subject, status.as_str())),
        None => Ok(()),
    }
}

/// The newest datapoint of the query called `id`, in whatever order they came.
pub(crate) fn newest(id: &str, results: &[MetricDataResult]) -> Option<Datapoint> {
    let of_query = results.iter().filter(|result| result.id() == Some(id));
    let datapoints = of_query.flat_map(|result| result.timestamps().iter().zip(result.values()));
    let datapoints = datapoints.filter_map(|(at, value)| {
        let at = Timestamp::from_second(at.secs()).ok()?;
        Some(Datapoint { at, value: *value })
    });
    datapoints.max_by_key(|datapoint| datapoint.at)
}

/// To the second: datapoints have no fractions.
pub(crate) fn time(time: Timestamp) -> DateTime {
    DateTime::from_secs(time.as_second())
}
