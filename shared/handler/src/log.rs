//! Log lines: one JSON object each, on standard output, where Lambda picks them up.

use std::{io::Write, time::Duration};

use aurora_model::Report;
use serde_json::{Value, json};

/// `CloudWatch` Logs cuts events beyond 256 KB; a row is rarely beyond 300 bytes.
const ROWS_A_LINE: usize = 500;

/// The report of a run: one line, and where it has more rows than a line holds, further lines
/// with the rest of them.
pub(crate) fn report(report: &Report, request_id: &str, took: Duration) {
    let level = if report.outcome.ok() { "INFO" } else { "WARN" };
    entry(&json!({
        "level": level, "request_id": request_id, "took_ms": took.as_millis(),
        "clusters": report.clusters(), "report": report.cut(ROWS_A_LINE),
    }));
    for rows in report.rows.chunks(ROWS_A_LINE).skip(1) {
        entry(&json!({"level": level, "request_id": request_id, "more_rows": rows}));
    }
}

/// One line.
pub(crate) fn entry(entry: &Value) {
    line(&entry.to_string());
}

/// One line, as it is. One that cannot be written has nowhere to be reported to.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
