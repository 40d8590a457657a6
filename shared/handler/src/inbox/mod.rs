//! The inbox: one SNS topic, and for each of its protocols what suits it.

mod attributes;
mod brief;
mod call;
mod chat;
mod email;
mod message;
mod plain;
mod sections;
#[cfg(test)]
pub(crate) mod tests;

use aurora_model::Report;
use aws_sdk_sns::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::publish::PublishError,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::OnceCell;

pub use message::{MAX_BYTES, Mail, render};

use crate::Sdk;

/// Where a run took place, so that a mail can say where to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The Lambda function's name.
    pub function_name: String,
    /// The AWS region.
    pub region: String,
    /// The function's log group.
    pub log_group: String,
}

/// Whether a run whose mail cannot be sent has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// No: what it did is done. The failure is logged and counted.
    BestEffort,
    /// Yes: the mail is what the function is for. Lambda tries again, and in the end hands the
    /// event to the function's own dead-letter queue.
    Required,
}

/// The SNS topic the team subscribes to.
pub(crate) struct Inbox {
    sdk: Sdk,
    topic: Option<String>,
    client: OnceCell<Client>,
}

/// A mail that was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// There is no inbox.
    #[error("INBOX_TOPIC_ARN is not set; set it to the inbox topic's ARN")]
    NoTopic,
    /// SNS did not take the message.
    #[error("sns:Publish to {topic}: {problem}")]
    Publish {
        /// The topic's ARN.
        topic: String,
        /// What SNS or the SDK said.
        problem: String,
        /// Whether trying again may help.
        retry: bool,
    },
    /// The run's time was up.
    #[error("sns:Publish: no answer before the function's time was up")]
    Late,
}

impl InboxError {
    /// Whether trying again by itself may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::NoTopic => false,
            Self::Publish { retry, .. } => *retry,
            Self::Late => true,
        }
    }
}

type Refusal = SdkError<PublishError, HttpResponse>;

/// The codes with which SNS refuses what it would take a moment later.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors>
const PASSING: [&str; 4] = [
    "KMSThrottling",
    "Throttled",
    "Throttling",
    "ThrottlingException",
];

/// What SNS refuses, it refuses again, unless it or KMS was only busy.
fn passing(error: &Refusal) -> bool {
    let SdkError::ServiceError(refused) = error else {
        return true;
    };
    let code = refused.err().code().unwrap_or_default();
    refused.raw().status().is_server_error() || PASSING.contains(&code)
}

/// SNS's code and sentence, or the innermost error: "connection refused".
fn problem(error: &Refusal) -> String {
    match error {
        SdkError::ServiceError(refused) => {
            let (code, message) = (refused.err().code(), refused.err().message());
            let status = refused.raw().status();
            match code {
                Some(code) => format!("{code}: {}", message.unwrap_or_default()),
                None => format!("HTTP {status}"),
            }
        }
        SdkError::TimeoutError(_) => "it timed out".into(),
        other => root_cause(other),
    }
}

fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

impl Inbox {
    pub(crate) fn new(sdk: Sdk, topic: Option<String>) -> Self {
        Self {
            sdk,
            topic,
            client: OnceCell::new(),
        }
    }

    /// Whether there is a topic.
    pub(crate) const fn exists(&self) -> bool {
        self.topic.is_some()
    }

    /// Mails `report`, if there is anything in it that people should know.
    pub(crate) async fn tell(
        &self,
        report: &Report,
        place: &Place,
        request_id: &str,
    ) -> Result<(), InboxError> {
        if !report.worth_a_mail() {
            return Ok(());
        }
        let topic = self.topic.as_ref().ok_or(InboxError::NoTopic)?;
        let mail = render(report, place, request_id);
        let client = self
            .client
            .get_or_init(async || Client::new(self.sdk.config().await))
            .await;
        let publish = client
            .publish()
            .topic_arn(topic)
            .subject(mail.subject)
            .message(mail.message);
        let publish = publish
            .message_structure("json")
            .set_message_attributes(Some(mail.attributes));
        let sent = publish.send().await;
        sent.map(drop).map_err(|error| InboxError::Publish {
            topic: topic.clone(),
            retry: passing(&error),
            problem: problem(&error),
        })
    }
}
