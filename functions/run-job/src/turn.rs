//! One invocation's turn at one run: what every kind of job is given, and how a turn ends.

mod hand;

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::Job;
use tokio::time::Instant;

pub use self::hand::Hand;
use crate::{
    database::{Database, Holder, Pause, Run},
    throttle::Gate,
};

/// One invocation's turn at one run.
pub struct Turn<'a, D: Database> {
    /// What the team wants.
    pub job: &'a Job,
    /// The run, with where it goes on and what it has done; kept up to date as steps are committed.
    pub run: Run,
    /// By whom it is held.
    pub holder: Holder,
    /// A login on the writer that holds the job's lock.
    pub session: &'a mut D::Session,
    /// The throttle.
    pub gate: &'a mut Gate<'a, D>,
    /// When to stop: the deadline, or the end of the policy's window.
    pub until: Instant,
    /// What ends at [`until`](Self::until), in words: `the function's time`, `the window until 06:00`.
    pub ends: String,
    /// Whether no later turn will have more time than this one: it began with its invocation, and the
    /// function's own time ends it. Work whose budget is longer than that begins only in such a turn.
    pub longest: bool,
    /// The wall clock when the invocation began.
    pub now: Timestamp,
}

/// How a turn ends.
#[derive(Debug)]
pub enum Ended {
    /// The run did all there was.
    Through,
    /// There is more; the next tick goes on. Why it stopped now, in words.
    Left(String),
    /// A person paused the job.
    Paused(Pause),
    /// A critical limit of the throttle: the next tick goes on, and the team is told.
    Critical(String),
    /// The run is over though not through: a rail or a check, with the remedy.
    Stopped(String),
    /// The run has failed, for this reason, with the remedy.
    Failed(String),
    /// The server did not answer, or is no writer any more: log in again and go on.
    Away(SqlError),
    /// Another has the run in hand.
    NotOurs,
}

/// What a job would do, for mode `plan` and before a run is begun.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Why the job must not run as it is; with the remedy.
    pub refused: Vec<String>,
    /// What it would do, in words: `delete about 3,000,000 of 5,000,000 rows, walking PRIMARY`.
    pub would: String,
    /// What is worth knowing besides.
    pub notes: Vec<String>,
    /// About how many rows.
    pub estimate: Option<u64>,
    /// The walk, for [`Place::walk`](crate::database::Place::walk).
    pub walk: String,
}
