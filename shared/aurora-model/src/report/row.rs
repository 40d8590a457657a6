//! What a row is made from, and what it tells of.

use super::{Row, Verdict};
use crate::{Choice, Decision, Outcome, plan::Action};

/// Whether a row tells of a change, or of one that failed for good.
pub(super) fn changed(row: &Row) -> bool {
    match &row.outcome {
        Some(Outcome::Failed { retry, .. }) => !retry,
        outcome => *outcome == Some(Outcome::Done),
    }
}

/// Whether a row tells of a change, or of one that does not come about by itself.
pub(super) fn news(row: &Row) -> bool {
    let pending = matches!(row.outcome, Some(Outcome::Planned | Outcome::Refused));
    changed(row) || pending || row.verdict == Verdict::Alert
}

pub(super) fn row<A: Action>(
    decision: Decision<A>,
    outcomes: &mut impl Iterator<Item = Outcome>,
) -> Row {
    let Decision {
        cluster,
        subject,
        choice,
        reason,
    } = decision;
    let not_begun = || Outcome::Left {
        detail: "the run ended before it was begun".into(),
    };
    let (verdict, action, outcome) = match choice {
        Choice::Act(action) => (
            Verdict::Act,
            Some(action.verb()),
            Some(outcomes.next().unwrap_or_else(not_begun)),
        ),
        Choice::Keep => (Verdict::Keep, None, None),
        Choice::Leave => (Verdict::Leave, None, None),
        Choice::Wait => (Verdict::Wait, None, None),
        Choice::Alert => (Verdict::Alert, None, None),
    };
    Row {
        cluster,
        subject,
        verdict,
        action,
        reason,
        outcome,
    }
}
