//! Topics.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Sns, Subscription, bad_token, invalid, required};
use crate::{At, Call, Effect, Refusal, page::page};

/// How many topics an account may have in a region.
/// <https://docs.aws.amazon.com/general/latest/gr/sns.html>
const MOST: usize = 100_000;
/// <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>
const ON_A_PAGE: usize = 100;
/// The attributes that `CreateTopic` takes here. Those of FIFO topics are not simulated.
const TAKEN: [&str; 7] = [
    "DeliveryPolicy",
    "DisplayName",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
];

/// A topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// What was set when it was created: `DisplayName`, `KmsMasterKeyId`, …
    pub attributes: BTreeMap<String, String>,
    /// Who is subscribed, in the order of subscription.
    pub subscriptions: Vec<Subscription>,
}

impl Topic {
    /// How large a message may be, body and attributes together, in bytes: 256 KiB unless its
    /// attribute `MaximumMessageSize` says otherwise.
    /// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
    #[must_use]
    pub fn maximum_message_size(&self) -> usize {
        let set = self.attributes.get("MaximumMessageSize");
        set.and_then(|size| size.parse().ok()).unwrap_or(262_144)
    }
}

/// Letters, digits, underscores and hyphens, 1 to 256 of them.
/// <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
pub(super) fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=256).contains(&name.len()) && name.chars().all(fits)
}

impl Sns {
    pub(super) fn create_topic(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let name = call.text("Name").ok_or_else(|| required("Topic Name"))?;
        if !is_name(name) {
            return Err(invalid("Topic Name"));
        }
        let attributes = attributes(call)?;
        let arn = at.place.arn("sns", name);
        match self.topics.get(&arn) {
            Some(there) if differs(there, &attributes) => {
                let why = "Attributes Reason: Topic already exists with different attributes";
                return Err(invalid(why));
            }
            Some(_) => {}
            None if self.topics.len() >= MOST => {
                let why = "Topic limit exceeded";
                return Err(Refusal::new(403, "TopicLimitExceeded", why));
            }
            None => {
                self.add_topic(at.place, name);
                self.topics.entry(arn.clone()).or_default().attributes = attributes;
                at.effects.push(Effect::Other {
                    operation: call.operation.clone(),
                    subject: arn.clone(),
                });
            }
        }
        Ok(json!({"TopicArn": arn}))
    }

    pub(super) fn get_topic_attributes(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let arn = self.topic(call, at)?;
        let topic = &self.topics[arn];
        let confirmed = |yes| {
            let those = topic.subscriptions.iter().filter(|s| s.confirmed == yes);
            those.count().to_string()
        };
        let mut attributes = topic.attributes.clone();
        attributes.extend([
            ("TopicArn".to_owned(), arn.to_owned()),
            ("Owner".to_owned(), at.place.account.clone()),
            ("SubscriptionsConfirmed".to_owned(), confirmed(true)),
            ("SubscriptionsPending".to_owned(), confirmed(false)),
            ("SubscriptionsDeleted".to_owned(), "0".to_owned()),
        ]);
        let entry = |(key, value): (String, String)| json!({"key": key, "value": value});
        Ok(json!({"Attributes": attributes.into_iter().map(entry).collect::<Value>()}))
    }

    pub(super) fn list_topics(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let arns = self.topics.keys().map(|arn| (arn.clone(), arn));
        let size = at.whim.largest_page.min(ON_A_PAGE);
        let page = page("topics", arns, call.text("NextToken"), size).map_err(bad_token)?;
        let topics = page.items.into_iter().map(|arn| json!({"TopicArn": arn}));
        Ok(json!({"Topics": topics.collect::<Value>(), "NextToken": page.token}))
    }
}

/// The same call again gives the topic that is there; other attributes are refused.
fn differs(topic: &Topic, attributes: &BTreeMap<String, String>) -> bool {
    attributes
        .iter()
        .any(|(name, value)| topic.attributes.get(name) != Some(value))
}

fn attributes(call: &Call) -> Result<BTreeMap<String, String>, Refusal> {
    let entries = call.input["Attributes"]["entry"].as_array();
    let mut attributes = BTreeMap::new();
    for entry in entries.into_iter().flatten() {
        let (Some(name), Some(value)) = (entry["key"].as_str(), entry["value"].as_str()) else {
            return Err(invalid("Attributes"));
        };
        let size = value.parse().unwrap_or(0);
        let good = name != "MaximumMessageSize" || (1024..=1_048_576).contains(&size);
        if !TAKEN.contains(&name) || !good {
            return Err(invalid(&format!("Attributes Reason: {name}")));
        }
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(attributes)
}
