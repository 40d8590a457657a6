//! The book of the night: every decision and every mail in full.

use std::fmt::Write;
use std::{fs, process};

use serde_json::Value;

use super::run::Run;
use super::tonight::Tonight;
use super::{Mode, Told, timeline};
use crate::repo;

/// The book, written when the night is over.
pub struct Book {
    text: String,
    mails: usize,
}

impl Book {
    /// An empty one.
    #[must_use]
    pub fn new(mode: Mode, tonight: &Tonight) -> Self {
        let Tonight { day, place, .. } = tonight;
        let text = format!("The night of {day} in {place}, mode {}\n", mode.as_str());
        Self { text, mails: 0 }
    }

    /// How many mails stand in it.
    #[must_use]
    pub const fn mails(&self) -> usize {
        self.mails
    }

    /// All that stands in it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Writes down what happened.
    pub fn note(&mut self, told: &Told) {
        let time = told.happening.time.strftime("%H:%M:%S UTC");
        let title = timeline::title(&told.happening.what);
        let _ = writeln!(self.text, "\n\n{time}  {title}");
        for run in &told.woken.runs {
            self.run(run);
        }
        for mail in &told.woken.mails {
            self.mails += 1;
            let (number, subject) = (self.mails, &mail.subject);
            let _ = writeln!(
                self.text,
                "\n--- mail {number}\nSubject: {subject}\n\n{}---",
                mail.email()
            );
        }
    }

    fn run(&mut self, run: &Run) {
        let Run {
            function, attempts, ..
        } = run;
        let step = run
            .step
            .as_deref()
            .map_or_else(String::new, |step| format!(", {step}"));
        let ended = if run.failed {
            run.text("errorMessage")
        } else {
            run.text("headline")
        };
        let outcome = if run.failed {
            run.text("errorType")
        } else {
            run.text("outcome")
        };
        let _ = writeln!(
            self.text,
            "{function}{step}, attempts: {attempts}. {outcome}: {ended}"
        );
        for row in run.rows() {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            let word = row["action"].as_str().unwrap_or_else(|| text("verdict"));
            let (cluster, subject, reason) = (text("cluster"), text("subject"), text("reason"));
            let _ = write!(self.text, "  {word:<6} {cluster}/{subject}: {reason}");
            for key in ["outcome", "detail"] {
                if let Value::String(text) = &row[key] {
                    let _ = write!(self.text, " [{text}]");
                }
            }
            self.text.push('\n');
        }
        let notes = run.result["notes"].as_array().into_iter().flatten();
        for text in notes.filter_map(|note| note["text"].as_str()) {
            let _ = writeln!(self.text, "  {}", text.trim_end().replace('\n', "\n  "));
        }
    }

    /// Puts it where the reader finds it, whole even with another night beside this one.
    #[must_use]
    pub fn write(&self) -> String {
        let name = "target/night/decisions.txt";
        let path = repo::root().join(name);
        let folder = path.parent().expect("a folder");
        let draft = folder.join(format!("decisions-{}.txt", process::id()));
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&draft, &self.text))
            .and_then(|()| fs::rename(&draft, &path));
        written.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        name.to_owned()
    }
}
