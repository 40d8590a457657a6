//! The kinds of job.

use aurora_model::Span;
use handler::policy::object;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Name;

/// Which rows of a table a purge or an archive takes away: those whose `column` is older than
/// `older_than` (and for which `and` holds), or those for which `where` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// The table, in the policy's `database`. It needs a primary key.
    pub table: Name,
    /// Where a row's age is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Name>,
    /// Rows older than this go. The age is counted from the trigger's time, and stays the same for
    /// the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than: Option<Span>,
    /// What the column holds.
    #[serde(default)]
    pub unit: Unit,
    /// The zone in which a `DATE` or `DATETIME` column is written; a `TIMESTAMP` and the numbers
    /// need none.
    #[serde(default)]
    pub column_zone: aurora_model::Zone,
    /// A further condition: `{"column": "is_deleted", "operator": "=", "value": 1}`.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub and: Option<And>,
    /// Instead of `column`, `older_than` and `and`, a condition of your own in SQL. `:now` in it is
    /// the trigger's time as a UTC datetime, the same for the whole run; so functions whose value
    /// changes under way, such as `NOW()` and `RAND()`, are refused, as are `;`, `?`, `@` and comments.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub free: Option<String>,
    /// Whether the whole table may be walked where no index leads to the rows of `where`.
    #[serde(default)]
    pub accept_scan: bool,
    /// Tables whose rows belong to these rows and go first. A table that refers to this one by a
    /// foreign key must be named here. Not for an archive.
    #[serde(
        default,
        deserialize_with = "object::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub children: Vec<Child>,
    /// For an archive: the table of the same server that takes the rows, `table` or
    /// `schema.table`. It has the same columns and the same primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// A run that has taken away so many rows stops and asks for a person; at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u64>,
}

/// What a column of ages holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// `DATE`, `DATETIME` or `TIMESTAMP`.
    #[default]
    Time,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// Snowflake ids: milliseconds since 2010-11-04T01:42:54.657Z, shifted left by 22 bits.
    /// <https://github.com/twitter-archive/snowflake/tree/snowflake-2010>
    Snowflake,
    /// TSIDs: milliseconds since 2020-01-01T00:00:00Z, shifted left by 22 bits.
    /// <https://github.com/f4b6a3/tsid-creator>
    Tsid,
}

/// A further condition on one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct And {
    /// The column.
    pub column: Name,
    /// How it is compared.
    pub operator: Operator,
    /// With what: a text, a number, true or false; a list of up to 1,000 of these for `in` and
    /// `not-in`; null or nothing for `is` and `is-not`.
    #[serde(default)]
    pub value: serde_json::Value,
}

/// How a column is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Operator {
    /// Equal.
    #[serde(rename = "=")]
    Equal,
    /// Not equal.
    #[serde(rename = "<>")]
    NotEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    AtMost,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    AtLeast,
    /// One of a list.
    #[serde(rename = "in")]
    In,
    /// None of a list.
    #[serde(rename = "not-in")]
    NotIn,
    /// `IS NULL`.
    #[serde(rename = "is")]
    Is,
    /// `IS NOT NULL`.
    #[serde(rename = "is-not")]
    IsNot,
}

/// A table whose rows belong to the rows of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Child {
    /// The table, in the policy's `database`.
    pub table: Name,
    /// Its columns that refer to the parent.
    pub columns: Vec<Name>,
    /// The parent's columns they refer to; its primary key if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Name>,
    /// Tables whose rows belong to this one's, in their turn.
    #[serde(
        default,
        deserialize_with = "object::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub children: Vec<Child>,
}

/// Keeps the partitions of a table that is partitioned by range of time: `RANGE (TO_DAYS(column))`,
/// `RANGE (UNIX_TIMESTAMP(column))`, or `RANGE COLUMNS (column)` of one `DATE` or `DATETIME`.
/// <https://dev.mysql.com/doc/refman/8.0/en/partitioning-range.html>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partitions {
    /// The table, in the policy's `database`.
    pub table: Name,
    /// How much time one partition holds: whole days, such as `1d` or `7d`.
    pub every: Span,
    /// How many partitions there are to be ahead of the trigger's time: from 1 to 1,000.
    pub ahead: u32,
    /// A partition all of whose rows are older than this is taken away.
    pub keep: Span,
    /// What becomes of a partition past its age.
    #[serde(default)]
    pub past: Past,
    /// The most partitions that one run takes away, at least 1; more are refused, whole.
    #[serde(default = "max_drops")]
    pub max_drops: u32,
}

const fn max_drops() -> u32 {
    7
}

/// What becomes of a partition past its age.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Past {
    /// It is dropped with its rows.
    #[default]
    Drop,
    /// It is exchanged into a new table `{table}_{partition}` in this schema, and then dropped.
    ExchangeInto(Name),
}

/// A stored procedure, and what holds of its run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The procedure, in the policy's `database`.
    pub procedure: Name,
    /// Its arguments: texts, numbers, true, false or null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<serde_json::Value>,
    /// It is ended on the server after this time; at most `14m`.
    #[serde(default = "budget")]
    pub budget: Span,
    /// What to do when it cannot be known whether it ended well.
    #[serde(default)]
    pub lost: Lost,
}

/// One statement, and what holds of its run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// The statement: one. One that begins with `INSERT`, `REPLACE`, `UPDATE`, `DELETE` or `WITH` runs in
    /// one transaction with the ledger's note that it is done: it takes effect exactly once.
    pub sql: String,
    /// It is ended on the server after this time; at most `14m`.
    #[serde(default = "budget")]
    pub budget: Span,
    /// What to do when it cannot be known whether it ended well.
    #[serde(default)]
    pub lost: Lost,
}

const fn budget() -> Span {
    Span::seconds(600)
}

/// What to do when it cannot be known whether work that commits by itself ended well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// Nothing: the run has failed, and a person looks.
    #[default]
    Report,
    /// It is run again: it does no harm twice.
    Again,
}
