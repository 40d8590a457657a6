//! What is read of schedules.

use aws_sdk_scheduler::Client;
use aws_smithy_mocks::mock;

use super::*;
use crate::{Listed, State};

#[tokio::test]
async fn a_schedule_is_read_whole() {
    let rule = mock!(Client::get_schedule)
        .match_requests(|request| {
            request.group_name() == Some("jobs") && request.name() == Some("purge-logs")
        })
        .then_http_response(|| response(200, &purge_logs("DISABLED")));
    let read = scheduler([&rule]).schedule(&name("jobs/purge-logs")).await;
    let schedule = read.unwrap().unwrap();
    assert_eq!(schedule.state, State::Disabled);
    assert_eq!(schedule.expression, "cron(0 3 * * ? *)");
    assert_eq!(schedule.zone, "Europe/Berlin");
    assert_eq!(schedule.starts.unwrap().to_string(), "2020-01-01T03:00:00Z");
    assert_eq!(schedule.ends.unwrap().to_string(), "2030-01-01T00:00:00Z");
    assert!(schedule.target.ends_with(":function:nightshift-run-job"));
    assert_eq!(schedule.input.as_deref(), Some("{\"policy\": {}}"));
}

#[tokio::test]
async fn a_schedule_that_is_not_there_is_none_and_a_refusal_is_an_error() {
    let gone = mock!(Client::get_schedule)
        .then_http_response(|| refused(404, "ResourceNotFoundException", "gone"));
    assert_eq!(scheduler([&gone]).schedule(&name("a")).await, Ok(None));
    let denied = mock!(Client::get_schedule)
        .then_http_response(|| refused(403, "AccessDeniedException", "no rights"));
    let error = scheduler([&denied]).schedule(&name("a")).await.unwrap_err();
    insta::assert_snapshot!(error, @"GetSchedule of a: not allowed (no rights); allow the call in the function's role");
    assert!(!error.retryable());
}

fn summary(name: &str, state: &str) -> Value {
    json!({"GroupName": "jobs", "Name": name, "State": state, "Target": {"Arn": "arn:aws:lambda:r:1:function:f"}})
}

#[tokio::test]
async fn all_pages_are_read_and_a_lost_page_is_an_error() {
    let first = mock!(Client::list_schedules)
        .match_requests(|request| request.next_token().is_none())
        .then_http_response(|| {
            response(
                200,
                &json!({"Schedules": [summary("a", "ENABLED")], "NextToken": "t"}),
            )
        });
    let second = mock!(Client::list_schedules)
        .match_requests(|request| request.next_token() == Some("t"))
        .then_http_response(|| response(200, &json!({"Schedules": [summary("b", "DISABLED")]})));
    let listed = |name: &str, state| Listed {
        name: ScheduleName {
            group: "jobs".into(),
            name: name.into(),
        },
        state,
        target: "arn:aws:lambda:r:1:function:f".into(),
    };
    assert_eq!(
        scheduler([&first, &second]).all().await,
        Ok(vec![
            listed("a", State::Enabled),
            listed("b", State::Disabled)
        ])
    );
    let lost = mock!(Client::list_schedules)
        .match_requests(|request| request.next_token() == Some("t"))
        .then_http_response(|| refused(503, "InternalServerException", "later"));
    let error = scheduler([&first, &lost]).all().await.unwrap_err();
    insta::assert_snapshot!(error, @"ListSchedules of all schedules: no proper answer (HTTP 503 InternalServerException)");
}
