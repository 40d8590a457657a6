//! The alarms that ring, with what they watch.

use aws_sdk_cloudwatch::{
    operation::describe_alarms::{DescribeAlarmsError, DescribeAlarmsOutput},
    types::{
        AlarmType, ComparisonOperator, CompositeAlarm, Dimension, Metric as SdkMetric, MetricAlarm,
        MetricDataQuery, MetricStat, StateValue, Statistic, builders::MetricAlarmBuilder,
    },
};

use super::*;
use crate::{AlarmDetail, Series};

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:{name}")
}

/// An alarm that has rung for five minutes.
fn rings(name: &str) -> MetricAlarmBuilder {
    MetricAlarm::builder()
        .alarm_name(name)
        .alarm_arn(arn(name))
        .state_value(StateValue::Alarm)
        .state_transitioned_timestamp(DateTime::from_secs(NOW - 300))
        .state_updated_timestamp(DateTime::from_secs(NOW - 30))
}

fn dimension(name: &str, value: &str) -> Dimension {
    Dimension::builder().name(name).value(value).build()
}

fn series(name: &str, dimensions: &[(&str, &str)], statistic: &str) -> Series {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let metric = aurora_model::AlarmMetric {
        namespace: "AWS/RDS".to_owned(),
        name: name.to_owned(),
        dimensions: dimensions.iter().map(owned).collect(),
    };
    Series {
        statistic: statistic.to_owned(),
        ..Series::of(metric)
    }
}

fn described(
    metric: Vec<MetricAlarmBuilder>,
    composite: Option<CompositeAlarm>,
) -> DescribeAlarmsOutput {
    let metric = metric.into_iter().map(MetricAlarmBuilder::build).collect();
    DescribeAlarmsOutput::builder()
        .set_metric_alarms(Some(metric))
        .set_composite_alarms(Some(composite.into_iter().collect()))
        .build()
}

async fn ringing(
    metric: Vec<MetricAlarmBuilder>,
    composite: Option<CompositeAlarm>,
) -> Result<Vec<AlarmDetail>, crate::ApiError> {
    let answer = described(metric, composite);
    let rule = mock!(Client::describe_alarms)
        .match_requests(|request| {
            request.state_value() == Some(&StateValue::Alarm)
                && request.alarm_types() == [AlarmType::MetricAlarm, AlarmType::CompositeAlarm]
        })
        .then_output(move || answer.clone());
    cloudwatch([&rule]).ringing().await
}

#[tokio::test]
async fn an_alarm_says_since_when_why_and_what_it_watches() {
    let alarm = rings("orders-cpu")
        .alarm_description("The writer is busy.")
        .state_reason("Threshold Crossed: 2 datapoints were greater than 80.")
        .namespace("AWS/RDS")
        .metric_name("CPUUtilization")
        .dimensions(dimension("Role", "WRITER"))
        .dimensions(dimension("DBClusterIdentifier", "orders"))
        .statistic(Statistic::Maximum)
        .comparison_operator(ComparisonOperator::LessThanThreshold)
        .threshold(80.0);
    let dimensions = [("DBClusterIdentifier", "orders"), ("Role", "WRITER")];
    let expected = AlarmDetail {
        name: "orders-cpu".into(),
        arn: arn("orders-cpu"),
        since: at(NOW - 300),
        reason: "Threshold Crossed: 2 datapoints were greater than 80.".into(),
        description: Some("The writer is busy.".into()),
        series: vec![series("CPUUtilization", &dimensions, "Maximum")],
        threshold: Some(80.0),
        math: false,
        comparison: Some("LessThanThreshold".into()),
        rule: None,
        children: Vec::new(),
    };
    let read = ringing(vec![alarm], None).await.unwrap();
    assert_eq!(read[0].metrics(), [read[0].series[0].metric.clone()]);
    assert_eq!(read, [expected]);
}

#[tokio::test]
async fn a_percentile_is_a_statistic_too_and_no_dimension_is_a_metric_of_its_own() {
    let alarm = |name| {
        rings(name)
            .namespace("AWS/RDS")
            .metric_name("ReadLatency")
            .alarm_description("")
    };
    let alarms = vec![alarm("p99").extended_statistic("p99.9"), alarm("none")];
    let read = ringing(alarms, None).await.unwrap();
    assert_eq!(read[0].series, [series("ReadLatency", &[], "p99.9")]);
    assert_eq!(read[1].series, [series("ReadLatency", &[], "Average")]);
    assert_eq!((&read[0].description, &*read[0].reason), (&None, ""));
}

