//! Calls to SNS and Secrets Manager.

use fastrand::Rng;
use nightshift_tests::lambda::{ACCOUNT, REGION};

use super::{any, seldom};
use crate::step::Step;

const TOPICS: [&str; 3] = ["inbox", "other", "nowhere"];
const SECRETS: [&str; 4] = ["db/orders", "db/stock", "db/late", "db/nobody"];
/// Without hyphens, so that nobody takes a random one for one of these.
const VERSIONS: [&str; 4] = [
    "one00000000000000000000000000000",
    "two00000000000000000000000000000",
    "three000000000000000000000000000",
    "nowhere0000000000000000000000000",
];
const LABELS: [&str; 4] = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "mine"];

/// With what every sequence begins.
pub fn begin() -> Vec<Step> {
    let content = [
        ("SecretId", SECRETS[0]),
        ("ClientRequestToken", VERSIONS[0]),
        ("SecretString", "one"),
    ];
    vec![
        Step::new("CreateTopic", &[("Name", "inbox")]),
        Step::new("CreateSecret", &[("Name", SECRETS[0])]),
        Step::new("CreateSecret", &[("Name", SECRETS[1])]),
        Step::new("PutSecretValue", &content),
    ]
}

/// A call.
pub fn generate(rng: &mut Rng) -> Step {
    if rng.u32(..5) < 2 {
        sns(rng)
    } else {
        secret(rng)
    }
}

fn sns(rng: &mut Rng) -> Step {
    let topic = format!("arn:aws:sns:{REGION}:{ACCOUNT}:{}", any(rng, &TOPICS));
    let topic = match rng.u32(..20) {
        0 => None,
        1 => Some("inbox"),
        _ => Some(&*topic),
    };
    match rng.u32(..9) {
        0 | 1 => {
            let bad = ["bad name", "", "dot.ted"];
            let name = seldom(rng, 5, &bad).unwrap_or_else(|| any(rng, &TOPICS[..2]));
            let attributes = ["DisplayName=Night", "DisplayName=Day"];
            Step::new("CreateTopic", &[("Name", name)])
                .with("Attributes", seldom(rng, 4, &attributes))
        }
        2 => Step::new("ListTopics", &[]),
        3 => Step::new("GetTopicAttributes", &[]).with("TopicArn", topic),
        4 => Step::new("ListSubscriptionsByTopic", &[]).with("TopicArn", topic),
        5 | 6 => subscribe(rng, topic),
        _ => publish(rng, topic),
    }
}

fn subscribe(rng: &mut Rng, topic: Option<&str>) -> Step {
    let queue = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:q");
    let (protocol, endpoint) = match rng.u32(..6) {
        0 => ("email", "night@example.com"),
        1 => ("email", "no address"),
        2 => ("carrier-pigeon", "loft"),
        3 => ("email", "day@example.com"),
        _ => ("sqs", &*queue),
    };
    Step::new("Subscribe", &[])
        .with("TopicArn", topic)
        .with("Protocol", Some(protocol))
        .with("Endpoint", Some(endpoint))
        .with("ReturnSubscriptionArn", seldom(rng, 2, &["true"]))
}

fn publish(rng: &mut Rng, topic: Option<&str>) -> Step {
    let long = "x".repeat(120);
    let large = "x".repeat(262_145);
    let (structure, message) = match rng.u32(..11) {
        0 | 10 => (None, None),
        1 => (None, Some(&*large)),
        2 => (Some("json"), Some("{\"email\":\"no default\"}")),
        3 => (Some("json"), Some("no json")),
        4 => (Some("json"), Some("{\"default\":\"d\",\"email\":\"e\"}")),
        5 => (Some("xml"), Some("<a/>")),
        _ => (None, Some("Two snapshots were taken.")),
    };
    let subject = match rng.u32(..8) {
        0 => Some(&*long),
        1 => Some("two\nlines"),
        2 => Some(""),
        3 | 4 => None,
        _ => Some("A night"),
    };
    Step::new("Publish", &[])
        .with("TopicArn", topic)
        .with("Subject", subject)
        .with("Message", message)
        .with("MessageStructure", structure)
        .with(
            "MessageAttributes",
            seldom(rng, 3, &["severity=info", "bad name=x", "aws.x=y"]),
        )
}

fn secret(rng: &mut Rng) -> Step {
    let id = Some(any(rng, &SECRETS));
    match rng.u32(..15) {
        0 | 1 => {
            let bad = ["no blanks", "un?"];
            let name = seldom(rng, 8, &bad).unwrap_or_else(|| any(rng, &SECRETS[..3]));
            Step::new("CreateSecret", &[("Name", name)])
                .with("ClientRequestToken", Some(any(rng, &VERSIONS[..2])))
                .with("SecretString", seldom(rng, 3, &["one", "two"]))
                .with("Description", seldom(rng, 3, &["of orders"]))
                .with("Tags", seldom(rng, 2, &["a=1,b=2", "a=1,a=2"]))
        }
        2..5 => Step::new("PutSecretValue", &[])
            .with("SecretId", id)
            .with("ClientRequestToken", Some(any(rng, &VERSIONS[..3])))
            .with("SecretString", Some(any(rng, &["one", "two", "three"])))
            .with(
                "VersionStages",
                seldom(rng, 2, &["AWSPENDING", "AWSCURRENT", "mine"]),
            ),
        5..7 => Step::new("GetSecretValue", &[])
            .with("SecretId", id)
            .with("VersionId", seldom(rng, 3, &VERSIONS[..3]))
            .with("VersionStage", seldom(rng, 3, &LABELS)),
        7 => Step::new("DescribeSecret", &[]).with("SecretId", id),
        8 => Step::new("ListSecretVersionIds", &[])
            .with("SecretId", id)
            .with("IncludeDeprecated", seldom(rng, 2, &["true"])),
        9..12 => Step::new("UpdateSecretVersionStage", &[])
            .with("SecretId", id)
            .with("VersionStage", Some(any(rng, &LABELS)))
            .with("RemoveFromVersionId", seldom(rng, 2, &VERSIONS))
            .with("MoveToVersionId", seldom(rng, 2, &VERSIONS)),
        12 => Step::new("DeleteSecret", &[])
            .with("SecretId", id)
            .with("RecoveryWindowInDays", seldom(rng, 2, &["7", "30", "6"]))
            .with(
                "ForceDeleteWithoutRecovery",
                seldom(rng, 4, &["true", "false"]),
            ),
        13 => Step::new("RestoreSecret", &[]).with("SecretId", id),
        _ => Step::new("ListSecrets", &[]),
    }
}
