//! One message for all protocols, within SNS's limits.

use std::collections::{BTreeSet, HashMap};

use aurora_model::{Report, words::count};
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::{Value, json};

use super::{
    Place, attributes,
    brief::brief,
    call::Call,
    chat, email,
    plain::{ascii, escaped, fitting},
};

/// SNS's limit for a message with all its bodies and attributes.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
pub const MAX_BYTES: usize = 262_144;
/// What the bodies may take of it, each measured as it stands in the message. The email is there
/// once, the report and the notification for chat twice, and the rest is small.
const EMAIL_BYTES: usize = 50_000;
const REPORT_BYTES: usize = 65_000;
/// SNS documents "less than 100 characters", and refuses any that are not ASCII.
const SUBJECT_CHARS: usize = 99;
/// One text message.
const SMS_CHARS: usize = 140;

/// A message ready to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// At most 99 printable ASCII characters.
    pub subject: String,
    /// The JSON object of bodies by protocol, for `MessageStructure: json`.
    pub message: String,
    /// For subscription filters.
    pub attributes: HashMap<String, MessageAttributeValue>,
}

/// What each protocol gets of `report`.
#[must_use]
pub fn render(report: &Report, place: &Place, request_id: &str) -> Mail {
    let report = &brief(report);
    let line = line(report);
    let subject = ascii(&line, SUBJECT_CHARS);
    let mail = email::text(report, place, request_id, EMAIL_BYTES);
    let whole = whole(report).to_string();
    let chat = chat::notification(report, &subject).to_string();
    let sms = ascii(&line, SMS_CHARS);
    let message = json!({
        "default": sms, "sms": sms, "email": mail, "https": chat, "http": chat, "sqs": whole, "lambda": whole,
    });
    Mail {
        subject,
        message: message.to_string(),
        attributes: attributes::of(report),
    }
}

/// `[ACT] take-snapshot: orders: failed to create 1`: what a locked phone shows. Where the names
/// of the clusters leave no room for what happened to them, their number has to do.
fn line(report: &Report) -> String {
    let (call, headline) = (Call::of(report).word(), &report.headline);
    if report.about.is_some() {
        // Its headline names the function that failed.
        return format!("[{call}] {headline}");
    }
    let start = format!("[{call}] {}", report.function);
    let whole = format!("{start}: {headline}");
    let what = report.what();
    if whole.len() <= SUBJECT_CHARS || what == headline {
        return whole;
    }
    let shown = report.rows.iter().filter(|row| email::shown(row));
    let clusters: BTreeSet<&str> = shown.map(|row| row.cluster.as_str()).collect();
    format!("{start}: {what} ({})", count(clusters.len(), "cluster"))
}

/// The report for programs, with as many rows as its share of the message allows.
fn whole(report: &Report) -> Value {
    let room = REPORT_BYTES.saturating_sub(escaped(&report.cut(0).to_string()));
    let fit = fitting(&report.rows, room, |row| json!(row).to_string());
    report.cut(fit)
}
