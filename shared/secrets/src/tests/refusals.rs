//! Every error becomes what a caller can do about it, and none shows a value.

use aws_smithy_mocks::mock;

use super::*;
use crate::{CURRENT, Kind, Put, ReadError, Secret, WriteError};

async fn read(status: u16, code: &'static str) -> ReadError {
    let rule = mock!(Client::get_secret_value)
        .then_http_response(move || refused(status, code, "AWS says why"));
    secrets([&rule]).value("db", CURRENT).await.err().unwrap()
}

async fn put(status: u16, code: &'static str, why: &'static str) -> Result<Put, WriteError> {
    let rule = mock!(Client::put_secret_value)
        .match_requests(|request| {
            request.secret_id() == Some("db")
                && request.client_request_token() == Some(NEW)
                && request.version_stages() == ["AWSPENDING"]
                && request.secret_string() == Some("sesame")
        })
        .then_http_response(move || refused(status, code, why));
    let content = Secret::new("sesame");
    secrets([&rule]).put_pending("db", NEW, &content).await
}

async fn refused_put(status: u16, code: &'static str) -> WriteError {
    put(status, code, "AWS says why").await.unwrap_err()
}

#[tokio::test]
async fn each_error_of_a_reading_is_told_apart() {
    assert!(matches!(
        read(400, "InvalidRequestException").await,
        ReadError::InvalidState(_)
    ));
    let key = read(400, "DecryptionFailure").await;
    insta::assert_snapshot!(key, @"GetSecretValue of db: refused with DecryptionFailure: AWS says why; is the secret's KMS key enabled, and may the function's role use it?");
    assert!(!key.retryable());
    for (status, code, retryable) in [
        (400, "InvalidParameterException", false),
        (400, "AccessDeniedException", false),
        (400, "ThrottlingException", true),
        (500, "InternalServiceError", true),
        (503, "ServiceUnavailable", true),
    ] {
        let error = read(status, code).await;
        assert!(matches!(error, ReadError::Api(_)), "{code}");
        assert_eq!(error.retryable(), retryable, "{code}");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_not_described() {
    let rule = mock!(Client::describe_secret)
        .then_http_response(|| refused(400, "ResourceNotFoundException", "AWS says why"));
    let error = secrets([&rule]).describe("db").await.unwrap_err();
    assert!(matches!(error, ReadError::NotFound(_)));
    insta::assert_snapshot!(error, @"DescribeSecret of db: refused with ResourceNotFoundException: AWS says why");
}

#[tokio::test]
async fn each_error_of_a_put_is_told_apart() {
    assert_eq!(
        put(400, "ResourceExistsException", "why").await,
        Ok(Put::AlreadyThere)
    );
    assert!(matches!(
        refused_put(400, "ResourceNotFoundException").await,
        WriteError::NotFound(_)
    ));
    assert!(matches!(
        refused_put(400, "InvalidRequestException").await,
        WriteError::InvalidState(_)
    ));
    for code in ["EncryptionFailure", "DecryptionFailure"] {
        assert!(matches!(
            refused_put(400, code).await,
            WriteError::KeyFailed(_)
        ));
    }
    let quota = refused_put(400, "LimitExceededException").await;
    assert!(matches!(quota, WriteError::QuotaExceeded(_)) && !quota.retryable());
    insta::assert_snapshot!(refused_put(400, "ThrottlingException").await, @"PutSecretValue of db: throttled (ThrottlingException); the next run tries again");
    let unanswered = refused_put(500, "InternalServiceError").await;
    assert!(unanswered.unsure() && unanswered.retryable());
    insta::assert_snapshot!(unanswered, @"PutSecretValue of db: no proper answer (HTTP 500 InternalServiceError); whether it took effect, the next run will see");
    let denied = refused_put(400, "AccessDeniedException").await;
    insta::assert_snapshot!(denied, @"PutSecretValue of db: not allowed (AWS says why); allow the call in the function's role");
}

#[tokio::test]
async fn a_sentence_that_may_quote_the_secret_is_left_out() {
    for code in ["InvalidParameterException", "ValidationException"] {
        let why = "Value 'sesame' at 'secretString' failed to satisfy constraint";
        let error = put(400, code, why).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("sesame"), "{shown}");
        assert!(matches!(&error.api().kind, Kind::Refused { code: said, .. } if said == code));
    }
    insta::assert_snapshot!(refused_put(400, "ValidationException").await, @"PutSecretValue of db: refused with ValidationException: its words are left out, they may quote the secret");
}

/// The SDK quotes a request it cannot send, with its body.
#[tokio::test]
async fn a_request_that_cannot_be_sent_is_not_quoted() {
    let config = config()
        .endpoint_url("not a URL")
        .http_client(create_mock_http_client());
    let secrets = Secrets::over(Client::from_conf(config.build()));
    let content = Secret::new("sesame");
    let error = secrets.put_pending("db", NEW, &content).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    assert!(!error.unsure(), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_put_whose_first_answer_was_lost_is_done_when_the_second_one_is_accepted() {
    let rule = mock!(Client::put_secret_value)
        .match_requests(|request| request.client_request_token() == Some(NEW))
        .sequence()
        .http_response(|| refused(503, "ServiceUnavailable", "try later"))
        .http_response(|| response(200, "{}"))
        .build();
    let content = Secret::new("sesame");
    let answer = trying_twice([&rule]).put_pending("db", NEW, &content).await;
    assert_eq!(answer, Ok(Put::Done));
    assert_eq!(rule.num_calls(), 2);
}

#[tokio::test]
async fn a_tag_is_set_or_refused() {
    let rule = mock!(Client::tag_resource)
        .match_requests(|request| {
            let [tag] = request.tags() else { return false };
            request.secret_id() == Some("db") && tag.key() == Some("k") && tag.value() == Some("v")
        })
        .then_http_response(|| response(200, ""));
    assert_eq!(secrets([&rule]).tag("db", "k", "v").await, Ok(()));

    let rule = mock!(Client::tag_resource)
        .then_http_response(|| refused(400, "InvalidParameterException", "AWS says why"));
    let error = secrets([&rule]).tag("db", "k", "v").await.unwrap_err();
    insta::assert_snapshot!(error, @"TagResource of db: refused with InvalidParameterException: AWS says why");
}
