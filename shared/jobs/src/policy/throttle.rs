//! What must hold of the cluster for a job to go on.

use aurora_model::Span;
use handler::policy::object;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Address;

/// What must hold of the cluster for a job to go on. A `soft` limit that is exceeded makes the job
/// wait; a `critical` one ends the run until its next trigger, and the team is told. What cannot be
/// read counts as exceeded, softly. A limit that is left out is the default's; null is not looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// How far the slowest reader or replica is behind.
    #[serde(deserialize_with = "object::or_null")]
    pub replica_lag: Option<Lag>,
    /// The history list length of `InnoDB`: undo that purge has not taken away yet.
    #[serde(deserialize_with = "object::or_null")]
    pub history_list_length: Option<Limit>,
    /// `Threads_running`, without the job's own.
    #[serde(deserialize_with = "object::or_null")]
    pub threads_running: Option<Limit>,
    /// How long a commit of the job takes, in milliseconds, as the mean of the last ones.
    #[serde(deserialize_with = "object::or_null")]
    pub commit_ms: Option<Limit>,
    /// How many sessions wait for a lock that the job holds.
    #[serde(deserialize_with = "object::or_null")]
    pub lock_waits: Option<Limit>,
    /// A query of your own that answers one number.
    #[serde(deserialize_with = "object::or_null")]
    pub query: Option<Query>,
    /// How often to look, in milliseconds: from 100 to 60,000.
    pub every_ms: u32,
    /// A run that has been waiting for a soft limit this long ends until its next trigger; above `0s`.
    pub patience: Span,
}

/// The two limits of a number; at least one is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Above this the job waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft: Option<u64>,
    /// Above this the run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<u64>,
}

/// The two limits of the replica lag, in milliseconds, and where it is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lag {
    /// Above this the job waits. It is slowed down from a third of it on, because a replica goes on
    /// falling behind after the job has stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft_ms: Option<u64>,
    /// Above this the run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical_ms: Option<u64>,
    /// Binlog replicas to look at beside the cluster's own readers, as `host:port`. The job's user
    /// needs `SELECT` on `performance_schema` there; with `REPLICATION CLIENT` instead the lag is known
    /// in whole seconds only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<Address>,
}

/// A query of the team's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// A `SELECT` that answers one row with one number.
    pub sql: String,
    /// Above this the job waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft: Option<f64>,
    /// Above this the run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<f64>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            replica_lag: Some(Lag {
                soft_ms: Some(1_000),
                critical_ms: Some(60_000),
                replicas: Vec::new(),
            }),
            history_list_length: Some(Limit {
                soft: Some(100_000),
                critical: Some(2_000_000),
            }),
            threads_running: Some(Limit {
                soft: Some(64),
                critical: None,
            }),
            commit_ms: None,
            lock_waits: Some(Limit {
                soft: Some(0),
                critical: None,
            }),
            query: None,
            every_ms: 500,
            patience: Span::seconds(300),
        }
    }
}
