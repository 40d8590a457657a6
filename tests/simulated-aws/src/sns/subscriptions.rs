//! Who is subscribed to a topic.

use serde_json::{Value, json};

use super::{Sns, bad_token, invalid, required};
use crate::{At, Call, Effect, Refusal, page::page, uuid::uuid};

/// <https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html>
const ON_A_PAGE: usize = 100;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its ARN.
    pub arn: String,
    /// `email`, `sqs`, `lambda`, …
    pub protocol: String,
    /// An address, or an ARN.
    pub endpoint: String,
    /// Whether whoever is behind the endpoint has said yes. Until then nothing is delivered.
    pub confirmed: bool,
}

impl Sns {
    /// Somebody behind `endpoint` follows the link in the mail. False where there is no such
    /// subscription.
    pub fn confirm(&mut self, topic: &str, endpoint: &str) -> bool {
        let topic = self.topics.get_mut(topic);
        let mut subscriptions = topic.into_iter().flat_map(|topic| &mut topic.subscriptions);
        let found = subscriptions.find(|subscription| subscription.endpoint == endpoint);
        found.map(|found| found.confirmed = true).is_some()
    }

    pub(super) fn subscribe(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let topic = self.topic(call, at)?;
        let (protocol, endpoint, confirmed) = destination(call)?;
        let subscriptions = &mut self
            .topics
            .entry(topic.to_owned())
            .or_default()
            .subscriptions;
        let same = |there: &&Subscription| there.protocol == protocol && there.endpoint == endpoint;
        let subscription = if let Some(there) = subscriptions.iter().find(same) {
            there.clone()
        } else {
            let new = Subscription {
                arn: format!("{topic}:{}", uuid(&mut at.whim.rng)),
                protocol: protocol.to_owned(),
                endpoint: endpoint.to_owned(),
                confirmed,
            };
            subscriptions.push(new.clone());
            at.effects.push(Effect::Other {
                operation: call.operation.clone(),
                subject: new.arn.clone(),
            });
            new
        };
        let told = subscription.confirmed || call.text("ReturnSubscriptionArn") == Some("true");
        let arn = if told {
            &subscription.arn
        } else {
            "pending confirmation"
        };
        Ok(json!({"SubscriptionArn": arn}))
    }

    pub(super) fn list_subscriptions_by_topic(
        &self,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Value, Refusal> {
        let topic = self.topic(call, at)?;
        let subscriptions = self.topics[topic].subscriptions.iter().enumerate();
        let numbered = subscriptions.map(|(number, it)| (format!("{number:08}"), it));
        let size = at.whim.largest_page.min(ON_A_PAGE);
        let page = page(topic, numbered, call.text("NextToken"), size).map_err(bad_token)?;
        let shown = page.items.into_iter().map(|it| {
            let arn = if it.confirmed {
                &it.arn
            } else {
                "PendingConfirmation"
            };
            json!({
                "SubscriptionArn": arn,
                "Owner": at.place.account,
                "Protocol": it.protocol,
                "Endpoint": it.endpoint,
                "TopicArn": topic,
            })
        });
        Ok(json!({"Subscriptions": shown.collect::<Value>(), "NextToken": page.token}))
    }
}

/// Protocol and endpoint, and whether it is confirmed without anybody's doing.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html>
fn destination(call: &Call) -> Result<(&str, &str, bool), Refusal> {
    let protocol = call.text("Protocol").ok_or_else(|| required("Protocol"))?;
    let endpoint = call.text("Endpoint").ok_or_else(|| required("Endpoint"))?;
    let arn_of = |service: &str| endpoint.starts_with(&format!("arn:aws:{service}:"));
    let number = |text: &str| text.len() > 5 && text.bytes().all(|c| c.is_ascii_digit());
    let (good, confirmed) = match protocol {
        "email" | "email-json" => (endpoint.split_once('@').is_some(), false),
        "http" => (endpoint.starts_with("http://"), false),
        "https" => (endpoint.starts_with("https://"), false),
        "sms" => (endpoint.strip_prefix('+').is_some_and(number), true),
        "sqs" | "lambda" | "firehose" => (arn_of(protocol), true),
        _ => {
            return Err(invalid(
                "Amazon SNS does not support this protocol string: Protocol",
            ));
        }
    };
    if good {
        return Ok((protocol, endpoint, confirmed));
    }
    Err(invalid("Endpoint"))
}
