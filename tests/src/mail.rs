//! A published message as the inbox gets it: one body per protocol.

use std::collections::BTreeMap;

use serde_json::Value;

/// SNS's limit for a message with all its bodies and attributes.
const MAX_BYTES: usize = 256 * 1024;

/// A message published to SNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The topic's ARN.
    pub topic: String,
    /// The subject.
    pub subject: String,
    /// The bodies by protocol, `default` among them.
    pub bodies: BTreeMap<String, String>,
    /// The message attributes that subscription filters see.
    pub attributes: BTreeMap<String, String>,
}

impl Mail {
    /// Reads the parameters of a `Publish`, and holds them against what AWS
    /// refuses and its stand-ins let pass.
    #[must_use]
    pub fn parse(params: &BTreeMap<String, String>) -> Self {
        let get = |name: &str| params.get(name).cloned().unwrap_or_default();
        let (message, subject) = (get("Message"), get("Subject"));
        assert!(
            message.len() <= MAX_BYTES,
            "SNS refuses a message of {} bytes",
            message.len()
        );
        assert!(
            subject.len() <= 100
                && subject.starts_with(|c: char| c.is_ascii_graphic())
                && subject.chars().all(|c| c == ' ' || c.is_ascii_graphic()),
            "SNS refuses the subject {subject:?}"
        );
        let bodies = match &*get("MessageStructure") {
            "json" => bodies(&message),
            _ => BTreeMap::from([("default".to_owned(), message)]),
        };
        Self {
            topic: get("TopicArn"),
            subject,
            bodies,
            attributes: attributes(params),
        }
    }

    /// The body a subscription of this protocol gets.
    #[must_use]
    pub fn body(&self, protocol: &str) -> &str {
        self.bodies
            .get(protocol)
            .unwrap_or_else(|| &self.bodies["default"])
    }

    /// The text a person reads.
    #[must_use]
    pub fn email(&self) -> &str {
        self.body("email")
    }

    /// The body of a protocol that gets JSON: `https`, `sqs`, `lambda`.
    #[must_use]
    pub fn json(&self, protocol: &str) -> Value {
        let body = self.body(protocol);
        serde_json::from_str(body)
            .unwrap_or_else(|e| panic!("the {protocol} body is no JSON: {e}\n{body}"))
    }
}

fn bodies(message: &str) -> BTreeMap<String, String> {
    let bodies: BTreeMap<String, String> = serde_json::from_str(message).unwrap_or_else(|e| {
        panic!("SNS refuses this message, it is no map of texts: {e}\n{message}")
    });
    assert!(
        bodies.contains_key("default"),
        "SNS refuses a message without a default body: {message}"
    );
    bodies
}

fn attributes(params: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let entry = |n: usize| {
        let field = |name| {
            params
                .get(&format!("MessageAttributes.entry.{n}.{name}"))
                .cloned()
        };
        let name = field("Name")?;
        let value = field("Value.StringValue")
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| panic!("SNS refuses the empty attribute {name}"));
        Some((name, value))
    };
    let attributes: BTreeMap<_, _> = (1..).map_while(entry).collect();
    // With raw delivery SQS takes ten, and drops the message otherwise.
    assert!(
        attributes.len() <= 10,
        "too many attributes: {attributes:?}"
    );
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::form;

    #[test]
    fn a_publish_is_read_with_its_bodies_and_attributes() {
        let mail = Mail::parse(&form(
            "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A1%3Ainbox&Subject=Done\
             &MessageStructure=json&Message=%7B%22default%22%3A%22d%22%2C%22sqs%22%3A%22%7B%7D%22%7D\
             &MessageAttributes.entry.1.Name=severity\
             &MessageAttributes.entry.1.Value.DataType=String\
             &MessageAttributes.entry.1.Value.StringValue=info",
        ));
        assert_eq!(mail.subject, "Done");
        assert_eq!(mail.email(), "d");
        assert_eq!(mail.json("sqs"), serde_json::json!({}));
        assert_eq!(mail.attributes["severity"], "info");
    }

    #[test]
    #[should_panic(expected = "SNS refuses the subject")]
    fn a_subject_aws_would_refuse_is_refused() {
        let _ = Mail::parse(&form("Message=x&Subject=Caf%C3%A9"));
    }
}
