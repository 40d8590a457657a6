//! An import in words: short for the mail, whole for the answer.

use std::fmt::Write as _;

use aurora_model::words::{count, list};
use jiff::Timestamp;
use jobs::policy::Kind;

use crate::write::Import;

/// `becomes the job purge-logs (purge); 2 differences in meaning`, and what a person must look at.
pub(super) fn short(import: &Import) -> String {
    let kind = match import.job.kind() {
        Some(Kind::Purge(_)) => "purge",
        Some(Kind::Call(_)) if import.procedure.is_some() => {
            "call of a procedure that is to be made"
        }
        Some(Kind::Call(_)) => "call",
        Some(Kind::Statement(_)) => "statement",
        Some(Kind::Archive(_)) => "archive",
        Some(Kind::Partitions(_)) => "partitions",
        None => "none",
    };
    let differences = match import.differences.len() {
        0 => "the same in meaning".to_owned(),
        number => format!("{} in meaning", count(number, "difference")),
    };
    let mut text = format!("becomes the job {} ({kind}), {differences}", import.job.job);
    if !import.problems.is_empty() {
        let problems: Vec<&str> = import
            .problems
            .iter()
            .map(|it| it.trim_end_matches('.'))
            .collect();
        // A String takes all that is written to it.
        let _ = write!(text, ". First: {}", list(&problems));
    }
    text
}

/// Everything, to be read and copied.
pub(super) fn whole(import: &Import, create: &str) -> String {
    let policy = serde_json::to_string_pretty(&import.policy).unwrap_or_default();
    let schedule = import.schedule.as_deref();
    let schedule = schedule.unwrap_or("none: see what is to be looked at first");
    let parts = [
        (
            format!("{}, as the server has it", import.event),
            create.to_owned(),
        ),
        (
            "What is to be looked at first".to_owned(),
            lines(&import.problems),
        ),
        (
            "What is different in meaning".to_owned(),
            lines(&import.differences),
        ),
        (
            "The procedure, for the mysql client".to_owned(),
            import.procedure.clone().unwrap_or_default(),
        ),
        (format!("The policy of the job {}", import.job.job), policy),
        (
            "Its schedule, for a template".to_owned(),
            schedule.to_owned(),
        ),
        (
            "The next firings, of the EVENT and of the schedule".to_owned(),
            firings(import),
        ),
    ];
    let said = parts.iter().filter(|(_, text)| !text.is_empty());
    let said: Vec<String> = said
        .map(|(title, text)| format!("{title}:\n{}", text.trim_end()))
        .collect();
    said.join("\n\n") + "\n"
}

fn lines(sentences: &[String]) -> String {
    let lines: Vec<String> = sentences.iter().map(|it| format!("- {it}")).collect();
    lines.join("\n")
}

/// Side by side, and marked where they are not in the same minute.
fn firings(import: &Import) -> String {
    let (ours, theirs) = (&import.firings.schedule, &import.firings.event);
    let rows = (0..ours.len().max(theirs.len())).map(|at| {
        let (event, schedule) = (theirs.get(at), ours.get(at));
        let minute = |time: Option<&Timestamp>| time.map(|time| time.as_second() / 60);
        let mark = if minute(event) == minute(schedule) {
            ""
        } else {
            "  *"
        };
        let spelled = |time: Option<&Timestamp>| time.map_or("-".to_owned(), ToString::to_string);
        format!("{:<22}{}{mark}", spelled(event), spelled(schedule))
    });
    rows.collect::<Vec<_>>().join("\n")
}
