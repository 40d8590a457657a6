//! What ministack answers otherwise than the simulator: SNS.

use super::{
    Decided::{By, Undecided},
    Known,
};
use crate::step::Step;

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        &["CreateTopic"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "a name has letters, digits, underscores and hyphens only",
        sns!("API_CreateTopic"),
    )
    .when(|step| {
        step.get("Name")
            .is_some_and(|name| name.contains([' ', '.']))
    })
    .parting(),
    Known::new(
        &["CreateTopic"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "the topic is there with other attributes",
        Undecided("the reference says that the call is idempotent, and nothing of attributes"),
    )
    .when(|step| step.has("Attributes"))
    .parting(),
    Known::new(
        &["CreateTopic", "Publish"],
        "outcome",
        ("400 InvalidParameter", "400 InvalidParameterException"),
        "the error is called InvalidParameter on the wire",
        sns!("API_Publish"),
    ),
    Known::new(
        &[
            "GetTopicAttributes",
            "ListSubscriptionsByTopic",
            "Publish",
            "Subscribe",
        ],
        "outcome",
        ("400 InvalidParameter", "404 NotFound"),
        "no topic's ARN, or one that is none",
        Undecided("the reference has both errors, and does not tell them apart"),
    )
    .when(|step| step.get("TopicArn").is_none_or(|arn| arn == "inbox")),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 *", "500 without a code"),
        "a structured message is a JSON object",
        sns!("API_Publish"),
    )
    .when(|step| step.has("MessageStructure")),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "a structured message has a default, and json is the only structure",
        sns!("API_Publish"),
    )
    .when(|step| step.has("MessageStructure")),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "a subject has one line and fewer than 100 characters",
        sns!("API_Publish"),
    )
    .when(|step| !step.has("MessageStructure") && bad_subject(step)),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "an empty subject",
        Undecided("the reference gives no least length; no function sends an empty one"),
    )
    .when(|step| !step.has("MessageStructure") && step.get("Subject").as_deref() == Some("")),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "a message is required",
        sns!("API_Publish"),
    )
    .when(|step| !step.has("Message")),
    Known::new(
        &["Publish"],
        "outcome",
        ("400 ParameterValueInvalid", "ok"),
        "an attribute's name has allowed characters only, and is not reserved",
        By("https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html"),
    )
    .when(|step| step.has("MessageAttributes")),
    Known::new(
        &["Subscribe"],
        "outcome",
        ("400 InvalidParameter", "ok"),
        "a protocol that there is not, or an address that is none",
        sns!("API_Subscribe"),
    )
    .parting(),
    Known::new(
        &["Subscribe"],
        "subscription_arn",
        ("pending confirmation", "arn:*"),
        "a mail address is pending until its owner has confirmed it",
        sns!("API_Subscribe"),
    ),
    Known::new(
        &["ListSubscriptionsByTopic"],
        "subscriptions[].subscription_arn",
        ("PendingConfirmation", "arn:*"),
        "a mail address is pending until its owner has confirmed it",
        sns!("API_Subscribe"),
    ),
    Known::new(
        &["GetTopicAttributes"],
        "attributes.Subscriptions*",
        ("*", "*"),
        "a mail address is pending until its owner has confirmed it",
        sns!("API_Subscribe"),
    ),
];

fn bad_subject(step: &Step) -> bool {
    let subject = step.get("Subject").unwrap_or_default();
    subject.len() > 99 || subject.contains('\n')
}
