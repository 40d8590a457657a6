//! What the functions read of alarms and metrics, from the local CloudWatch and from the simulated one:
//! both are told the same, and both must give it back alike.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

use std::sync::Arc;

use aurora_model::{AlarmMetric, Span};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatch::{
    Client,
    config::{Credentials, SharedCredentialsProvider},
    operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder,
    primitives::DateTime,
    types::{
        ComparisonOperator, Dimension, Metric, MetricDataQuery, MetricDatum, MetricStat,
        StateValue, Statistic,
    },
};
use cloudwatch::{AlarmDetail, CloudWatch, Series};
use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    cloud::Cloud,
    lambda::{ACCOUNT, REGION},
    payload::now,
    rotation::Unseen,
};
use simulated_aws::{Account, Aws, Faults, Place, SimulatedTime, Whim};

fn config() -> SdkConfig {
    let key = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(key))
        .build()
}

fn simulated() -> SdkConfig {
    let place = Place {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
    };
    let account = Account::new(place, Whim::plain(1));
    let time = SimulatedTime::from(now());
    let aws = Aws::new(account, Faults::none(1), time, Arc::new(Unseen));
    config()
        .into_builder()
        .http_client(aws.client(Arc::default()))
        .build()
}

async fn local(cloud: &Cloud) -> SdkConfig {
    let address = cloud.ministack().await.address();
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = config().into_builder().http_client(http);
    config.endpoint_url(format!("http://{address}")).build()
}

fn pair((name, value): (&str, &str)) -> Dimension {
    Dimension::builder().name(name).value(value).build()
}

const WRITER: [(&str, &str); 2] = [("DBClusterIdentifier", "orders"), ("Role", "WRITER")];

fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> AlarmMetric {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    AlarmMetric {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions.iter().map(owned).collect(),
    }
}

fn series(metric: AlarmMetric, statistic: &str) -> Series {
    Series {
        statistic: statistic.to_owned(),
        ..Series::of(metric)
    }
}

fn alarm(client: &Client, name: &str) -> PutMetricAlarmFluentBuilder {
    let put = client.put_metric_alarm().alarm_name(name).threshold(80.0);
    let put = put.comparison_operator(ComparisonOperator::GreaterThanThreshold);
    put.evaluation_periods(2)
}

fn on_cpu(put: PutMetricAlarmFluentBuilder) -> PutMetricAlarmFluentBuilder {
    put.namespace("AWS/RDS")
        .metric_name("CPUUtilization")
        .set_dimensions(Some(WRITER.map(pair).into()))
        .statistic(Statistic::Maximum)
        .period(300)
}

/// How many percent of 1,000 connections are used.
fn on_connections(put: PutMetricAlarmFluentBuilder) -> PutMetricAlarmFluentBuilder {
    let metric = Metric::builder()
        .namespace("AWS/RDS")
        .metric_name("DatabaseConnections")
        .set_dimensions(Some(WRITER.map(pair).into()));
    let stat = MetricStat::builder().metric(metric.build()).stat("Maximum");
    let part = MetricDataQuery::builder().id("m").return_data(false);
    let percent = MetricDataQuery::builder()
        .id("p")
        .expression("100 * m / 1000");
    put.metrics(part.metric_stat(stat.period(60).build()).build())
        .metrics(percent.build())
}

async fn set(client: &Client, name: &str, state: StateValue) {
    let call = client.set_alarm_state().alarm_name(name).state_value(state);
    call.state_reason("by the test").send().await.unwrap();
}

async fn set_up(client: &Client) {
    let cpu = on_cpu(alarm(client, "orders-cpu")).alarm_description("The writer is busy.");
    cpu.send().await.unwrap();
    let idle = on_cpu(alarm(client, "orders-idle"));
    idle.send().await.unwrap();
    let connections = on_connections(alarm(client, "orders-connections"));
    connections.send().await.unwrap();
    let trouble = client.put_composite_alarm().alarm_name("orders-trouble");
    let trouble = trouble.alarm_rule("ALARM(orders-cpu) OR ALARM(orders-idle)");
    trouble.send().await.unwrap();
    set(client, "orders-idle", StateValue::Ok).await;
    set(client, "orders-connections", StateValue::Alarm).await;
    set(client, "orders-cpu", StateValue::Alarm).await;
}

