//! The call to SNS.

use aws_config::BehaviorVersion;
use aws_sdk_sns::{
    Client, Config,
    config::{Credentials, Region, retry::RetryConfig},
    operation::publish::PublishOutput,
};
use aws_smithy_http_client::test_util::NeverClient;
use aws_smithy_mocks::{MockResponseInterceptor, Rule, create_mock_http_client, mock};
use aws_smithy_runtime_api::{client::orchestrator::HttpResponse, http::StatusCode};
use tokio::sync::OnceCell;

use super::*;
use crate::{
    Sdk,
    inbox::{Inbox, InboxError},
};

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:nightshift-inbox";

/// An inbox whose SNS answers by `rule`.
pub(crate) fn inbox(rule: &Rule) -> Inbox {
    over(
        config()
            .http_client(create_mock_http_client())
            .interceptor(MockResponseInterceptor::new().with_rule(rule)),
    )
}

/// An inbox whose SNS never answers.
pub(crate) fn deaf_inbox() -> Inbox {
    over(config().http_client(NeverClient::new()))
}

fn over(config: aws_sdk_sns::config::Builder) -> Inbox {
    Inbox {
        sdk: Sdk::default(),
        topic: Some(TOPIC.into()),
        client: OnceCell::new_with(Some(Client::from_conf(config.build()))),
    }
}

fn config() -> aws_sdk_sns::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "x",
            None,
            None,
            "test",
        ))
        .retry_config(RetryConfig::disabled())
}

fn worth_telling() -> Report {
    let plan = of(vec![take(
        "orders",
        CREATE,
        "the nightly snapshot of 2026-11-21",
    )]);
    report("take-snapshot", "apply", plan, vec![Outcome::Done])
}

async fn tell(inbox: &Inbox, report: &Report) -> Result<(), InboxError> {
    inbox.tell(report, &place(report.function), REQUEST).await
}

pub(crate) fn answer(status: u16, code: &str) -> Rule {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>SNS says why</Message></Error></ErrorResponse>"
    );
    mock!(Client::publish).then_http_response(move || {
        HttpResponse::new(StatusCode::try_from(status).unwrap(), body.clone().into())
    })
}

#[tokio::test]
async fn a_mail_is_published_with_all_its_parts() {
    let rule = mock!(Client::publish)
        .match_requests(|request| {
            request.topic_arn() == Some(TOPIC)
                && request.subject() == Some("[OK] take-snapshot: orders: created 1")
                && request.message_structure() == Some("json")
                && request
                    .message()
                    .is_some_and(|message| message.contains("\"email\""))
                && request
                    .message_attributes()
                    .is_some_and(|attributes| attributes.len() == 4)
        })
        .then_output(|| PublishOutput::builder().message_id("1").build());
    assert_eq!(tell(&inbox(&rule), &worth_telling()).await, Ok(()));
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn nothing_worth_telling_is_no_call() {
    let rule = answer(500, "InternalError");
    let quiet = report("take-snapshot", "apply", of(vec![]), vec![]);
    assert_eq!(tell(&inbox(&rule), &quiet).await, Ok(()));
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn what_sns_refuses_is_said_with_its_words() {
    let error = tell(&inbox(&answer(403, "AuthorizationError")), &worth_telling()).await;
    insta::assert_snapshot!(error.unwrap_err(), @"sns:Publish to arn:aws:sns:eu-central-1:123456789012:nightshift-inbox: AuthorizationError: SNS says why");
    let error = tell(&inbox(&answer(400, "KMSAccessDenied")), &worth_telling()).await;
    insta::assert_snapshot!(error.unwrap_err(), @"sns:Publish to arn:aws:sns:eu-central-1:123456789012:nightshift-inbox: KMSAccessDenied: SNS says why");
}

#[tokio::test]
async fn only_what_passes_is_worth_a_retry() {
    for (status, code, retry) in [
        (500, "InternalError", true),
        (503, "ServiceUnavailable", true),
        (502, "", true),
        (400, "KMSThrottling", true),
        (400, "Throttling", true),
        (403, "AuthorizationError", false),
        (404, "NotFound", false),
        (400, "InvalidParameter", false),
        (400, "KMSDisabled", false),
    ] {
        let error = tell(&inbox(&answer(status, code)), &worth_telling())
            .await
            .unwrap_err();
        assert_eq!(error.retryable(), retry, "{code}: {error}");
    }
}

#[tokio::test]
async fn without_a_topic_nobody_is_told() {
    let nowhere = Inbox::new(Sdk::default(), None);
    let error = tell(&nowhere, &worth_telling()).await.unwrap_err();
    assert!(!error.retryable());
    insta::assert_snapshot!(error, @"INBOX_TOPIC_ARN is not set; set it to the inbox topic's ARN");
    let quiet = report("take-snapshot", "apply", of(vec![]), vec![]);
    assert_eq!(tell(&nowhere, &quiet).await, Ok(()));
}
