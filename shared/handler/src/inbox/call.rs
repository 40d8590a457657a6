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
    Rest,
    /// Nothing was changed, because of the mode.
    Plan,
    /// All is well.
    Nothing,
}

impl Call {
    pub(super) fn of(report: &Report) -> Self {
        let says = |severity| report.notes.iter().any(|note| note.severity == severity);
        match report.outcome {
            _ if report.failed_for_good() || says(Severity::Critical) => Self::Act,
            RunOutcome::Failed if report.worth_a_retry() => Self::Rest,
            RunOutcome::Failed | RunOutcome::NeedsPerson => Self::Act,
            RunOutcome::Refused => Self::Decide,
            RunOutcome::Expired => Self::Look,
            _ if says(Severity::Warning) => Self::Look,
            RunOutcome::Partial => Self::Rest,
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
            Self::Rest => "PART",
            Self::Plan => "PLAN",
            Self::Nothing => "OK",
        }
    }

    /// The sentence in the first line of a mail.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Act => "A person must act.",
            Self::Decide => "What was refused was not touched. A person must decide.",
            Self::Look => "Please look.",
            Self::Rest => "Nobody needs to act: the rest is tried again by itself.",
            Self::Plan => "Nothing was changed: the mode is plan.",
            Self::Nothing => "Nobody needs to do anything.",
        }
    }
}
