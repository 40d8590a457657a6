//! The client against answers as `CloudWatch` gives them.

mod alarms;
mod history;
mod ringing;

use aws_config::BehaviorVersion;
use aws_sdk_cloudwatch::{
    Client, Config,
    config::{Credentials, Region, retry::RetryConfig},
    error::ErrorMetadata,
    operation::get_metric_data::{GetMetricDataError, GetMetricDataInput, GetMetricDataOutput},
    primitives::DateTime,
    types::{MetricDataResult, StatusCode},
};
use aws_smithy_mocks::{MockResponseInterceptor, Rule, RuleMode, create_mock_http_client, mock};
use jiff::Timestamp;

use crate::{CloudWatch, Datapoint, Kind, Metric};

/// 2026-11-22T02:00:00Z.
const NOW: i64 = 1_795_312_800;

/// A client whose calls are answered by the first of `rules` that matches.
fn cloudwatch<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> CloudWatch {
    let mut answers = MockResponseInterceptor::new().rule_mode(RuleMode::MatchAny);
    for rule in rules {
        answers = answers.with_rule(rule);
    }
    let key = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(key)
        .retry_config(RetryConfig::disabled())
        .http_client(create_mock_http_client())
        .interceptor(answers)
        .build();
    CloudWatch::over(Client::from_conf(config))
}

fn lag(instance: &str) -> Metric {
    Metric {
        namespace: "AWS/RDS".to_owned(),
        name: "AuroraReplicaLag".to_owned(),
        dimension: ("DBInstanceIdentifier".to_owned(), instance.to_owned()),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// The datapoints of one query: how many seconds before now, and the value.
fn result(id: &str, status: StatusCode, datapoints: &[(i64, f64)]) -> MetricDataResult {
    let (times, values) = datapoints.iter().copied().unzip();
    let times: Vec<i64> = times;
    let times = times.iter().map(|before| DateTime::from_secs(NOW - before));
    MetricDataResult::builder()
        .id(id)
        .status_code(status)
        .set_timestamps(Some(times.collect()))
        .set_values(Some(values))
        .build()
}

fn page(results: Vec<MetricDataResult>, next: Option<&str>) -> GetMetricDataOutput {
    GetMetricDataOutput::builder()
        .set_metric_data_results(Some(results))
        .set_next_token(next.map(str::to_owned))
        .build()
}

async fn latest(client: &CloudWatch) -> Result<Vec<Option<Datapoint>>, crate::ApiError> {
    let metrics = [lag("orders-2"), lag("orders-3")];
    client.latest(&metrics, at(NOW - 180), at(NOW)).await
}

#[tokio::test]
async fn the_newest_datapoint_of_each_metric_is_found_on_whatever_page_it_is() {
    let complete = StatusCode::Complete;
    let first = mock!(Client::get_metric_data)
        .match_requests(|request| request.next_token().is_none())
        .then_output(|| {
            let part = result("m1", StatusCode::PartialData, &[(120, 9.0)]);
            page(vec![part], Some("more"))
        });
    let second = mock!(Client::get_metric_data)
        .match_requests(|request| request.next_token() == Some("more"))
        .then_output(move || {
            let both = [
                result("m1", complete.clone(), &[(180, 8.0), (60, 21.5), (90, 7.0)]),
                result("m0", complete.clone(), &[]),
            ];
            page(both.into(), None)
        });
    let newest = Datapoint {
        at: at(NOW - 60),
        value: 21.5,
    };
    let found = latest(&cloudwatch([&first, &second])).await.unwrap();
    assert_eq!(found, [None, Some(newest)]);
}

#[tokio::test]
async fn each_reader_is_asked_for_by_its_instance_within_the_time_given() {
    let asks = |request: &GetMetricDataInput| {
        let queries = request.metric_data_queries().iter();
        let instances = queries.map(|query| {
            let stat = query.metric_stat()?;
            let metric = stat.metric()?;
            let dimension = metric.dimensions().first()?;
            let name = format!("{}/{}", metric.namespace()?, metric.metric_name()?);
            let thing = format!("{}={}", dimension.name()?, dimension.value()?);
            Some(format!(
                "{name} {thing} {} {}",
                stat.stat()?,
                stat.period()?
            ))
        });
        let instances: Option<Vec<String>> = instances.collect();
        let expected = ["orders-2", "orders-3"]
            .map(|id| format!("AWS/RDS/AuroraReplicaLag DBInstanceIdentifier={id} Maximum 60"));
        instances.is_some_and(|asked| asked == expected)
            && request.start_time() == Some(&DateTime::from_secs(NOW - 180))
            && request.end_time() == Some(&DateTime::from_secs(NOW))
    };
    let rule = mock!(Client::get_metric_data)
        .match_requests(asks)
        .then_output(|| page(Vec::new(), None));
    assert_eq!(latest(&cloudwatch([&rule])).await, Ok(vec![None, None]));
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn a_metric_that_was_not_read_is_an_error_not_a_metric_without_datapoints() {
    for (status, words) in [
        (StatusCode::InternalError, "InternalError"),
        (StatusCode::from("Forbidden"), "Forbidden"),
    ] {
        let rule = mock!(Client::get_metric_data).then_output(move || {
            let read = result("m0", StatusCode::Complete, &[(60, 1.0)]);
            page(vec![read, result("m1", status.clone(), &[])], None)
        });
        let error = latest(&cloudwatch([&rule])).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "GetMetricData of AuroraReplicaLag of orders-2, orders-3: no proper answer ({words})"
            )
        );
    }
}

#[tokio::test]
async fn a_role_without_the_permission_is_told_as_such() {
    let rule = mock!(Client::get_metric_data).then_error(|| {
        let denied = ErrorMetadata::builder()
            .code("AccessDenied")
            .message("User: run-job is not authorized to perform: cloudwatch:GetMetricData");
        GetMetricDataError::generic(denied.build())
    });
    let error = latest(&cloudwatch([&rule])).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Denied { .. }), "{error}");
    assert!(!error.retryable());
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_is_no_answer() {
    let rule = mock!(Client::get_metric_data).then_output(|| page(Vec::new(), Some("more")));
    let error = latest(&cloudwatch([&rule])).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Unavailable { .. }), "{error}");
}
