//! The client against answers as Secrets Manager writes them, and against a simulated one; what
//! secrets hold, and what they never show.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod credentials;
mod hidden;
mod reads;
mod refusals;
mod shapes;
mod simulated;
mod stages;

use aws_config::BehaviorVersion;
use aws_sdk_secretsmanager::{
    Client, Config,
    config::{Builder, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_mocks::{MockResponseInterceptor, Rule, RuleMode, create_mock_http_client};
use aws_smithy_runtime_api::{client::orchestrator::HttpResponse, http::StatusCode};

use crate::Secrets;

/// A version as Secrets Manager names them.
const OLD: &str = "11111111-1111-4111-8111-111111111111";
const NEW: &str = "22222222-2222-4222-8222-222222222222";

fn config() -> Builder {
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

/// A client whose calls are answered by the first of `rules` that matches.
fn secrets<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Secrets {
    answering(config(), rules)
}

/// The same, and each call is tried twice.
fn trying_twice<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Secrets {
    let retry = RetryConfig::standard().with_max_attempts(2);
    answering(config().retry_config(retry), rules)
}

fn answering<'a>(config: Builder, rules: impl IntoIterator<Item = &'a Rule>) -> Secrets {
    let mut answers = MockResponseInterceptor::new().rule_mode(RuleMode::MatchAny);
    for rule in rules {
        answers = answers.with_rule(rule);
    }
    let config = config
        .http_client(create_mock_http_client())
        .interceptor(answers);
    Secrets::over(Client::from_conf(config.build()))
}

fn response(status: u16, body: impl Into<String>) -> HttpResponse {
    let status = StatusCode::try_from(status).unwrap();
    HttpResponse::new(status, body.into().into())
}

fn refused(status: u16, code: &str, message: &str) -> HttpResponse {
    response(
        status,
        format!(r#"{{"__type":"{code}","Message":"{message}"}}"#),
    )
}
