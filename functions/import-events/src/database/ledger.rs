//! What the ledger says of a job, as far as it bears on its EVENT.

use jiff::Timestamp;

/// What the ledger says of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// When a plan run went well last, and [`jobs::proof`] of the job it ran.
    pub proven: Option<(Timestamp, String)>,
    /// Why it is paused, if it is.
    pub paused: Option<String>,
    /// The schedule's time of the run that is not over.
    pub open: Option<Timestamp>,
    /// The run that ended last.
    pub last: Option<Last>,
}

/// A run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// When it ended.
    pub ended: Timestamp,
    /// How, in the ledger's word: `done`, `failed`, `stopped`.
    pub state: String,
    /// Why, unless it is done.
    pub error: Option<String>,
}
