//! The inbox: one SNS topic, and for each of its protocols what suits it.

mod attributes;
mod chat;
mod email;
mod message;

use aurora_model::Report;
use aws_sdk_sns::{Client, error::DisplayErrorContext};
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

/// The SNS topic the team subscribes to.
pub(crate) struct Inbox {
    sdk: Sdk,
    topic: Option<String>,
    client: OnceCell<Client>,
}

/// A mail that was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InboxError {
    #[error("INBOX_TOPIC_ARN is not set, so nobody was told; set it to the inbox topic's ARN")]
    NoTopic,
    #[error("sns:Publish to {topic}: {problem}")]
    Publish { topic: String, problem: String },
}

impl Inbox {
    pub(crate) fn new(sdk: Sdk, topic: Option<String>) -> Self {
        Self {
            sdk,
            topic,
            client: OnceCell::new(),
        }
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
            problem: DisplayErrorContext(&error).to_string(),
        })
    }
}
