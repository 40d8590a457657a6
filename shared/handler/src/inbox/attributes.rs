//! Message attributes, by which a subscription's filter policy picks its mails.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html>

use std::collections::HashMap;

use aurora_model::Report;
use aws_sdk_sns::types::MessageAttributeValue;

/// Attributes count towards the size of a message; a fleet's names must not fill it.
const MAX_CLUSTERS: usize = 100;

/// `function`, `severity`, `outcome` and, where the report is about any, `cluster`: an array,
/// so that a filter on one cluster also finds reports about several.
pub(super) fn of(report: &Report) -> HashMap<String, MessageAttributeValue> {
    let mut attributes = HashMap::from([
        ("function".into(), text("String", report.function.into())),
        (
            "severity".into(),
            text("String", report.severity().to_string()),
        ),
        ("outcome".into(), text("String", report.outcome.to_string())),
    ]);
    let clusters = report.clusters();
    if !clusters.is_empty() {
        let some = &clusters[..clusters.len().min(MAX_CLUSTERS)];
        let list = serde_json::Value::from(some.to_vec()).to_string();
        attributes.insert("cluster".into(), text("String.Array", list));
    }
    attributes
}

fn text(data_type: &str, value: String) -> MessageAttributeValue {
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
