//! What the database of a cluster holds, as far as jobs go: tables with rows, partitions, EVENTs, and
//! the ledger.
//!
//! It is plain data. Whoever starts a function puts its own statements over it; what is true of rows
//! and runs is asked here, after every step.

mod event;
mod ledger;
mod table;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub use event::Made;
pub use ledger::{JobRow, Ledger, Logged, RunRow};
pub use table::{Part, Row, Stretch, Table, sum};

/// What the database of a cluster holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Store {
    /// The ledger, once it is made.
    pub ledger: Option<Ledger>,
    /// Whether the job's user may make it.
    pub may_create: bool,
    /// The tables, by their names.
    pub tables: BTreeMap<String, Table>,
    /// The EVENTs by `schema.name`, and whether each is enabled.
    pub events: BTreeMap<String, bool>,
    /// What the EVENTs do, as far as they fire.
    pub made: BTreeMap<String, Made>,
    /// The calls and statements that were carried out, or are under way.
    pub worked: Vec<Worked>,
}

/// A call or a statement that a job had the server carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worked {
    /// The job's run in the ledger.
    pub run: u64,
    /// The session.
    pub session: u64,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; none while it is under way.
    pub ended: Option<Timestamp>,
    /// Whether it took effect.
    pub effective: bool,
}

impl Store {
    /// The table of this name; an empty one if there is none.
    pub fn table_mut(&mut self, name: &str) -> &mut Table {
        self.tables.entry(name.to_owned()).or_default()
    }
}
