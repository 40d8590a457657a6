//! Alarms, as they stand now.

use aurora_model::AlarmState;
use aws_sdk_cloudwatch::{
    operation::describe_alarms::{DescribeAlarmsError, DescribeAlarmsOutput},
    types::{AlarmType, CompositeAlarm, MetricAlarm, StateValue},
};

use super::*;
use crate::AlarmNow;

/// An alarm that has been in `state` since `changed` seconds before now, if it ever changed, and whose
/// reason is from 30 seconds ago.
fn metric(name: &str, state: Option<StateValue>, changed: Option<i64>) -> MetricAlarm {
    MetricAlarm::builder()
        .alarm_name(name)
        .set_state_value(state)
        .set_state_transitioned_timestamp(changed.map(before))
        .state_updated_timestamp(before(30))
        .build()
}

fn composite(name: &str, state: StateValue, changed: Option<i64>) -> CompositeAlarm {
    CompositeAlarm::builder()
        .alarm_name(name)
        .state_value(state)
        .set_state_transitioned_timestamp(changed.map(before))
        .state_updated_timestamp(before(30))
        .build()
}

fn before(seconds: i64) -> DateTime {
    DateTime::from_secs(NOW - seconds)
}

fn described(metric: Vec<MetricAlarm>, composite: Vec<CompositeAlarm>) -> DescribeAlarmsOutput {
    DescribeAlarmsOutput::builder()
        .set_metric_alarms(Some(metric))
        .set_composite_alarms(Some(composite))
        .build()
}

fn standing(name: &str, state: AlarmState, seconds: i64) -> AlarmNow {
    AlarmNow {
        name: name.into(),
        state,
        since: at(NOW - seconds),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn metric_and_composite_alarms_are_read_and_one_that_there_is_not_is_left_out() {
    let asked = ["busy", "trouble", "idle", "gone"];
    let rule = mock!(Client::describe_alarms)
        .match_requests(move |request| {
            request.alarm_names() == asked
                && request.alarm_types() == [AlarmType::MetricAlarm, AlarmType::CompositeAlarm]
        })
        .then_output(|| {
            let insufficient = Some(StateValue::InsufficientData);
            described(
                vec![
                    metric("busy", Some(StateValue::Alarm), Some(300)),
                    metric("idle", insufficient, Some(86_400)),
                ],
                vec![composite("trouble", StateValue::Ok, Some(600))],
            )
        });
    let read = cloudwatch([&rule]).alarms(&names(&asked)).await;
    assert_eq!(
        read,
        Ok(vec![
            standing("busy", AlarmState::Alarm, 300),
            standing("idle", AlarmState::InsufficientData, 86_400),
            standing("trouble", AlarmState::Ok, 600),
        ])
    );
}

/// `StateUpdatedTimestamp` moves when only the reason changes.
#[tokio::test]
async fn since_when_is_when_the_state_changed_or_else_when_it_was_set() {
    let rule = mock!(Client::describe_alarms).then_output(|| {
        described(
            vec![
                metric("changed", Some(StateValue::Alarm), Some(300)),
                metric("never changed", Some(StateValue::Alarm), None),
            ],
            vec![
                composite("changed too", StateValue::Alarm, Some(400)),
                composite("never either", StateValue::Alarm, None),
            ],
        )
    });
    let read = cloudwatch([&rule]).alarms(&names(&["any"])).await.unwrap();
    let since: Vec<Timestamp> = read.iter().map(|alarm| alarm.since).collect();
    assert_eq!(since, [300, 30, 400, 30].map(|seconds| at(NOW - seconds)));
}

#[tokio::test]
async fn an_alarm_whose_state_or_its_time_is_not_known_is_an_error() {
    let timeless = MetricAlarm::builder().alarm_name("busy");
    let timeless = timeless.state_value(StateValue::Alarm).build();
    for alarm in [
        metric("busy", None, Some(300)),
        metric("busy", Some(StateValue::from("PANIC")), Some(300)),
        timeless,
    ] {
        let rule = mock!(Client::describe_alarms)
            .then_output(move || described(vec![alarm.clone()], Vec::new()));
        let error = cloudwatch([&rule]).alarms(&names(&["busy"])).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(error.as_ref().unwrap_err(), @"DescribeAlarms of busy: no proper answer (an alarm without a state)");
        }
    }
}

/// A call without names would be answered with every alarm of the account.
#[tokio::test]
async fn without_names_nothing_is_asked() {
    let rule = mock!(Client::describe_alarms).then_output(|| {
        described(
            vec![metric("theirs", Some(StateValue::Alarm), None)],
            vec![],
        )
    });
    assert_eq!(cloudwatch([&rule]).alarms(&[]).await, Ok(Vec::new()));
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn more_than_a_hundred_names_take_more_than_one_call() {
    let asked: Vec<String> = (0..250).map(|number| format!("alarm-{number}")).collect();
    let rules: Vec<Rule> = asked.chunks(100).map(answered).collect();
    let read = cloudwatch(&rules).alarms(&asked).await.unwrap();
    let read: Vec<&String> = read.iter().map(|alarm| &alarm.name).collect();
    assert!(read.into_iter().eq(&asked));
    assert!(rules.iter().all(|rule| rule.num_calls() == 1));
}

/// The answer to a call for these names, in which each stands at `OK`.
fn answered(names: &[String]) -> Rule {
    let (names, asked) = (names.to_vec(), names.to_vec());
    mock!(Client::describe_alarms)
        .match_requests(move |request| request.alarm_names() == asked)
        .then_output(move || {
            let ok = |name: &String| metric(name, Some(StateValue::Ok), None);
            described(names.iter().map(ok).collect(), Vec::new())
        })
}

#[tokio::test]
async fn all_pages_are_read_and_one_that_cannot_be_is_an_error() {
    let first = || {
        mock!(Client::describe_alarms)
            .match_requests(|request| request.next_token().is_none())
            .then_output(|| {
                let busy = metric("busy", Some(StateValue::Alarm), Some(300));
                DescribeAlarmsOutput::builder()
                    .metric_alarms(busy)
                    .next_token("more")
                    .build()
            })
    };
    let second = mock!(Client::describe_alarms)
        .match_requests(|request| request.next_token() == Some("more"))
        .then_output(|| {
            described(
                vec![],
                vec![composite("trouble", StateValue::Ok, Some(600))],
            )
        });
    let asked = names(&["busy", "trouble"]);
    let read = cloudwatch([&first(), &second]).alarms(&asked).await;
    let both = [
        standing("busy", AlarmState::Alarm, 300),
        standing("trouble", AlarmState::Ok, 600),
    ];
    assert_eq!(read, Ok(both.into()));

    let throttled = mock!(Client::describe_alarms)
        .match_requests(|request| request.next_token() == Some("more"))
        .then_error(|| {
            let rate = ErrorMetadata::builder().code("Throttling");
            DescribeAlarmsError::generic(rate.message("Rate exceeded").build())
        });
    let error = cloudwatch([&first(), &throttled]).alarms(&asked).await;
    insta::assert_snapshot!(error.unwrap_err(), @"DescribeAlarms of busy, trouble: throttled (Throttling); the next run tries again");
}
