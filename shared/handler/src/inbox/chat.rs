//! The custom notification that AWS's chat integration shows in Slack, Teams and Chime.
//! <https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html>

use std::fmt::Write;

use aurora_model::{Report, words::count};
use serde_json::{Value, json};

use super::{
    attributes::{outcome, told_of},
    call::Call,
    email,
    plain::{clip, line},
};

/// Chat is for a glance; the mail and the log have the rest.
const ROWS: usize = 10;
const LONGEST: usize = 3_000;
/// Of a case file: what fired, and what is most likely the matter.
const SECTIONS: usize = 2;
const LINES: usize = 6;
const NAME_CHARS: usize = 100;
const STEPS: usize = 3;
const STEP_CHARS: usize = 300;

pub(super) fn notification(report: &Report, subject: &str) -> Value {
    let shown: Vec<_> = report.rows.iter().filter(|row| email::shown(row)).collect();
    let mut text = Call::of(report).sentence().to_string();
    for note in &report.notes {
        let _ = write!(text, "\n{}", note.text);
    }
    for row in shown.iter().take(ROWS) {
        let word = email::word(row);
        let word = word.trim_end_matches(':');
        let (subject, reason) = (line(&row.subject), line(&row.reason));
        let _ = write!(text, "\n• *{word}* `{subject}`: {reason}");
        if let Some(detail) = email::detail(row) {
            let _ = write!(text, " -> {}", line(detail));
        }
    }
    if shown.len() > ROWS {
        let _ = write!(text, "\n... and {}", count(shown.len() - ROWS, "more row"));
    }
    for section in report.sections.iter().take(SECTIONS) {
        let _ = write!(text, "\n*{}*", section.title);
        for line in section.lines.iter().take(LINES) {
            let _ = write!(text, "\n{line}");
        }
    }
    let text: String = text.chars().take(LONGEST).collect();
    let steps = report.breaches.iter().take(STEPS);
    let steps: Vec<String> = steps.map(|breach| clip(&breach.lift, STEP_CHARS)).collect();
    let clusters = report.clusters().into_iter().take(ROWS);
    let clusters: Vec<String> = clusters.map(|name| clip(name, NAME_CHARS)).collect();
    json!({
        "version": "1.0",
        "source": "custom",
        "content": {"textType": "client-markdown", "title": subject, "description": text, "nextSteps": steps},
        "metadata": {
            "threadId": format!("{}/{}", told_of(report), report.trigger.time),
            "summary": subject,
            "eventType": outcome(report).to_string(),
            "relatedResources": clusters,
        },
    })
}
