//! One message for all protocols, within SNS's limits.

use std::collections::HashMap;

use aurora_model::Report;
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::{Value, json};

use super::{Place, attributes, chat, email};

/// SNS's limit for a message with all its bodies and attributes.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
pub const MAX_BYTES: usize = 262_144;
/// What the bodies may take of it, each measured as it stands in the message.
const EMAIL_BYTES: usize = 60_000;
const REPORT_BYTES: usize = 70_000;
/// SNS refuses longer subjects, and any that are not ASCII.
const SUBJECT_CHARS: usize = 100;
/// One text message.
const SMS_CHARS: usize = 140;

/// A message ready to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// At most 100 ASCII characters.
    pub subject: String,
    /// The JSON object of bodies by protocol, for `MessageStructure: json`.
    pub message: String,
    /// For subscription filters.
    pub attributes: HashMap<String, MessageAttributeValue>,
}

/// What each protocol gets of `report`.
#[must_use]
pub fn render(report: &Report, place: &Place, request_id: &str) -> Mail {
    let line = format!(
        "{} {}: {}",
        report.function, report.outcome, report.headline
    );
    let subject = ascii(&line, SUBJECT_CHARS);
    let shown = report.rows.iter().filter(|row| email::shown(row)).count();
    let mail = most_rows(shown, EMAIL_BYTES, |rows| {
        email::text(report, place, request_id, rows)
    });
    let whole = most_rows(report.rows.len(), REPORT_BYTES, |rows| {
        report.cut(rows).to_string()
    });
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

/// The body with as many rows as its share of the message allows.
fn most_rows(rows: usize, bytes: usize, body: impl Fn(usize) -> String) -> String {
    let fits = |rows: usize| {
        Some(body(rows)).filter(|body| Value::from(body.as_str()).to_string().len() <= bytes)
    };
    if let Some(whole) = fits(rows) {
        return whole;
    }
    let (mut low, mut high) = (0, rows);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle).is_some() {
            low = middle;
        } else {
            high = middle;
        }
    }
    fits(low).unwrap_or_else(|| "This report is too long for a mail; the log has it.".into())
}

/// `text` in printable ASCII, cut at `longest` characters.
fn ascii(text: &str, longest: usize) -> String {
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .collect();
    if plain.len() <= longest {
        return plain;
    }
    let cut: String = plain.chars().take(longest - 3).collect();
    format!("{}...", cut.trim_end())
}
