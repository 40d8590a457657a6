//! Labels that move, do not move, or have moved before.

use aws_smithy_mocks::{Rule, mock};

use super::*;
use crate::{Moved, Removed, WriteError};

const PARAMETER: (u16, &str) = (400, "InvalidParameterException");
const LOST: (u16, &str) = (503, "ServiceUnavailable");

fn refuses((status, code): (u16, &'static str)) -> Rule {
    mock!(Client::update_secret_version_stage)
        .then_http_response(move || refused(status, code, "AWS says why"))
}

/// Loses the first answer and refuses the second try.
fn loses_an_answer() -> Rule {
    mock!(Client::update_secret_version_stage)
        .sequence()
        .http_response(|| refused(LOST.0, LOST.1, "try later"))
        .http_response(|| refused(PARAMETER.0, PARAMETER.1, "AWS says why"))
        .build()
}

/// The secret with these labels on its old version and on its new one.
fn shows(old: &str, new: &str) -> Rule {
    let body = format!(r#"{{"VersionIdsToStages":{{"{OLD}":[{old}],"{NEW}":[{new}]}}}}"#);
    mock!(Client::describe_secret).then_http_response(move || response(200, body.clone()))
}

async fn moved(rules: &[&Rule]) -> Result<Moved, WriteError> {
    let secrets = secrets(rules.iter().copied());
    secrets.move_current("db", NEW, OLD).await
}

#[tokio::test]
async fn the_current_label_moves_from_the_one_version_to_the_other() {
    let rule = mock!(Client::update_secret_version_stage)
        .match_requests(|request| {
            request.secret_id() == Some("db")
                && request.version_stage() == Some("AWSCURRENT")
                && request.move_to_version_id() == Some(NEW)
                && request.remove_from_version_id() == Some(OLD)
        })
        .then_http_response(|| response(200, "{}"));
    assert_eq!(moved(&[&rule]).await, Ok(Moved::Done));
}

#[tokio::test]
async fn a_refused_move_is_looked_into() {
    let there = shows(r#""AWSPREVIOUS""#, r#""AWSCURRENT""#);
    let before = shows(r#""AWSCURRENT""#, r#""AWSPENDING""#);
    let elsewhere = shows("", r#""AWSPENDING""#);
    let parameter = refuses(PARAMETER);
    assert_eq!(moved(&[&parameter, &there]).await, Ok(Moved::AlreadyThere));
    let error = moved(&[&parameter, &before]).await.unwrap_err();
    assert!(matches!(error, WriteError::Api(_)) && !error.retryable());
    let error = moved(&[&parameter, &elsewhere]).await.unwrap_err();
    assert!(matches!(error, WriteError::StagesChanged(_)) && error.retryable());
    insta::assert_snapshot!(error, @"UpdateSecretVersionStage of db: refused with InvalidParameterException: AWS says why; somebody else has moved the labels meanwhile");

    let missing = refuses((400, "ResourceNotFoundException"));
    let error = moved(&[&missing, &before]).await.unwrap_err();
    assert!(
        matches!(error, WriteError::StagesChanged(_)),
        "the secret is there, the version is not: {error}"
    );
}

#[tokio::test]
async fn a_move_that_is_refused_for_another_reason_is_not_looked_into() {
    for (status, code) in [
        (400, "InvalidRequestException"),
        (400, "LimitExceededException"),
        (400, "AccessDeniedException"),
        (400, "ThrottlingException"),
    ] {
        let describe = shows("", r#""AWSCURRENT""#);
        let error = moved(&[&refuses((status, code)), &describe])
            .await
            .unwrap_err();
        assert_eq!(describe.num_calls(), 0, "{code}");
        assert!(!error.unsure(), "{code}");
    }
}

#[tokio::test]
async fn a_look_that_fails_leaves_it_open() {
    let deaf = mock!(Client::describe_secret)
        .then_http_response(|| refused(500, "InternalServiceError", ""));
    let error = moved(&[&refuses(PARAMETER), &deaf]).await.unwrap_err();
    assert!(error.retryable() && !error.unsure());
    insta::assert_snapshot!(error, @"DescribeSecret of db: no proper answer (HTTP 500 InternalServiceError)");
    let missing = (400, "ResourceNotFoundException");
    let gone = mock!(Client::describe_secret)
        .then_http_response(move || refused(missing.0, missing.1, ""));
    let error = moved(&[&refuses(missing), &gone]).await.unwrap_err();
    assert!(matches!(error, WriteError::NotFound(_)));
}

/// The first try moved the label and its answer was lost; the second one is refused for it.
#[tokio::test(start_paused = true)]
async fn a_move_whose_first_answer_was_lost_is_our_own() {
    let there = shows(r#""AWSPREVIOUS""#, r#""AWSCURRENT""#);
    let secrets = trying_twice([&loses_an_answer(), &there]);
    let answer = secrets.move_current("db", NEW, OLD).await;
    assert_eq!(answer, Ok(Moved::Done));

    let before = shows(r#""AWSPENDING""#, "");
    let secrets = trying_twice([&loses_an_answer(), &before]);
    let answer = secrets.remove_pending("db", NEW).await;
    assert_eq!(answer, Ok(Removed::Done));
}

#[tokio::test]
async fn the_pending_label_is_taken_off() {
    let rule = mock!(Client::update_secret_version_stage)
        .match_requests(|request| {
            request.version_stage() == Some("AWSPENDING")
                && request.remove_from_version_id() == Some(NEW)
                && request.move_to_version_id().is_none()
        })
        .then_http_response(|| response(200, "{}"));
    let answer = secrets([&rule]).remove_pending("db", NEW).await;
    assert_eq!(answer, Ok(Removed::Done));
}

#[tokio::test]
async fn a_refused_removal_is_looked_into() {
    let parameter = refuses(PARAMETER);
    let off = shows(r#""AWSCURRENT""#, "");
    let answer = secrets([&parameter, &off]).remove_pending("db", NEW).await;
    assert_eq!(answer, Ok(Removed::AlreadyGone));
    let on = shows(r#""AWSCURRENT""#, r#""AWSPENDING""#);
    let answer = secrets([&parameter, &on]).remove_pending("db", NEW).await;
    assert!(matches!(answer, Err(WriteError::Api(_))));
}
