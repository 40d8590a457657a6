//! Publishing a message. <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>

use std::{collections::BTreeMap, fmt};

use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Value, json};

use super::{Message, Sns, attributes, invalid};
use crate::{At, Call, Effect, Refusal, uuid::uuid};

/// The transport protocols besides `default` for which a message may have a body of its own.
/// Other keys are ignored.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html>
const TRANSPORTS: [&str; 18] = [
    "ADM",
    "APNS",
    "APNS_SANDBOX",
    "APNS_VOIP",
    "APNS_VOIP_SANDBOX",
    "BAIDU",
    "GCM",
    "MPNS",
    "WNS",
    "application",
    "email",
    "email-json",
    "firehose",
    "http",
    "https",
    "lambda",
    "sms",
    "sqs",
];

impl Sns {
    pub(super) fn publish(&mut self, call: &Call, at: &mut At<'_>) -> Result<Value, Refusal> {
        let arn = self.topic(call, at)?;
        let subject = subject(call)?;
        let body = call
            .text("Message")
            .ok_or_else(|| invalid("Empty message"))?;
        // No page says which of two errors comes first; a body that is too long whatever its
        // attributes are needs no look at them.
        let most = self.topics[arn].maximum_message_size();
        let fits = |bytes: usize| {
            (bytes <= most)
                .then_some(())
                .ok_or(invalid("Message too long"))
        };
        fits(body.len())?;
        let attributes = attributes::read(&call.input)?;
        fits(body.len() + attributes.bytes)?;
        let message = Message {
            id: uuid(&mut at.whim.rng),
            topic: arn.to_owned(),
            subject: subject.map(str::to_owned),
            bodies: bodies(call, body)?,
            attributes: attributes.values,
            at: at.now,
        };
        let answer = json!({"MessageId": message.id});
        at.effects.push(Effect::Published(message));
        Ok(answer)
    }
}

/// The guide asks for ASCII that begins with a letter, a digit or a punctuation mark; the API's
/// reference has meanwhile gone on to UTF-8. The stricter one is safe with both.
fn subject(call: &Call) -> Result<Option<&str>, Refusal> {
    let Some(subject) = call.input.get("Subject") else {
        return Ok(None);
    };
    let subject = subject.as_str().unwrap_or_default();
    let begins = subject.starts_with(|c: char| c.is_ascii_graphic());
    let printable = subject.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if begins && printable && subject.len() < 100 {
        return Ok(Some(subject));
    }
    Err(invalid("Subject"))
}

fn bodies(call: &Call, body: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let default = || "default".to_owned();
    match call.input.get("MessageStructure").and_then(Value::as_str) {
        None => Ok(BTreeMap::from([(default(), body.to_owned())])),
        Some("json") => structured(body),
        Some(_) => Err(invalid("MessageStructure")),
    }
}

fn structured(body: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let bad = |why: &str| invalid(&format!("Message Structure - {why}"));
    let mut reader = serde_json::Deserializer::from_str(body);
    let read = reader.deserialize_map(Bodies).and_then(|bodies| {
        reader.end()?;
        Ok(bodies)
    });
    let bodies = read.map_err(|_| bad("JSON message body failed to parse"))?;
    if bodies.contains_key("default") {
        return Ok(bodies);
    }
    Err(bad("No default entry in JSON message body"))
}

/// Reads a JSON object whose keys come once each, and whose values for known protocols are texts.
struct Bodies;

impl<'de> Visitor<'de> for Bodies {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if all.insert(key, value).is_some() {
                return Err(A::Error::custom("a key comes twice"));
            }
        }
        all.retain(|key, _| key == "default" || TRANSPORTS.contains(&key.as_str()));
        let text = |(key, value)| match value {
            Value::String(text) => Ok((key, text)),
            _ => Err(A::Error::custom("a value is no text")),
        };
        all.into_iter().map(text).collect()
    }
}
