//! SNS: topics, who is subscribed to them, and what was published.

mod attributes;
mod publish;
mod subscriptions;
mod topics;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

pub use subscriptions::Subscription;
pub use topics::Topic;

use crate::{At, Call, Place, Refusal, page::BadToken};

/// A message as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The `MessageId` the publisher was answered.
    pub id: String,
    /// The topic's ARN.
    pub topic: String,
    /// The subject, if it had one.
    pub subject: Option<String>,
    /// What each protocol gets, `default` for those not named.
    pub bodies: BTreeMap<String, String>,
    /// The attributes' values by name; of binary ones, in Base64.
    pub attributes: BTreeMap<String, String>,
    /// When it was published.
    pub at: Timestamp,
}

/// The SNS of one account in one region.
#[derive(Clone, Debug, Default)]
pub struct Sns {
    /// The topics by ARN.
    pub topics: BTreeMap<String, Topic>,
}

impl Sns {
    /// Adds a topic outside any call and returns its ARN. One that is there stays as it is.
    pub fn add_topic(&mut self, place: &Place, name: &str) -> String {
        let arn = place.arn("sns", name);
        self.topics.entry(arn.clone()).or_default();
        arn
    }

    pub(crate) fn answer(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        match call.operation.as_str() {
            "CreateTopic" => self.create_topic(call, at),
            "GetTopicAttributes" => self.get_topic_attributes(call, at),
            "ListSubscriptionsByTopic" => self.list_subscriptions_by_topic(call, at),
            "ListTopics" => self.list_topics(call, at),
            "Publish" => self.publish(call, at),
            "Subscribe" => self.subscribe(call, at),
            _ => Err(Refusal::unknown_operation(call)),
        }
    }

    /// The topic a call names, which is in this account and region and is there.
    fn topic<'a>(&self, call: &'a Call, at: &At<'_>) -> Result<&'a str, Refusal> {
        let arn = call.text("TopicArn").ok_or_else(|| required("TopicArn"))?;
        let name = arn.strip_prefix(&at.place.arn("sns", ""));
        if name.is_none_or(|name| !topics::is_name(name)) {
            return Err(invalid("TopicArn"));
        }
        if self.topics.contains_key(arn) {
            return Ok(arn);
        }
        Err(Refusal::new(404, "NotFound", "Topic does not exist"))
    }
}

/// What SNS answers to a parameter it does not take.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors>
fn invalid(what: &str) -> Refusal {
    Refusal::new(
        400,
        "InvalidParameter",
        format!("Invalid parameter: {what}"),
    )
}

fn required(parameter: &str) -> Refusal {
    invalid(&format!(
        "{parameter} Reason: no value for required parameter"
    ))
}

fn bad_token(_: BadToken) -> Refusal {
    invalid("NextToken")
}
