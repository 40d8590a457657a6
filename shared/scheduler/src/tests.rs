//! The client against answers as Scheduler writes them.

mod changes;
mod reads;

use aws_config::BehaviorVersion;
use aws_sdk_scheduler::{
    Client, Config,
    config::{Builder, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_mocks::{MockResponseInterceptor, Rule, RuleMode, create_mock_http_client};
use aws_smithy_runtime_api::{client::orchestrator::HttpResponse, http::StatusCode};
use serde_json::{Value, json};

use crate::{ScheduleName, Scheduler};

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
fn scheduler<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Scheduler {
    let mut answers = MockResponseInterceptor::new().rule_mode(RuleMode::MatchAny);
    for rule in rules {
        answers = answers.with_rule(rule);
    }
    let config = config()
        .http_client(create_mock_http_client())
        .interceptor(answers);
    Scheduler::over(Client::from_conf(config.build()))
}

fn response(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::try_from(status).unwrap();
    HttpResponse::new(status, body.to_string().into())
}

fn refused(status: u16, code: &str, message: &str) -> HttpResponse {
    let mut response = response(status, &json!({"Message": message}));
    response
        .headers_mut()
        .insert("x-amzn-errortype", code.to_owned());
    response
}

/// A schedule that has everything a schedule can have.
fn purge_logs(state: &str) -> Value {
    json!({
        "Arn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/jobs/purge-logs",
        "GroupName": "jobs", "Name": "purge-logs", "State": state,
        "ScheduleExpression": "cron(0 3 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin",
        "StartDate": 1_577_847_600, "EndDate": 1_893_456_000, "Description": "nightly",
        "KmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/k",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-run-job",
            "RoleArn": "arn:aws:iam::123456789012:role/scheduler", "Input": "{\"policy\": {}}",
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3},
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-central-1:123456789012:dead"},
        },
    })
}

fn name(text: &str) -> ScheduleName {
    text.parse().unwrap()
}