fn expected(found: &[AlarmDetail]) -> Vec<AlarmDetail> {
    let blank = |name: &str, of: &AlarmDetail| AlarmDetail {
        name: name.to_owned(),
        arn: format!("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"),
        since: of.since,
        reason: "by the test".to_owned(),
        description: None,
        series: Vec::new(),
        threshold: Some(80.0),
        math: false,
        comparison: Some("GreaterThanThreshold".to_owned()),
        rule: None,
        children: Vec::new(),
    };
    let [connections, cpu, trouble] = found else {
        panic!("other alarms ring: {found:?}")
    };
    let rds = |name| metric("AWS/RDS", name, &WRITER);
    vec![
        AlarmDetail {
            series: vec![series(rds("DatabaseConnections"), "Maximum")],
            math: true,
            ..blank("orders-connections", connections)
        },
        AlarmDetail {
            description: Some("The writer is busy.".to_owned()),
            series: vec![series(rds("CPUUtilization"), "Maximum")],
            ..blank("orders-cpu", cpu)
        },
        AlarmDetail {
            reason: trouble.reason.clone(),
            threshold: None,
            comparison: None,
            rule: Some("ALARM(orders-cpu) OR ALARM(orders-idle)".to_owned()),
            children: vec!["orders-cpu".to_owned()],
            ..blank("orders-trouble", trouble)
        },
    ]
}

async fn alarms_that_ring(config: &SdkConfig) {
    let (client, ours) = (Client::new(config), CloudWatch::new(config));
    assert_eq!(ours.ringing().await, Ok(Vec::new()));
    set_up(&client).await;
    let mut found = ours.ringing().await.unwrap();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    for alarm in &found {
        let since = now().duration_since(alarm.since).as_secs();
        assert!((-2..60).contains(&since), "{alarm:?}");
    }
    assert_eq!(found, expected(&found));

    set(&client, "orders-cpu", StateValue::Ok).await;
    let found = ours.ringing().await.unwrap();
    let names: Vec<&str> = found.iter().map(|alarm| &*alarm.name).collect();
    assert_eq!(names, ["orders-connections"]);
}

/// The beginning of the last whole step of five minutes.
fn origin() -> Timestamp {
    let second = now().as_second();
    Timestamp::from_second(second - second.rem_euclid(300)).unwrap()
}

fn ago(minutes: i64) -> Timestamp {
    origin() - SignedDuration::from_mins(minutes)
}

async fn put(client: &Client, name: &str, dimensions: &[(&str, &str)], data: &[(i64, f64)]) {
    let datum = |(minutes, value): &(i64, f64)| {
        let dimensions = dimensions.iter().copied().map(pair).collect();
        MetricDatum::builder()
            .metric_name(name)
            .set_dimensions(Some(dimensions))
            .timestamp(DateTime::from_secs(ago(*minutes).as_second()))
            .value(*value)
            .build()
    };
    let data = data.iter().map(datum).collect();
    let call = client.put_metric_data().namespace("Night");
    call.set_metric_data(Some(data)).send().await.unwrap();
}

async fn metrics_over_time(config: &SdkConfig) {
    let (client, ours) = (Client::new(config), CloudWatch::new(config));
    let cpu = [(58, 10.0), (56, 30.0), (30, 90.0), (28, 70.0), (27, 80.0)];
    put(&client, "Cpu", &WRITER, &cpu).await;
    put(&client, "Cpu", &WRITER[..1], &[(30, 1.0)]).await;
    put(&client, "Deadlocks", &WRITER[..1], &[(65, 9.0), (10, 3.0)]).await;
    let of = |name, dimensions| metric("Night", name, dimensions);
    let asked = [
        series(of("Cpu", &WRITER), "Average"),
        series(of("Cpu", &WRITER), "Maximum"),
        series(of("Deadlocks", &WRITER[..1]), "Sum"),
        series(of("Nothing", &WRITER), "Average"),
    ];
    let from = ago(60) + SignedDuration::from_secs(100);
    let step = Span::seconds(300);
    let found = ours.history(&asked, from, ago(0), step).await.unwrap();
    let expected = [
        vec![(ago(60), 20.0), (ago(30), 80.0)],
        vec![(ago(60), 30.0), (ago(30), 90.0)],
        vec![(ago(10), 3.0)],
        vec![],
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_simulated_cloudwatch_tells_which_alarms_ring_and_how_metrics_went() {
    alarms_that_ring(&simulated()).await;
    metrics_over_time(&simulated()).await;
}

#[tokio::test]
async fn the_local_cloudwatch_tells_which_alarms_ring_and_how_metrics_went() {
    let cloud = Cloud::start().await;
    let config = local(&cloud).await;
    alarms_that_ring(&config).await;
    metrics_over_time(&config).await;
}
