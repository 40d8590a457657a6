//! A table.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime};

/// A table whose rows have a number, an age, and a mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows, by their numbers.
    pub rows: BTreeMap<i64, Row>,
    /// Its partitions by range of age, the oldest first; empty if it is not partitioned.
    pub parts: Vec<Part>,
    /// How many rows have gone with their partitions.
    pub gone: u64,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its age.
    pub at: Timestamp,
    /// Whether it carries the mark that a further condition asks for.
    pub marked: bool,
    /// For a child's row: the row it belongs to.
    pub parent: Option<i64>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its rows are younger than the partition before it, and older than this.
    pub below: DateTime,
}

/// A stretch of an index, with what must hold of a row that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whether the index leads with the age.
    pub by_age: bool,
    /// Behind this entry: age and number; the age counts only where the index leads with it.
    pub after: Option<(Timestamp, i64)>,
    /// Up to and with this entry.
    pub to: Option<(Timestamp, i64)>,
    /// Rows older than this go.
    pub cutoff: Timestamp,
    /// Whether only marked rows go.
    pub marked: bool,
}

impl Stretch {
    /// The place of a row in the index.
    fn entry(&self, id: i64, row: &Row) -> (Timestamp, i64) {
        let age = if self.by_age {
            row.at
        } else {
            Timestamp::UNIX_EPOCH
        };
        (age, id)
    }

    /// Whether a row of the stretch goes.
    #[must_use]
    pub fn takes(&self, row: &Row) -> bool {
        row.at < self.cutoff && (row.marked || !self.marked)
    }

    /// Whether a row is in the stretch.
    fn has(&self, id: i64, row: &Row) -> bool {
        let entry = self.entry(id, row);
        self.after.is_none_or(|after| entry > after) && self.to.is_none_or(|to| entry <= to)
    }
}

impl Table {
    /// The numbers of the rows of the stretch that go.
    #[must_use]
    pub fn going(&self, stretch: &Stretch) -> Vec<i64> {
        let rows = self.rows.iter();
        let goes = |(id, row): &(&i64, &Row)| stretch.has(**id, row) && stretch.takes(row);
        rows.filter(goes).map(|(id, _)| *id).collect()
    }

    /// The entry of the `count`-th row of the stretch in the index's order, whether it goes or not;
    /// where the index leads with the age, only rows older than the cutoff count.
    #[must_use]
    pub fn boundary(&self, stretch: &Stretch, count: usize) -> Option<(Timestamp, i64)> {
        let rows = self.rows.iter();
        let counts = |(id, row): &(&i64, &Row)| {
            stretch.has(**id, row) && (!stretch.by_age || row.at < stretch.cutoff)
        };
        let mut entries: Vec<_> = rows
            .filter(counts)
            .map(|(id, row)| stretch.entry(*id, row))
            .collect();
        entries.sort_unstable();
        entries.get(count.checked_sub(1)?).copied()
    }

    /// The rows of the partition of this name, by its neighbours' bounds.
    #[must_use]
    pub fn of_part(&self, name: &str) -> Vec<i64> {
        let Some(place) = self.parts.iter().position(|part| part.name == name) else {
            return Vec::new();
        };
        let from = place.checked_sub(1).map(|before| self.parts[before].below);
        let below = self.parts[place].below;
        let inside = |row: &Row| {
            let at = jiff::tz::TimeZone::UTC.to_datetime(row.at);
            at < below && from.is_none_or(|from| at >= from)
        };
        let rows = self.rows.iter();
        rows.filter(|(_, row)| inside(row))
            .map(|(id, _)| *id)
            .collect()
    }
}

/// A row's part of a checksum: no two rows of a script have the same.
#[must_use]
pub fn sum(id: i64) -> u64 {
    id.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
