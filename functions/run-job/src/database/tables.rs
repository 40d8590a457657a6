//! Tables whose rows go, step by step.

mod condition;
mod described;
mod key;

use std::time::Duration;

use aurora_sql::SqlError;
use jobs::policy::Name;

pub use self::{
    condition::{Condition, Literal, Piece, Test},
    described::{Column, ForeignKey, Index, Table},
    key::{Held, Key, Part},
};
use super::{Holder, Place, RunId};

/// How a table is walked, decided once for a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walk<'a> {
    /// The table.
    pub table: &'a Table,
    /// The index that is walked.
    pub index: &'a Index,
    /// Which rows go.
    pub condition: &'a Condition,
    /// Where an archive's rows go.
    pub into: Option<&'a Table>,
    /// Tables whose rows go before.
    pub children: &'a [Kin],
}

impl<'a> Walk<'a> {
    /// The columns of a [`Key`] of this walk: the index's, and behind them those of the primary key
    /// that are not among them. `InnoDB` keeps a secondary index in this order.
    /// <https://dev.mysql.com/doc/refman/8.0/en/index-extensions.html>
    #[must_use]
    pub fn key(&self) -> Vec<&'a Column> {
        self.table.key(self.index)
    }
}

/// A table whose rows belong to the rows of another, with what the server says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kin {
    /// The table.
    pub table: Table,
    /// Its columns that refer to the parent.
    pub columns: Vec<Name>,
    /// The parent's columns they refer to, as many.
    pub references: Vec<Name>,
    /// Tables whose rows belong to this one's.
    pub children: Vec<Kin>,
}

/// About what a walk would meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// How many entries or rows the server would look at to find the condition's rows.
    pub examined: u64,
    /// Whether no index is of help for that: it would look at all of them.
    pub scan: bool,
}

/// A stretch of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Behind this key; from the beginning if `None`.
    pub after: Option<Key>,
    /// Up to and with this key; to the end if `None`.
    pub to: Option<Key>,
}

/// One step: what is done, and what the ledger is to say of it, in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<'a> {
    /// The run.
    pub run: RunId,
    /// Who has it in hand.
    pub holder: &'a Holder,
    /// The stretch.
    pub range: Range,
    /// How many entries of the walk's index it had at the most when its end was looked for.
    pub entries: u32,
    /// The most rows, the children's included, that one transaction may take away.
    pub most: u32,
    /// Where the run goes on afterwards, if the whole stretch was done.
    pub then: &'a Place,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The whole stretch is done and committed.
    Whole {
        /// Rows that are gone.
        rows: u64,
        /// Rows that were copied.
        copied: u64,
        /// Rows of children that are gone.
        children: u64,
        /// The rows' checksum.
        checksum: u64,
        /// How long the commit took.
        commit: Duration,
    },
    /// Children went, and more of them or the rows themselves are left: committed, and the same
    /// stretch comes again.
    Children {
        /// Rows of children that are gone.
        children: u64,
        /// How long the commit took.
        commit: Duration,
    },
    /// There are more rows to go in the stretch than one step may take: nothing was changed.
    TooMany,
    /// Another session added to the stretch's rows in the middle of the step: nothing was changed.
    Moved,
    /// Another has the run in hand now: nothing was changed.
    NotOurs,
    /// The copies in the archive are not what the rows are: nothing was changed.
    Differs {
        /// How many rows there are.
        rows: u64,
        /// How many of them the archive has.
        copied: u64,
    },
}

/// Tables, through one login.
pub trait Tables {
    /// What the server says of a table; `None` where there is none that the login may see.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn table(
        &mut self,
        schema: &Name,
        table: &Name,
    ) -> impl Future<Output = Result<Option<Table>, SqlError>>;

    /// About what it costs to find the condition's rows, by `EXPLAIN`: by the walk's index where that
    /// is a secondary one, otherwise however the server would find them by itself.
    ///
    /// # Errors
    /// When it cannot be asked, or the condition is no SQL.
    fn estimate(&mut self, walk: &Walk<'_>) -> impl Future<Output = Result<Estimate, SqlError>>;

    /// The key of the `rows`-th entry of the walk's index behind `after`; `None` where fewer are
    /// left. It is read from the index alone: on a secondary index only entries count for which
    /// that part of the condition holds that the index itself can answer. A free condition on a
    /// secondary index counts whole.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn boundary(
        &mut self,
        walk: &Walk<'_>,
        after: Option<&Key>,
        rows: u32,
    ) -> impl Future<Output = Result<Option<Key>, SqlError>>;

    /// Does one step: rows locked, counted and summed; copied and held against each other; children
    /// and rows deleted; the ledger's note of it; all in one transaction at `READ COMMITTED`.
    ///
    /// # Errors
    /// Nothing was changed, unless [`SqlError::unsure`].
    fn step(
        &mut self,
        walk: &Walk<'_>,
        step: &Step<'_>,
    ) -> impl Future<Output = Result<Done, SqlError>>;
}
