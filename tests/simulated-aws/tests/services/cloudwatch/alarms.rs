//! Putting, listing and deleting alarms.

use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, Dimension, StateValue};
use simulated_aws::cloudwatch::State;

use super::{Cloud, cpu};
use crate::{harness::World, refusals::code};

#[tokio::test(start_paused = true)]
async fn an_alarm_is_described_as_it_was_put() {
    let cloud = Cloud::plain();
    let db = Dimension::builder()
        .name("DBInstanceIdentifier")
        .value("db-1")
        .build();
    let topic = "arn:aws:sns:eu-central-1:123456789012:inbox";
    let put = cloud
        .alarm("cpu")
        .dimensions(db.clone())
        .alarm_actions(topic);
    put.treat_missing_data("ignore").send().await.unwrap();
    let shown = cloud.client.describe_alarms().send().await.unwrap();
    let [alarm] = shown.metric_alarms() else {
        panic!("{shown:?}")
    };
    assert_eq!(
        alarm.alarm_arn(),
        Some("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:cpu")
    );
    assert_eq!(alarm.threshold(), Some(80.0));
    assert_eq!(
        (alarm.period(), alarm.evaluation_periods()),
        (Some(300), Some(2))
    );
    assert_eq!(
        (alarm.dimensions(), alarm.alarm_actions()),
        (&[db][..], &[topic.to_owned()][..])
    );
    assert_eq!(alarm.state_value(), Some(&StateValue::InsufficientData));
    assert_eq!(alarm.actions_enabled(), Some(true));
    let began = cloud.world.now().as_second();
    assert_eq!(
        alarm
            .alarm_configuration_updated_timestamp()
            .unwrap()
            .secs(),
        began
    );

    // Put again: the state stays, the configuration is replaced as a whole.
    assert!(cloud.set("cpu", State::Ok));
    cloud.alarm("cpu").threshold(90.5).send().await.unwrap();
    let shown = cloud
        .client
        .describe_alarms()
        .alarm_names("cpu")
        .send()
        .await
        .unwrap();
    let alarm = &shown.metric_alarms()[0];
    assert_eq!(
        (alarm.threshold(), alarm.state_value()),
        (Some(90.5), Some(&StateValue::Ok))
    );
    assert_eq!(
        (alarm.alarm_actions().len(), alarm.treat_missing_data()),
        (0, None)
    );
}

#[tokio::test(start_paused = true)]
async fn alarms_that_make_no_sense_are_refused() {
    let cloud = Cloud::plain();
    let bad = [
        ("period", cloud.alarm("a").period(45)),
        (
            "span",
            cloud.alarm("a").period(3600).evaluation_periods(169),
        ),
        ("points", cloud.alarm("a").datapoints_to_alarm(3)),
        ("two", cloud.alarm("a").extended_statistic("p90")),
        ("threshold", cloud.alarm("a").set_threshold(None)),
        ("missing", cloud.alarm("a").treat_missing_data("never")),
        ("action", cloud.alarm("a").alarm_actions("inbox")),
        ("name", cloud.alarm(&"a".repeat(256))),
        ("control", cloud.alarm("a\n")),
        ("operator", cloud.alarm("a").set_comparison_operator(None)),
        ("math", cloud.alarm("a").metrics(cpu("m1", "Average", 60))),
    ];
    for (what, put) in bad {
        let error = put.send().await.unwrap_err();
        assert_eq!(code(&error), "ValidationError", "{what}");
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    }
    let math = cloud
        .client
        .put_metric_alarm()
        .alarm_name("math")
        .evaluation_periods(1);
    let math = math
        .comparison_operator(ComparisonOperator::LessThanThreshold)
        .threshold(1.0);
    math.clone()
        .metrics(cpu("m1", "Average", 60))
        .send()
        .await
        .unwrap();
    let error = math
        .metrics(cpu("M1", "Average", 60))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&error), "ValidationError");
}

