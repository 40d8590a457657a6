//! Changing a schedule's state.

use aws_sdk_scheduler::{Client, types::ScheduleState};
use aws_smithy_mocks::{Rule, mock};
use jiff::Timestamp;

use super::*;
use crate::{Changed, Schedule, State, WriteError};

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn shows(state: &'static str) -> Rule {
    mock!(Client::get_schedule).then_http_response(move || response(200, &purge_logs(state)))
}

async fn read(state: &'static str) -> Schedule {
    let rule = shows(state);
    let read = scheduler([&rule]).schedule(&name("jobs/purge-logs")).await;
    read.unwrap().unwrap()
}

fn took() -> HttpResponse {
    response(200, &json!({"ScheduleArn": "arn"}))
}

#[tokio::test]
async fn everything_but_the_state_and_a_start_in_the_past_is_put_back() {
    let rule = mock!(Client::update_schedule)
        .match_requests(|request| {
            let target = request.target().unwrap();
            let retry = target.retry_policy().unwrap();
            let window = request.flexible_time_window().unwrap();
            request.state() == Some(&ScheduleState::Enabled)
                && request.group_name() == Some("jobs")
                && request.name() == Some("purge-logs")
                && request.schedule_expression() == Some("cron(0 3 * * ? *)")
                && request.schedule_expression_timezone() == Some("Europe/Berlin")
                && request.start_date().is_none()
                && request.end_date().unwrap().secs() == 1_893_456_000
                && request.description() == Some("nightly")
                && request.kms_key_arn().unwrap().ends_with("key/k")
                && request.action_after_completion().unwrap().as_str() == "DELETE"
                && window.maximum_window_in_minutes() == Some(5)
                && target.role_arn().ends_with("role/scheduler")
                && target.input() == Some("{\"policy\": {}}")
                && retry.maximum_event_age_in_seconds() == Some(3600)
                && retry.maximum_retry_attempts() == Some(3)
                && target.dead_letter_config().unwrap().arn().is_some()
        })
        .then_http_response(took);
    let schedule = read("DISABLED").await;
    let changed = scheduler([&rule])
        .set_state(&schedule, State::Enabled, now())
        .await;
    assert_eq!(changed, Ok(Changed::Done));
}

#[tokio::test]
async fn a_schedule_that_is_so_already_is_not_written() {
    let schedule = read("DISABLED").await;
    let changed = scheduler([])
        .set_state(&schedule, State::Disabled, now())
        .await;
    assert_eq!(changed, Ok(Changed::AlreadyThere));
}

#[tokio::test]
async fn after_a_lost_answer_the_schedule_is_read_again() {
    let schedule = read("DISABLED").await;
    let lost = mock!(Client::update_schedule)
        .then_http_response(|| refused(500, "InternalServerException", "oh"));
    let enabled = shows("ENABLED");
    let done = scheduler([&lost, &enabled])
        .set_state(&schedule, State::Enabled, now())
        .await;
    assert_eq!(done, Ok(Changed::Done));

    let still = shows("DISABLED");
    let error = scheduler([&lost, &still])
        .set_state(&schedule, State::Enabled, now())
        .await;
    let error = error.unwrap_err();
    assert!(error.unsure() && error.retryable());
    insta::assert_snapshot!(error, @"UpdateSchedule of jobs/purge-logs: no proper answer (HTTP 500 InternalServerException); whether it took effect, the next run will see");
}

#[tokio::test]
async fn a_refusal_says_what_can_be_done() {
    let schedule = read("ENABLED").await;
    for (status, code, retry) in [
        (404, "ResourceNotFoundException", false),
        (409, "ConflictException", true),
        (400, "ValidationException", false),
        (403, "AccessDeniedException", false),
        (429, "ThrottlingException", true),
    ] {
        let rule =
            mock!(Client::update_schedule).then_http_response(move || refused(status, code, "no"));
        let error = scheduler([&rule])
            .set_state(&schedule, State::Disabled, now())
            .await
            .unwrap_err();
        assert_eq!(
            (error.retryable(), error.unsure()),
            (retry, false),
            "{code}"
        );
        match code {
            "ResourceNotFoundException" => assert!(matches!(error, WriteError::NotFound(_))),
            "ConflictException" => assert!(matches!(error, WriteError::Conflict(_))),
            _ => assert!(matches!(error, WriteError::Api(_)), "{error:?}"),
        }
    }
}
