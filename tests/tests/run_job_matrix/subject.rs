//! A job that is put to the test.

use jiff::Timestamp;
use serde_json::Value;

/// A job that is put to the test. Its tables are in schema `shop`.
pub struct Subject {
    /// The job.
    pub name: &'static str,
    /// The policy's part for the kind of job.
    pub kind: Value,
    /// The statements that make the tables and their rows.
    pub tables: String,
    /// What anybody would do by hand, with the same effect.
    pub by_hand: Option<String>,
    /// The queries whose answers are the job's effect.
    pub effect: Vec<&'static str>,
    /// The query for what went: rows, copies, children and the checksum, as the ledger has them.
    pub went: &'static str,
    /// What else must hold of the ledger's run and of the tables: a query that answers 1.
    pub holds: &'static str,
    /// What clients do meanwhile, if they do something.
    pub load: Option<Load>,
    /// Whether a run that may have been lost is told to a person instead.
    pub reports: bool,
    /// Whether the run also makes the ledger.
    pub makes_ledger: bool,
}

/// What clients do meanwhile, over and over.
#[derive(Clone)]
pub struct Load {
    /// The statements, one after another; `{id}` is another row each time.
    pub sql: Vec<String>,
    /// A query that answers 1 where all is well in the end.
    pub holds: &'static str,
}

/// A time of the trigger, as SQL.
pub fn sql(at: Timestamp) -> String {
    at.strftime("'%Y-%m-%d %H:%M:%S'").to_string()
}
