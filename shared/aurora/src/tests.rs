//! The client against answers as RDS writes them.

mod errors;
mod events;
mod fields;
mod instances;
mod pages;
mod reader_calls;
mod reader_errors;
mod readers;
mod stops;

use aws_config::BehaviorVersion;
use aws_sdk_rds::{
    Client, Config,
    config::{Builder, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_mocks::{MockResponseInterceptor, Rule, RuleMode, create_mock_http_client};
use aws_smithy_runtime_api::{client::orchestrator::HttpResponse, http::StatusCode};
use jiff::Timestamp;

use crate::Aurora;

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
fn aurora<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Aurora {
    let mut answers = MockResponseInterceptor::new().rule_mode(RuleMode::MatchAny);
    for rule in rules {
        answers = answers.with_rule(rule);
    }
    let config = config()
        .http_client(create_mock_http_client())
        .interceptor(answers)
        .build();
    Aurora::over(Client::from_conf(config))
}

fn response(status: u16, body: String) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), body.into())
}

/// A page of a listing: `operation`'s result with `items`, and where the next page begins.
fn page(operation: &str, items: &str, marker: Option<&str>) -> HttpResponse {
    let marker = marker.map(|marker| format!("<Marker>{marker}</Marker>"));
    let body = format!(
        "<{operation}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><{operation}Result>{items}{}\
         </{operation}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>",
        marker.unwrap_or_default()
    );
    response(200, body)
}

fn refused(status: u16, code: &str, message: &str) -> HttpResponse {
    let body = format!(
        "<ErrorResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    response(status, body)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