/// One query for each metric, one for the expression; a band has no threshold.
#[tokio::test]
async fn metric_math_watches_each_metric_of_its_expressions() {
    let of = |name: &str, instance: &str, statistic: &str| {
        let metric = SdkMetric::builder()
            .namespace("AWS/RDS")
            .metric_name(name)
            .dimensions(dimension("DBInstanceIdentifier", instance));
        let stat = MetricStat::builder().metric(metric.build()).stat(statistic);
        let query = MetricDataQuery::builder().return_data(false);
        query.metric_stat(stat.period(60).build()).build()
    };
    let expression = MetricDataQuery::builder().expression("100 * m1 / m2");
    let alarm = rings("connections")
        .metrics(expression.return_data(true).build())
        .metrics(of("DatabaseConnections", "orders-1", "Maximum"))
        .metrics(of("AuroraReplicaLag", "orders-2", "Average"))
        .threshold_metric_id("band");
    let read = ringing(vec![alarm], None).await.unwrap();
    let first = [("DBInstanceIdentifier", "orders-1")];
    let second = [("DBInstanceIdentifier", "orders-2")];
    let watched = [
        series("DatabaseConnections", &first, "Maximum"),
        series("AuroraReplicaLag", &second, "Average"),
    ];
    assert_eq!(read[0].series, watched);
    assert_eq!((read[0].threshold, read[0].math), (None, true));
}

fn composite(reason_data: Option<&str>) -> CompositeAlarm {
    CompositeAlarm::builder()
        .alarm_name("orders-trouble")
        .alarm_arn(arn("orders-trouble"))
        .alarm_rule("ALARM(orders-cpu) OR ALARM(orders-lag)")
        .state_value(StateValue::Alarm)
        .state_updated_timestamp(DateTime::from_secs(NOW - 60))
        .set_state_reason_data(reason_data.map(str::to_owned))
        .build()
}

#[tokio::test]
async fn a_composite_alarm_names_its_rule_and_the_children_that_set_it_off() {
    let child = |name: &str, state: &str| {
        let arn = arn(name);
        format!(
            r#"{{"arn":"{arn}","state":{{"value":"{state}","timestamp":"2026-11-22T01:59:00.000+0000"}}}}"#
        )
    };
    let children = [
        child("orders-cpu", "ALARM"),
        child("orders-idle", "OK"),
        child("a:alarm:b", "ALARM"),
    ];
    let data = format!(r#"{{"triggeringAlarms":[{}]}}"#, children.join(","));
    let read = ringing(Vec::new(), Some(composite(Some(&data))));
    let [alarm] = &read.await.unwrap()[..] else {
        panic!("one alarm")
    };
    assert_eq!(alarm.children, ["orders-cpu", "a:alarm:b"]);
    let rule = "ALARM(orders-cpu) OR ALARM(orders-lag)";
    assert_eq!(alarm.rule.as_deref(), Some(rule));
    assert_eq!((alarm.since, &alarm.series[..]), (at(NOW - 60), &[][..]));
}

/// `SetAlarmState` takes any JSON.
#[tokio::test]
async fn a_state_that_was_set_by_hand_names_no_children() {
    for data in [
        None,
        Some("{"),
        Some("[1]"),
        Some(r#"{"triggeringAlarms": 1}"#),
        Some(r#"{"triggeringAlarms": [{"arn": "orders-cpu", "state": {"value": "ALARM"}}, 7]}"#),
    ] {
        let read = ringing(Vec::new(), Some(composite(data))).await.unwrap();
        assert_eq!(read[0].children, [""; 0], "{data:?}");
    }
}

#[tokio::test]
async fn an_alarm_whose_name_arn_or_state_is_not_known_is_an_error() {
    let nameless = rings("").set_alarm_name(None);
    let arnless = rings("orders-cpu").set_alarm_arn(None);
    let stateless = rings("orders-cpu").set_state_value(None);
    let timeless = rings("orders-cpu")
        .set_state_transitioned_timestamp(None)
        .set_state_updated_timestamp(None);
    for (alarm, missing) in [
        (
            nameless,
            "of : no proper answer (an alarm without a name or an ARN)",
        ),
        (
            arnless,
            "of orders-cpu: no proper answer (an alarm without a name or an ARN)",
        ),
        (
            stateless,
            "of orders-cpu: no proper answer (an alarm without a state)",
        ),
        (
            timeless,
            "of orders-cpu: no proper answer (an alarm without a state)",
        ),
    ] {
        let error = ringing(vec![alarm], None).await.unwrap_err();
        assert_eq!(error.to_string(), format!("DescribeAlarms {missing}"));
    }
}

#[tokio::test]
async fn all_pages_are_read_and_one_that_cannot_be_is_an_error() {
    let first = mock!(Client::describe_alarms)
        .match_requests(|request| request.next_token().is_none())
        .then_output(|| {
            DescribeAlarmsOutput::builder()
                .metric_alarms(rings("orders-cpu").build())
                .next_token("more")
                .build()
        });
    let more = || {
        mock!(Client::describe_alarms)
            .match_requests(|request| request.next_token() == Some("more"))
    };
    let second = more().then_output(|| described(Vec::new(), Some(composite(None))));
    let read = cloudwatch([&first, &second]).ringing().await.unwrap();
    let names: Vec<&str> = read.iter().map(|alarm| &*alarm.name).collect();
    assert_eq!(names, ["orders-cpu", "orders-trouble"]);

    let throttled = more().then_error(|| {
        let rate = ErrorMetadata::builder().code("Throttling");
        DescribeAlarmsError::generic(rate.message("Rate exceeded").build())
    });
    let error = cloudwatch([&first, &throttled]).ringing().await;
    insta::assert_snapshot!(error.unwrap_err(), @"DescribeAlarms of all alarms that ring: throttled (Throttling); the next run tries again");
}
