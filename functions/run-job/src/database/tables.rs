//! Tables whose rows go, step by step.

use std::time::Duration;

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::policy::{Name, Rows};
use serde::{Deserialize, Serialize};

use super::{Holder, Place, RunId};

/// A table, as `information_schema` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The schema.
    pub schema: String,
    /// The name.
    pub name: String,
    /// `InnoDB`.
    pub engine: String,
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// The visible indexes, `PRIMARY` first.
    pub indexes: Vec<Index>,
    /// The foreign keys of other tables that refer to it.
    pub referred_by: Vec<ForeignKey>,
    /// Its triggers that fire when a row is deleted.
    pub delete_triggers: Vec<String>,
    /// About how many rows it has.
    pub rows: u64,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// `DATA_TYPE`: `bigint`, `varchar`, `datetime`.
    pub kind: String,
    /// `COLUMN_TYPE`: `bigint unsigned`, `varchar(40)`.
    pub full: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The collation of a text.
    pub collation: Option<String>,
    /// Whether it is computed: it cannot be inserted.
    pub generated: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The name; `PRIMARY` for the primary key.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<String>,
    /// Whether it is a plain one that can be walked upwards: a B-tree on whole, ascending columns.
    pub plain: bool,
}

/// A foreign key of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The schema of the table that has it.
    pub schema: String,
    /// The table that has it.
    pub table: String,
    /// Its columns there.
    pub columns: Vec<String>,
    /// The columns here that they refer to.
    pub references: Vec<String>,
    /// What happens there when a row goes: `CASCADE`, `SET NULL`, `RESTRICT`, `NO ACTION`.
    pub on_delete: String,
}

/// A place in an index: the values of its columns, and after them those of the primary key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key(pub Vec<Part>);

/// One value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// NULL, which only a secondary index has.
    Null,
    /// A whole number.
    Integer(i128),
    /// A text, a date, a time, or a decimal number, as MySQL writes it.
    Text(String),
    /// Bytes, as hexadecimal digits.
    Hex(String),
}

/// How a table is walked, decided once for a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk<'a> {
    /// The table.
    pub table: &'a Table,
    /// The index that is walked.
    pub index: &'a Index,
    /// Which rows go, as the policy says.
    pub rows: &'a Rows,
    /// Rows older than this go; `:now` of a free condition is [`now`](Self::now).
    pub cutoff: Option<Timestamp>,
    /// The run's schedule's time.
    pub now: Timestamp,
    /// Where an archive's rows go.
    pub into: Option<&'a Table>,
}

/// About what a walk would meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// How many rows the server would look at to find those of the condition by itself.
    pub examined: u64,
    /// Whether it would look at the whole table, without an index.
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
    /// Children went, and more of them are left: committed, and the same stretch comes again.
    Children {
        /// Rows of children that are gone.
        children: u64,
        /// How long the commit took.
        commit: Duration,
    },
    /// There are more rows to go in the stretch than one step may take: nothing was changed.
    TooMany,
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

    /// About what the condition's rows cost to find, by `EXPLAIN`.
    ///
    /// # Errors
    /// When it cannot be asked, or the condition is no SQL.
    fn estimate(&mut self, walk: &Walk<'_>) -> impl Future<Output = Result<Estimate, SqlError>>;

    /// The key of the `rows`-th entry of the walk's index behind `after`, read from the index alone;
    /// `None` where fewer are left. Where the index leads with the condition's column, entries past
    /// the cutoff do not count.
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
