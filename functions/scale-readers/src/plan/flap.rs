//! Readers that come and go all the time help nobody.

use aurora_model::{Choice, Note, Severity, words::count};
use jiff::Timestamp;

use super::{Decided, Scene};
use crate::{change::Change, changes::HOUR};

impl Scene<'_> {
    /// Why nothing is changed any more within this hour, if that is so.
    pub(super) fn flapping(&self) -> Option<Decided> {
        let (changes, first) = self.changes.within_the_hour(self.now);
        let first = first.filter(|_| changes >= self.limit())?;
        let reason = format!(
            "{} within an hour, as many as policy.flap_limit allows: nothing is changed before {}; find out why the load goes up and down",
            count(changes, "change"),
            self.clock(first)
        );
        Some(self.cluster(Choice::Alert, reason))
    }

    fn limit(&self) -> usize {
        usize::try_from(self.policy.flap_limit).unwrap_or(usize::MAX)
    }

    /// `decisions`, of which those wait that would be more changes than the hour has left, and what a
    /// person should hear once this run has made the last one.
    pub(super) fn within_limit(&self, mut decisions: Vec<Decided>) -> (Vec<Decided>, Option<Note>) {
        let (before, _) = self.changes.within_the_hour(self.now);
        let mut left = self.limit().saturating_sub(before);
        let mut made = 0;
        let until = self.clock(self.room());
        for decision in decisions.iter_mut().filter(|it| comes_or_goes(&it.choice)) {
            if left == 0 {
                decision.choice = Choice::Wait;
                decision.reason = format!(
                    "policy.flap_limit leaves no room for it before {until}: {}",
                    decision.reason
                );
            } else {
                (left, made) = (left - 1, made + 1);
            }
        }
        (
            decisions,
            (left == 0 && made > 0).then(|| self.last_one(before + made)),
        )
    }

    /// When there is room for a change again, once this run has used up what is left of the hour.
    fn room(&self) -> Timestamp {
        let (_, first) = self.changes.within_the_hour(self.now);
        first.unwrap_or(self.now + HOUR)
    }

    fn last_one(&self, changes: usize) -> Note {
        let text = format!(
            "This makes {} within an hour, as many as policy.flap_limit allows: nothing further is changed before {}. Find out why the load goes up and down.",
            count(changes, "change"),
            self.clock(self.room())
        );
        Note::new(Severity::Warning, text)
    }
}

const fn comes_or_goes(choice: &Choice<Change>) -> bool {
    matches!(choice, Choice::Act(Change::Create(_) | Change::Delete(_)))
}
