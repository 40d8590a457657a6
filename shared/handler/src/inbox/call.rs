//! Whether anyone must do anything: the first thing a mail says.

use aurora_model::{Report, RunOutcome, Severity};

/// What a report asks of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Something is broken and stays so until a person acts.
    Act,
    /// A rail holds something back until a person decides.
    Decide,
    /// Nothing is broken yet.
    Look,
    /// What is left will be done without anyone.
    Wait,
    /// Nothing was changed, because of the mode.
    Plan,
    /// All is well.
    Nothing,
}

impl Call {
    pub(super) fn of(report: &Report) -> Self {
        match report.outcome {
            _ if report.failed_for_good() => Self::Act,
            RunOutcome::Refused => Self::Decide,
            RunOutcome::NeedsPerson => Self::Act,
            _ if report
                .notes
                .iter()
                .any(|note| note.severity == Severity::Critical) =>
            {
                Self::Act
            }
            // What is left of the failures is what a retry may cure, and Lambda retries.
            RunOutcome::Failed => Self::Wait,
            RunOutcome::Expired => Self::Look,
            _ if report
                .notes
                .iter()
                .any(|note| note.severity == Severity::Warning) =>
            {
                Self::Look
            }
            RunOutcome::Partial => Self::Wait,
            RunOutcome::Planned => Self::Plan,
            RunOutcome::Nothing | RunOutcome::Success => Self::Nothing,
        }
    }

    /// The word in front of a subject, by which one also filters mails.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Act => "ACT",
            Self::Decide => "DECIDE",
            Self::Look => "LOOK",
            Self::Wait => "WAIT",
            Self::Plan => "PLAN",
            Self::Nothing => "OK",
        }
    }

    /// The sentence in the first line of a mail.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Act => "A person must act.",
            Self::Decide => "A person must decide.",
            Self::Look => "Please look.",
            Self::Wait => "Nobody needs to act: the rest is tried again by itself.",
            Self::Plan => "Nothing was changed: the mode is plan.",
            Self::Nothing => "Nobody needs to do anything.",
        }
    }
}
