//! What is no trigger gives one clear error that names the field.

use super::*;

/// `payload` with `value` at `pointer`; without the field when there is no value.
fn error(mut payload: Value, pointer: &str, value: Option<Value>) -> String {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = payload
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    match value {
        Some(value) => drop(parent.insert(field.into(), value)),
        None => drop(parent.remove(field)),
    }
    parse(&payload, now()).unwrap_err().to_string()
}

fn without(payload: Value, pointer: &str) -> String {
    error(payload, pointer, None)
}

fn with(payload: Value, pointer: &str, value: Value) -> String {
    error(payload, pointer, Some(value))
}

#[test]
fn not_even_an_object() {
    insta::assert_snapshot!(parse(&json!("nightly"), now()).unwrap_err(), @r#"payload: expected an object with "policy" and "event""#);
    insta::assert_snapshot!(parse(&json!([]), now()).unwrap_err(), @r#"payload: expected an object with "policy" and "event""#);
    insta::assert_snapshot!(parse(&Value::Null, now()).unwrap_err(), @r#"payload: expected an object with "policy" and "event""#);
    insta::assert_snapshot!(parse(&json!({}), now()).unwrap_err(), @"payload: expected an EventBridge event, a Scheduler event with scheduled_time, a CloudWatch alarm, an alarm in SNS, an on-failure record or a step of a rotation");
}

#[test]
fn a_wrong_envelope() {
    insta::assert_snapshot!(without(scheduled(), "/event"), @"event: is missing; it says when and by what the function was woken");
    insta::assert_snapshot!(with(scheduled(), "/tick", json!("yes")), @r#"tick: expected true or false, got "yes""#);
    insta::assert_snapshot!(with(scheduled(), "/polcy", json!({})), @"polcy: unknown field; the envelope has policy, event and tick");
    insta::assert_snapshot!(with(scheduled(), "/event", json!("now")), @"event: expected an EventBridge event, a Scheduler event with scheduled_time, a CloudWatch alarm, an alarm in SNS, an on-failure record or a step of a rotation");
    insta::assert_snapshot!(with(scheduled(), "/event", json!({})), @"event: expected an EventBridge event, a Scheduler event with scheduled_time, a CloudWatch alarm, an alarm in SNS, an on-failure record or a step of a rotation");
}

#[test]
fn a_wrong_schedule() {
    insta::assert_snapshot!(without(scheduled(), "/event/schedule_arn"), @"event: schedule_arn is missing");
    insta::assert_snapshot!(with(scheduled(), "/event/scheduled_time", json!(1_763_690_400)), @"event.scheduled_time: expected a text, got 1763690400");
    insta::assert_snapshot!(with(scheduled(), "/event/scheduled_time", json!("02:00")), @r#"event.scheduled_time: expected a time such as 2026-11-21T02:00:00Z, got "02:00""#);
    insta::assert_snapshot!(with(scheduled(), "/event/time_zone", json!("UTC")), @"event.time_zone: unknown field time_zone; known here: scheduled_time, schedule_arn, execution_id, attempt_number");
    // Context attributes that Scheduler did not fill in: the payload was sent by hand.
    insta::assert_snapshot!(with(scheduled(), "/event/scheduled_time", json!("<aws.scheduler.scheduled-time>")), @r#"event.scheduled_time: expected a time such as 2026-11-21T02:00:00Z, got "<aws.scheduler.scheduled-time>""#);
}

#[test]
fn a_wrong_event() {
    insta::assert_snapshot!(without(scheduled_event(), "/time"), @"payload: time is missing");
    insta::assert_snapshot!(with(scheduled_event(), "/source", json!("aws.s3")), @r#"payload.detail-type: expected a scheduled, RDS or alarm event, got "Scheduled Event" from "aws.s3""#);
    insta::assert_snapshot!(with(scheduled_event(), "/detail-type", json!("Object Created")), @r#"payload.detail-type: expected a scheduled, RDS or alarm event, got "Object Created" from "aws.events""#);
    insta::assert_snapshot!(without(rds_event(), "/detail/SourceIdentifier"), @"payload.detail: SourceIdentifier is missing");
    insta::assert_snapshot!(with(rds_event(), "/detail/EventCategories", json!("backup")), @r#"payload.detail.EventCategories: expected a list, got "backup""#);
    insta::assert_snapshot!(without(api_call(), "/detail/userIdentity"), @"payload.detail: userIdentity is missing");
    insta::assert_snapshot!(with(api_call(), "/detail/eventName", json!(7)), @"payload.detail.eventName: expected a text, got 7");
}

#[test]
fn a_wrong_record() {
    insta::assert_snapshot!(without(on_failure(), "/timestamp"), @"payload: timestamp is missing");
    insta::assert_snapshot!(without(on_failure(), "/requestContext/condition"), @"payload.requestContext: condition is missing");
    insta::assert_snapshot!(with(on_failure(), "/requestContext/approximateInvokeCount", json!(-1)), @"payload.requestContext.approximateInvokeCount: expected a whole number of at least 0, got -1");
    insta::assert_snapshot!(with(on_failure(), "/responseContext", json!(200)), @"payload.responseContext: expected an object, got 200");
}

#[test]
fn a_trigger_a_function_does_not_know() {
    let trigger = parsed(&rds_event()).trigger;
    insta::assert_snapshot!(trigger.unexpected("a schedule"), @"event: expected a schedule, got rds-event");
}

#[test]
fn a_trigger_from_the_future() {
    let error = TriggerError::in_the_future(at("2027-01-01T00:00:00Z"), at("2026-11-21T02:00:00Z"));
    insta::assert_snapshot!(error, @"the trigger's time: 2027-01-01T00:00:00Z is in the future; now it is 2026-11-21T02:00:00Z");
}
