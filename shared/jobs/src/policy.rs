//! What a team wants of one job.

mod address;
mod check;
mod chunk;
mod kinds;
mod name;
mod throttle;
mod time;

#[cfg(test)]
mod tests;

pub use aurora_model::window::{Day, Window};
use aurora_model::{Span, Zone};
use handler::{Mode, PolicyError, policy::object};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{
    address::Address,
    chunk::Chunk,
    kinds::{And, Call, Child, Lost, Operator, Partitions, Past, Rows, Sql, Unit},
    name::Name,
    throttle::{Lag, Limit, Query, Throttle},
    time::Overlap,
};
use crate::JobName;

/// One job: what it does (exactly one of `purge`, `archive`, `partitions`, `call`, `statement`), to
/// which cluster, as whom, and when it may.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The job's name. It names its history in the ledger: a job that is given another name begins anew.
    pub job: JobName,
    /// The identifier of the DB cluster.
    pub cluster: String,
    /// The name or ARN of the secret with the database user the job runs as.
    pub secret: String,
    /// The schema of the tables, and of the session for `call` and `statement`.
    pub database: Name,
    /// Delete rows past an age.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub purge: Option<Rows>,
    /// Copy rows past an age to another table, and delete them.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub archive: Option<Rows>,
    /// Keep a range-partitioned table's partitions: add ahead, take away past an age.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub partitions: Option<Partitions>,
    /// Call a stored procedure.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub call: Option<Call>,
    /// Run one statement.
    #[serde(
        default,
        deserialize_with = "object::or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub statement: Option<Sql>,
    /// The in-database EVENT that this job takes the place of, as `schema.name`. While the EVENT is
    /// enabled, the job does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_event: Option<String>,
    /// When the job may work; at any time if empty. A run that does not end in a window goes on in
    /// the next.
    #[serde(
        default,
        deserialize_with = "object::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub windows: Vec<Window>,
    /// The zone of `windows`, and in which partitions begin.
    #[serde(default)]
    pub time_zone: Zone,
    /// What becomes of a schedule that fires while the job's last run is not over.
    #[serde(default)]
    pub overlap: Overlap,
    /// A schedule that fired longer ago than this is not begun any more.
    #[serde(default = "catch_up")]
    pub catch_up: Span,
    /// After so many failed runs in a row the job is paused until a person lifts the pause; 0 never.
    #[serde(default = "pause_after")]
    pub pause_after: u32,
    /// How large a step of `purge` and `archive` is.
    #[serde(default, deserialize_with = "object::object")]
    pub chunk: Chunk,
    /// What must hold of the cluster for the job to go on. Only `purge` and `archive` are slowed
    /// down by it; the others do not begin while a limit is exceeded.
    #[serde(default, deserialize_with = "object::object")]
    pub throttle: Throttle,
    /// Whether the server may be spoken to without TLS. Then the password crosses the network in a
    /// form that whoever is on the way can read, and the report says so.
    #[serde(default)]
    pub plain_text: bool,
    /// One or more certificates in PEM by which servers are recognised instead of Amazon's own for RDS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    /// A trigger older than this does nothing.
    #[serde(default = "expire_after")]
    pub expire_after: Span,
    /// `plan` looks and reports but changes nothing. The deployment's mode, where stricter, wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Deletes rows.
    Purge(&'a Rows),
    /// Copies and deletes rows.
    Archive(&'a Rows),
    /// Adds and takes away partitions.
    Partitions(&'a Partitions),
    /// Calls a procedure.
    Call(&'a Call),
    /// Runs a statement.
    Statement(&'a Sql),
}

impl Job {
    /// What the job does. `None` where the policy says nothing, or more than one thing, which
    /// [`handler::Policy::check`] refuses.
    #[must_use]
    pub fn kind(&self) -> Option<Kind<'_>> {
        let kinds = [
            self.purge.as_ref().map(Kind::Purge),
            self.archive.as_ref().map(Kind::Archive),
            self.partitions.as_ref().map(Kind::Partitions),
            self.call.as_ref().map(Kind::Call),
            self.statement.as_ref().map(Kind::Statement),
        ];
        let mut said = kinds.into_iter().flatten();
        said.next().filter(|_| said.next().is_none())
    }
}

impl handler::Policy for Job {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        check::job(self)
    }
}

const fn catch_up() -> Span {
    Span::hours(6)
}

const fn pause_after() -> u32 {
    3
}

const fn expire_after() -> Span {
    Span::hours(24)
}
