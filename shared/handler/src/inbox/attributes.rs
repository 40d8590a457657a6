//! Message attributes, by which a subscription's filter policy picks its mails.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html>

use std::collections::HashMap;

use aurora_model::{Report, RunOutcome};
use aws_sdk_sns::types::MessageAttributeValue;

use super::plain::{clip, fitting};

/// Attributes count towards the size of a message; a fleet's names must not fill it.
const CLUSTERS_BYTES: usize = 6_000;
const NAME_CHARS: usize = 100;

/// The function a report tells of: for a lost run the one that was lost, so that a subscription
/// to a function's mails finds it too.
pub(super) fn told_of(report: &Report) -> &str {
    let about = report.about.as_ref();
    about.map_or(report.function, |lost| lost.function.as_str())
}

/// What became of the run that a report tells of.
pub(super) const fn outcome(report: &Report) -> RunOutcome {
    match report.about {
        Some(_) => RunOutcome::Failed,
        None => report.outcome,
    }
}

/// `function`, `severity`, `outcome` and, where the report is about any, `cluster`: an array,
/// so that a filter on one cluster also finds reports about several.
pub(super) fn of(report: &Report) -> HashMap<String, MessageAttributeValue> {
    let mut attributes = HashMap::from([
        ("function".into(), text("String", told_of(report).into())),
        (
            "severity".into(),
            text("String", report.severity().to_string()),
        ),
        (
            "outcome".into(),
            text("String", outcome(report).to_string()),
        ),
    ]);
    let clusters = report.clusters();
    let clusters: Vec<String> = clusters.iter().map(|name| clip(name, NAME_CHARS)).collect();
    let fit = fitting(&clusters, CLUSTERS_BYTES, String::clone);
    if fit > 0 {
        let list = serde_json::Value::from(&clusters[..fit]).to_string();
        attributes.insert("cluster".into(), text("String.Array", list));
    }
    attributes
}

/// SNS refuses a message with an empty attribute.
fn text(data_type: &str, mut value: String) -> MessageAttributeValue {
    if value.is_empty() {
        value.push_str("unknown");
    }
    let attribute = MessageAttributeValue::builder()
        .data_type(data_type)
        .string_value(value)
        .build();
    #[expect(
        clippy::expect_used,
        reason = "the data type, the one required field, is set above"
    )]
    attribute.expect("data_type is set")
}