#[tokio::test(start_paused = true)]
async fn the_quota_for_alarms_is_a_modelled_error() {
    let cloud = Cloud::plain();
    cloud
        .world
        .aws
        .with(|account, _| account.cloudwatch.most_alarms = 3);
    for n in 0..3 {
        cloud.alarm(&format!("a{n}")).send().await.unwrap();
    }
    let error = cloud.alarm("one more").send().await.unwrap_err();
    assert_eq!(code(&error), "LimitExceeded");
    assert!(error.into_service_error().is_limit_exceeded_fault());
    cloud.alarm("a1").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn alarms_are_listed_page_by_page_with_what_was_asked_for() {
    let cloud = Cloud::of(World::with(|whim| whim.largest_page = 2));
    for name in ["db-1", "db-2", "db-3", "web"] {
        cloud.alarm(name).send().await.unwrap();
    }
    cloud.set("db-2", State::Alarm);
    cloud
        .composite("db-any", "ALARM(db-1) OR ALARM(db-2)")
        .await
        .unwrap();
    let all = |list: aws_sdk_cloudwatch::operation::describe_alarms::builders::DescribeAlarmsFluentBuilder| async move {
        let pages = list.into_paginator().send().try_collect().await.unwrap();
        let mut names = Vec::new();
        for page in &pages {
            assert!(page.metric_alarms().len() + page.composite_alarms().len() <= 2);
            names.extend(page.metric_alarms().iter().filter_map(|alarm| alarm.alarm_name.clone()));
            names.extend(page.composite_alarms().iter().filter_map(|alarm| alarm.alarm_name.clone()));
        }
        names.join(" ")
    };
    let list = || cloud.client.describe_alarms();
    assert_eq!(all(list()).await, "db-1 db-2 db-3 web");
    assert_eq!(all(list().alarm_name_prefix("db-")).await, "db-1 db-2 db-3");
    assert_eq!(all(list().state_value(StateValue::Alarm)).await, "db-2");
    assert_eq!(
        all(list().alarm_names("web").alarm_names("none")).await,
        "web"
    );
    let composite = list().alarm_types(AlarmType::CompositeAlarm);
    assert_eq!(all(composite.clone()).await, "db-any");
    assert_eq!(
        all(composite.alarm_types(AlarmType::MetricAlarm)).await,
        "db-1 db-2 db-3 db-any web"
    );
    assert_eq!(
        all(list().children_of_alarm_name("db-any")).await,
        "db-1 db-2"
    );
    assert_eq!(all(list().parents_of_alarm_name("db-2")).await, "db-any");

    let error = list().next_token("2").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_next_token());
    let both = list()
        .alarm_name_prefix("a")
        .alarm_names("b")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&both), "ValidationError");
    let many = list()
        .set_alarm_names(Some(vec!["a".to_owned(); 101]))
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&many), "ValidationError");
}

#[tokio::test(start_paused = true)]
async fn alarms_are_deleted_unless_another_depends_on_them() {
    let cloud = Cloud::plain();
    cloud.alarm("a").send().await.unwrap();
    cloud.composite("low", "ALARM(a)").await.unwrap();
    cloud.composite("top", "ALARM(low)").await.unwrap();
    let delete = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        cloud
            .client
            .delete_alarms()
            .set_alarm_names(Some(names))
            .send()
    };
    for kept in [&["low"][..], &["a"], &["a", "top"], &["low", "top"]] {
        let error = delete(kept).await.unwrap_err();
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
        assert_eq!(code(&error), "ValidationError", "{kept:?}");
    }
    delete(&["top", "top", "none"]).await.unwrap();
    delete(&["low"]).await.unwrap();
    delete(&["a"]).await.unwrap();
    assert!(
        delete(&["low"])
            .await
            .unwrap_err()
            .into_service_error()
            .is_resource_not_found()
    );
}
