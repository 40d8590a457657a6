//! Log lines: one JSON object each, on standard output, where Lambda picks them up.

use std::{io::Write, sync::Arc, time::Duration};

use aurora_model::Report;
use serde_json::{Value, json};

/// `CloudWatch` Logs cuts events beyond 256 KB; a row is rarely beyond 300 bytes.
const ROWS_A_LINE: usize = 500;

/// Where log lines go.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&str) + Send + Sync>);

impl Log {
    /// Lines go to `write`, without their line ends.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// Lines go to standard output. One that cannot be written has nowhere to be reported to.
    #[must_use]
    pub fn stdout() -> Self {
        Self::to(|line| {
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        })
    }

    /// The report of a run: one line, and where it has more rows than a line holds, further
    /// lines with the rest of them.
    pub(crate) fn report(&self, report: &Report, request_id: &str, took: Duration) {
        let level = if report.outcome.ok() { "INFO" } else { "WARN" };
        self.entry(&json!({
            "level": level, "request_id": request_id, "took_ms": took.as_millis(),
            "clusters": report.clusters(), "report": report.cut(ROWS_A_LINE),
        }));
        for rows in report.rows.chunks(ROWS_A_LINE).skip(1) {
            self.entry(&json!({"level": level, "request_id": request_id, "more_rows": rows}));
        }
    }

    /// One line.
    pub(crate) fn entry(&self, entry: &Value) {
        self.line(&entry.to_string());
    }

    /// One line, as it is.
    pub(crate) fn line(&self, text: &str) {
        (self.0)(text);
    }
}
