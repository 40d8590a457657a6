//! The custom notification that AWS's chat integration shows in Slack, Teams and Chime.
//! <https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html>

use std::fmt::Write;

use aurora_model::{Report, words::count};
use serde_json::{Value, json};

use super::email;

/// Chat is for a glance; the mail and the log have the rest.
const ROWS: usize = 10;
const LONGEST: usize = 4_000;

pub(super) fn notification(report: &Report, subject: &str) -> Value {
    let shown: Vec<_> = report.rows.iter().filter(|row| email::shown(row)).collect();
    let mut text = email::call(report).to_string();
    for note in &report.notes {
        let _ = write!(text, "\n{}", note.text);
    }
    for row in shown.iter().take(ROWS) {
        let _ = write!(
            text,
            "\n• *{}* `{}`: {}",
            email::word(row),
            row.subject,
            row.reason
        );
    }
    if shown.len() > ROWS {
        let _ = write!(text, "\n… and {}", count(shown.len() - ROWS, "more row"));
    }
    let steps: Vec<&str> = report
        .breaches
        .iter()
        .map(|breach| breach.lift.as_str())
        .take(3)
        .collect();
    let text: String = text.chars().take(LONGEST).collect();
    json!({
        "version": "1.0",
        "source": "custom",
        "content": {"textType": "client-markdown", "title": subject, "description": text, "nextSteps": steps},
        "metadata": {
            "threadId": format!("{}/{}", report.function, report.trigger.time),
            "summary": subject,
            "eventType": report.outcome.to_string(),
            "relatedResources": report.clusters().into_iter().take(ROWS).collect::<Vec<_>>(),
        },
    })
}
