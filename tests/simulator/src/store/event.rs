//! What EVENTs do.

use jiff::{SignedDuration, Timestamp};

use super::Store;

/// What an EVENT does: it deletes the rows of a table that are older than so many days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The table.
    pub table: String,
    /// The age.
    pub days: i64,
    /// Whether only marked rows go.
    pub marked: bool,
    /// When it was executed last.
    pub last: Option<Timestamp>,
    /// Until when that takes.
    pub until: Option<Timestamp>,
}

impl Made {
    /// Whether it is being executed.
    #[must_use]
    pub fn executed(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

impl Store {
    /// Executes `event` until then, if it is enabled and not being executed.
    pub fn fire(&mut self, event: &str, now: Timestamp, until: Timestamp) {
        let enabled = self.events.get(event).copied().unwrap_or(false);
        let idle = |made: &&mut Made| enabled && !made.executed(now);
        let Some(made) = self.made.get_mut(event).filter(idle) else {
            return;
        };
        (made.last, made.until) = (Some(now), Some(until));
        let (marked, before) = (
            made.marked,
            now - SignedDuration::from_hours(24 * made.days),
        );
        let table = made.table.clone();
        let rows = &mut self.table_mut(&table).rows;
        rows.retain(|_, row| row.at >= before || (marked && !row.marked));
    }
}
