//! States of alarms and their history.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{AlarmType, HistoryItemType, ScanBy, StateValue},
};
use jiff::SignedDuration;
use simulated_aws::{Percent, cloudwatch::State};

use super::{Cloud, values};
use crate::{harness::World, refusals::code};

#[tokio::test(start_paused = true)]
async fn only_a_change_of_state_is_told() {
    let cloud = Cloud::plain();
    cloud.alarm("cpu").send().await.unwrap();
    assert!(cloud.set("cpu", State::Ok) && cloud.set("cpu", State::Ok));
    assert_eq!(cloud.changes(), ["cpu: INSUFFICIENT_DATA -> OK"]);
    assert!(!cloud.set("none", State::Ok));
    let set = cloud
        .client
        .set_alarm_state()
        .alarm_name("cpu")
        .state_value(StateValue::Alarm);
    let set = set.state_reason("too hot");
    set.clone()
        .state_reason_data("{\"a\": 1}")
        .send()
        .await
        .unwrap();
    assert_eq!(cloud.changes(), ["cpu: OK -> ALARM"]);
    let shown = cloud.client.describe_alarms().send().await.unwrap();
    assert_eq!(shown.metric_alarms()[0].state_reason(), Some("too hot"));
    assert_eq!(
        shown.metric_alarms()[0].state_reason_data(),
        Some("{\"a\": 1}")
    );

    let error = set.clone().state_reason_data("{").send().await.unwrap_err();
    assert_eq!(code(&error), "InvalidFormat");
    assert!(error.into_service_error().is_invalid_format_fault());
    let error = set.alarm_name("none").send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 404);
    assert!(error.into_service_error().is_resource_not_found());
}

#[tokio::test(start_paused = true)]
async fn a_composite_alarm_follows_its_children() {
    let cloud = Cloud::plain();
    cloud.alarm("a").send().await.unwrap();
    cloud.alarm("b").send().await.unwrap();
    cloud
        .composite("both", "ALARM(a) AND ALARM(\"b\")")
        .await
        .unwrap();
    cloud.composite("top", "ALARM(both)").await.unwrap();
    assert_eq!(
        cloud.changes(),
        [
            "both: INSUFFICIENT_DATA -> OK",
            "top: INSUFFICIENT_DATA -> OK"
        ]
    );
    cloud.set("a", State::Alarm);
    assert_eq!(cloud.changes(), ["a: INSUFFICIENT_DATA -> ALARM"]);
    cloud.set("b", State::Alarm);
    let expected = [
        "b: INSUFFICIENT_DATA -> ALARM",
        "both: OK -> ALARM",
        "top: OK -> ALARM",
    ];
    assert_eq!(cloud.changes(), expected);
    cloud.set("a", State::Ok);
    assert_eq!(
        cloud.changes(),
        ["a: ALARM -> OK", "both: ALARM -> OK", "top: ALARM -> OK"]
    );

    let at = cloud.world.now().strftime("%Y-%m-%dT%H:%M:%S%.3f+0000");
    let data = cloud.reason_data("both").await;
    let [child] = &data["triggeringAlarms"].as_array().unwrap()[..] else {
        panic!("{data}")
    };
    assert_eq!(
        child["arn"],
        "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a"
    );
    let state = serde_json::json!({"value": "OK", "timestamp": at.to_string()});
    assert_eq!(child["state"], state);

    for bad in ["ALARM(none)", "ALARM(a) AND", "a"] {
        assert_eq!(
            cloud.composite("bad", bad).await.unwrap_err(),
            "ValidationError"
        );
    }
    // A circle comes to rest.
    cloud
        .composite("both", "ALARM(a) OR NOT ALARM(top)")
        .await
        .unwrap();
    cloud.set("a", State::Alarm);
    assert!(cloud.changes().len() < 20);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_set_again_is_an_update_and_no_transition() {
    let cloud = Cloud::plain();
    cloud.alarm("cpu").send().await.unwrap();
    cloud.composite("any", "ALARM(cpu)").await.unwrap();
    let mut set = Vec::new();
    for name in ["cpu", "cpu", "any", "any"] {
        cloud.world.pass(SignedDuration::from_mins(5)).await;
        cloud.set(name, State::Alarm);
        set.push(Some(cloud.world.now().as_second()));
    }
    let list = cloud.client.describe_alarms();
    let list = list
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm);
    let shown = list.send().await.unwrap();
    let (cpu, any) = (&shown.metric_alarms()[0], &shown.composite_alarms()[0]);
    let second = |time: Option<&DateTime>| time.map(DateTime::secs);
    // The composite one follows at once, when its child changes.
    for (updated, transitioned, expected) in [
        (
            cpu.state_updated_timestamp(),
            cpu.state_transitioned_timestamp(),
            (set[1], set[0]),
        ),
        (
            any.state_updated_timestamp(),
            any.state_transitioned_timestamp(),
            (set[3], set[0]),
        ),
    ] {
        assert_eq!((second(updated), second(transitioned)), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_history_tells_what_happened_newest_first() {
    let cloud = Cloud::of(World::with(|whim| whim.largest_page = 2));
    cloud.alarm("cpu").send().await.unwrap();
    cloud.alarm("other").send().await.unwrap();
    for state in [State::Ok, State::Alarm, State::Ok] {
        cloud.world.pass(SignedDuration::from_mins(5)).await;
        cloud.set("cpu", state);
    }
    let history = || cloud.client.describe_alarm_history().alarm_name("cpu");
    let all = |history: aws_sdk_cloudwatch::operation::describe_alarm_history::builders::DescribeAlarmHistoryFluentBuilder| async move {
        let pages = history.into_paginator().send().try_collect().await.unwrap();
        let items = pages.into_iter().flat_map(|page| page.alarm_history_items.unwrap());
        items.map(|item| item.history_summary.unwrap()).collect::<Vec<_>>()
    };
    let expected = [
        "Alarm updated from ALARM to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm \"cpu\" created",
    ];
    assert_eq!(all(history()).await, expected);
    let ascending = history().scan_by(ScanBy::TimestampAscending);
    let states = ascending.history_item_type(HistoryItemType::StateUpdate);
    let states = states.start_date(cloud.ago(7));
    assert_eq!(all(states).await, [expected[1], expected[0]]);
    let error = history().next_token("x").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_next_token());
}

#[tokio::test(start_paused = true)]
async fn readers_may_see_an_alarm_and_a_data_point_late() {
    let cloud = Cloud::of(World::with(|whim| {
        whim.stale = Percent(50);
        whim.stale_up_to = SignedDuration::from_secs(30);
    }));
    cloud.alarm("cpu").send().await.unwrap();
    cloud.world.pass(SignedDuration::from_mins(5)).await;
    cloud.set("cpu", State::Alarm);
    (1..=30).for_each(|minutes| cloud.record(minutes, 1.0));
    let mut states = Vec::new();
    for _ in 0..40 {
        let shown = cloud.client.describe_alarms().send().await.unwrap();
        states.push(shown.metric_alarms()[0].state_value().unwrap().clone());
    }
    states.sort();
    states.dedup();
    assert_eq!(states, [StateValue::Alarm, StateValue::InsufficientData]);
    let early = values(&cloud.cpu("Sum", 60).await).len();
    assert!(early < 30, "{early}");
    cloud.world.pass(SignedDuration::from_secs(31)).await;
    assert_eq!(values(&cloud.cpu("Sum", 60).await).len(), 30);
}
