//! The text a person reads, often on a phone: the news first, then each row in a few short lines,
//! last where to look.

use std::fmt::Write;

use aurora_model::{
    LostRun, Outcome, Report, Row, Severity,
    report::{TriggerRef, Verdict},
    words::{count, moment, past},
};

use super::{
    Place,
    call::Call,
    plain::{escaped, fitting, line},
    sections,
};

/// Room for the line that says how many rows were left out.
const LEFT_OUT_BYTES: usize = 120;

/// Whether a row is shown to people; what stays as it is, is only counted.
pub(super) fn shown(row: &Row) -> bool {
    !matches!(row.verdict, Verdict::Keep | Verdict::Leave)
}

/// Nobody reads more rows than this on a phone at night; what failed or needs a person is shown
/// all the same.
const READABLE: usize = 30;

fn readable(rows: &[&Row]) -> usize {
    let urgent = rows.iter().filter(|row| row.rank() < 2).count();
    urgent + READABLE
}

/// The text, with as many rows as fit into `bytes`, failures first.
pub(super) fn text(report: &Report, place: &Place, request_id: &str, bytes: usize) -> String {
    let one_cluster = report.clusters().len() == 1;
    let (start, end) = (start(report), end(report, place, request_id));
    let end = sections::text(&report.sections) + &end;
    let rows: Vec<&Row> = report.rows.iter().filter(|row| shown(row)).collect();
    let row = |row: &&Row| self::row(row, one_cluster);
    let room = bytes.saturating_sub(escaped(&start) + escaped(&end) + LEFT_OUT_BYTES);
    let fit = fitting(&rows, room, row).min(readable(&rows));
    let mut text = start;
    if !rows.is_empty() {
        text.push_str("\nWhat and why\n");
    }
    text.extend(rows.iter().take(fit).map(row));
    if fit < rows.len() {
        let _ = writeln!(
            text,
            "... and {} not shown here; the log has all of them",
            count(rows.len() - fit, "row")
        );
    }
    text + &end
}

fn start(report: &Report) -> String {
    let stop = if report.headline.ends_with('.') {
        ""
    } else {
        "."
    };
    let call = Call::of(report).sentence();
    let mut text = format!("{}{stop} {call}\n", report.headline);
    notes(&mut text, report);
    text
}

fn notes(text: &mut String, report: &Report) {
    let said = |note: &&aurora_model::Note| note.text != report.headline;
    for note in report.notes.iter().filter(said) {
        let mark = match note.severity {
            Severity::Info => "",
            Severity::Warning => "Warning: ",
            Severity::Critical => "CRITICAL: ",
        };
        let _ = write!(text, "\n{mark}{}\n", note.text);
    }
    for breach in &report.breaches {
        let about = breach.cluster.as_ref();
        let about = about
            .map(|cluster| format!(" for {cluster}"))
            .unwrap_or_default();
        let _ = write!(
            text,
            "\nRefused by the rail {}{about}: {}\nTo lift it: {}\n",
            breach.rail, breach.sentence, breach.lift
        );
    }
}

fn row(row: &Row, one_cluster: bool) -> String {
    let mut text = format!("- {} {}", word(row), line(&row.subject));
    if row.subject != row.cluster && !one_cluster && !row.cluster.is_empty() {
        let _ = write!(text, " (cluster {})", line(&row.cluster));
    }
    let _ = write!(text, "\n  {}\n", line(&row.reason));
    if let Some(detail) = detail(row) {
        let _ = writeln!(text, "  -> {}", line(detail));
    }
    text
}

/// Why an action did not come off.
pub(super) fn detail(row: &Row) -> Option<&str> {
    match row.outcome.as_ref()? {
        Outcome::Failed { detail, .. } | Outcome::Busy { detail } | Outcome::Left { detail } => {
            Some(detail)
        }
        Outcome::Done | Outcome::AlreadyDone | Outcome::Refused | Outcome::Planned => None,
    }
}

/// `FAILED to create`, `would delete`, `NEEDS A PERSON:`.
pub(super) fn word(row: &Row) -> String {
    let verb = row.action.unwrap_or_default();
    match (&row.outcome, row.verdict) {
        (Some(Outcome::Done), _) => past(verb),
        (Some(Outcome::AlreadyDone), _) => format!("already {}", past(verb)),
        (Some(Outcome::Busy { .. } | Outcome::Left { .. }), _) => format!("still to {verb}"),
        (Some(Outcome::Failed { .. }), _) => format!("FAILED to {verb}"),
        (Some(Outcome::Refused), _) => format!("refused to {verb}"),
        (Some(Outcome::Planned), _) => format!("would {verb}"),
        (None, Verdict::Wait) => "waits:".into(),
        (None, Verdict::Alert) => "NEEDS A PERSON:".into(),
        (None, _) => "stays:".into(),
    }
}

fn end(report: &Report, place: &Place, request_id: &str) -> String {
    let with = |verdict| report.rows.iter().filter(move |row| row.verdict == verdict);
    let stayed = [
        (with(Verdict::Keep).count(), "Kept"),
        (with(Verdict::Leave).count(), "Left alone"),
    ];
    let mut text = String::new();
    for (number, what) in stayed.into_iter().filter(|(number, _)| *number > 0) {
        let start = if text.is_empty() { "\n" } else { " " };
        let _ = write!(text, "{start}{what}: {number}.");
    }
    if !text.is_empty() {
        text.push_str(" The log has the reason for each.\n");
    }
    text.push('\n');
    let Place {
        function_name,
        region,
        log_group,
    } = place;
    match &report.about {
        None => {
            let mode = report.mode;
            let _ = writeln!(text, "Function: {function_name} in {region}, mode {mode}");
            woken_by(&mut text, &report.trigger);
            let _ = writeln!(text, "Log: {log_group}, request {request_id}");
        }
        Some(lost) => {
            lost_run(&mut text, lost);
            let _ = writeln!(text, "Told by: {function_name}, request {request_id}");
        }
    }
    text
}

fn lost_run(text: &mut String, lost: &LostRun) {
    let LostRun {
        function: _,
        function_name,
        region,
        log_group,
        request_id,
        trigger,
    } = lost;
    let _ = writeln!(text, "Function: {function_name} in {region}");
    if let Some(trigger) = trigger {
        woken_by(text, trigger);
    }
    let _ = writeln!(text, "Log: {log_group}, request {request_id}");
}

fn woken_by(text: &mut String, trigger: &TriggerRef) {
    let (kind, name) = (trigger.kind, line(trigger.name()));
    let _ = writeln!(text, "Woken by: {kind} {name}, {}", moment(trigger.time));
}
