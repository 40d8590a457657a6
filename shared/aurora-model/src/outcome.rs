//! What became of one action, and what that makes of a run.

use std::fmt;

use serde::Serialize;

use crate::{
    Breach,
    report::{Row, Verdict},
};

/// What became of one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done by this run.
    Done,
    /// It had been done before, by an earlier or a concurrent run.
    AlreadyDone,
    /// It could not be done now; the next run will do it.
    Busy {
        /// Why not now.
        detail: String,
    },
    /// It failed.
    Failed {
        /// What happened and what to do.
        detail: String,
        /// Whether trying again by itself may help.
        retry: bool,
    },
    /// It was not begun: the deadline was near, or the run ended before.
    Left {
        /// Why not.
        detail: String,
    },
    /// A rail forbade it.
    Refused,
    /// The mode is `plan`.
    Planned,
}

/// What a run amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Everything was as the policy wants; nothing had to be done.
    Nothing,
    /// All that was to be done is done.
    Success,
    /// Mode `plan`: nothing was touched.
    Planned,
    /// Some of it is done; the rest failed, waits or was left to the next run.
    Partial,
    /// A rail forbade what was planned.
    Refused,
    /// No action failed, but something needs a person.
    NeedsPerson,
    /// What was tried failed.
    Failed,
    /// The trigger was too old to act on.
    Expired,
}

impl RunOutcome {
    /// Whether the policy's wish is met (or, in mode `plan`, the run itself went well).
    #[must_use]
    pub const fn ok(self) -> bool {
        matches!(self, Self::Nothing | Self::Success | Self::Planned)
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Success => "success",
            Self::Planned => "planned",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::NeedsPerson => "needs-person",
            Self::Failed => "failed",
            Self::Expired => "expired",
        })
    }
}

/// What a run with these rows and breaches amounts to.
pub(crate) fn amounts_to(rows: &[Row], breaches: &[Breach]) -> RunOutcome {
    let any = |wanted: fn(&Row) -> bool| rows.iter().any(wanted);
    let done = any(|row| matches!(row.outcome, Some(Outcome::Done | Outcome::AlreadyDone)));
    let failed = any(|row| matches!(row.outcome, Some(Outcome::Failed { .. })));
    let unfinished = any(|row| {
        matches!(
            row.outcome,
            Some(Outcome::Busy { .. } | Outcome::Left { .. })
        ) || row.verdict == Verdict::Wait
    });
    match () {
        () if failed && !done => RunOutcome::Failed,
        () if failed => RunOutcome::Partial,
        () if any(|row| row.verdict == Verdict::Alert) => RunOutcome::NeedsPerson,
        () if !breaches.is_empty() => RunOutcome::Refused,
        () if any(|row| row.outcome == Some(Outcome::Planned)) => RunOutcome::Planned,
        () if unfinished => RunOutcome::Partial,
        () if any(|row| row.outcome == Some(Outcome::Done)) => RunOutcome::Success,
        () => RunOutcome::Nothing,
    }
}
