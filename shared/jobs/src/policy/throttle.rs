//! What must hold of the cluster for a job to go on.

use aurora_model::Span;
use handler::{PolicyError, policy::check_above_zero};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Address;

/// What must hold of the cluster for a job to go on. A `soft` limit that is exceeded makes the job
/// wait; a `critical` one ends the run until its next trigger, and the team is told. What cannot be
/// read counts as exceeded, softly. A limit that is left out is not looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// How far the slowest reader or replica is behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica_lag: Option<Lag>,
    /// InnoDB's history list length: undo that purge has not taken away yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_list_length: Option<Limit>,
    /// `Threads_running`, without the job's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads_running: Option<Limit>,
    /// How long a commit of the job takes, in milliseconds, as the mean of the last ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_ms: Option<Limit>,
    /// How many sessions wait for a lock that the job holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_waits: Option<Limit>,
    /// A query of your own that answers one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<Query>,
    /// How often to look, in milliseconds: from 100 to 60,000.
    pub every_ms: u32,
    /// A run that has been waiting for a soft limit this long ends until its next trigger.
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

impl Throttle {
    /// What types alone do not rule out.
    ///
    /// # Errors
    /// The first field that makes no sense.
    pub fn check(&self) -> Result<(), PolicyError> {
        let whole = |limit: Option<Limit>| limit.map(|limit| (limit.soft, limit.critical));
        let lag = self.replica_lag.as_ref();
        check_limits("replica_lag", lag.map(|lag| (lag.soft_ms, lag.critical_ms)))?;
        check_limits("history_list_length", whole(self.history_list_length))?;
        check_limits("threads_running", whole(self.threads_running))?;
        check_limits("commit_ms", whole(self.commit_ms))?;
        check_limits("lock_waits", whole(self.lock_waits))?;
        let query = self.query.as_ref();
        check_limits("query", query.map(|query| (query.soft, query.critical)))?;
        check_select(query)?;
        check_above_zero("throttle.patience", self.patience)?;
        if !(100..=60_000).contains(&self.every_ms) {
            let got = self.every_ms;
            return Err(wrong(
                "every_ms",
                &format!("expected 100 to 60000, got {got}"),
            ));
        }
        Ok(())
    }
}

/// Checks that there is a limit, and that waiting comes before the end.
fn check_limits<T: PartialOrd>(
    field: &str,
    limits: Option<(Option<T>, Option<T>)>,
) -> Result<(), PolicyError> {
    match limits {
        Some((None, None)) => Err(wrong(
            field,
            "expected a soft limit, a critical one, or both",
        )),
        Some((Some(soft), Some(critical))) if soft >= critical => Err(wrong(
            field,
            "expected the critical limit above the soft one",
        )),
        _ => Ok(()),
    }
}

fn check_select(query: Option<&Query>) -> Result<(), PolicyError> {
    let Some(Query { sql, .. }) = query else {
        return Ok(());
    };
    let verb = sql.trim_start().get(..6).unwrap_or_default();
    if verb.eq_ignore_ascii_case("select") {
        return Ok(());
    }
    Err(wrong(
        "query.sql",
        "expected a SELECT that answers one number",
    ))
}

fn wrong(field: &str, problem: &str) -> PolicyError {
    PolicyError::new(format!("policy.throttle.{field}"), problem)
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What is said of a throttle in a policy: what serde says, or else what the check says.
    fn said(throttle: &Value) -> String {
        let read = serde_json::from_value::<Throttle>(throttle.clone());
        let checked = match read {
            Ok(throttle) => throttle.check().map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        checked.err().unwrap_or_default()
    }

    #[test]
    fn the_defaults_are_in_order() {
        assert_eq!(said(&json!({})), "");
        assert_eq!(Throttle::default().check(), Ok(()));
    }

    #[test]
    fn what_makes_no_sense_is_told_with_the_field_and_the_remedy() {
        let query = |sql: &str| json!({"query": {"sql": sql, "soft": 1.5}});
        for (throttle, sentence) in [
            (
                json!({"lock_waits": {}}),
                "policy.throttle.lock_waits: expected a soft limit, a critical one, or both",
            ),
            (
                json!({"replica_lag": {"soft_ms": 5, "critical_ms": 5}}),
                "policy.throttle.replica_lag: expected the critical limit above the soft one",
            ),
            (
                json!({"query": {"sql": "SELECT 1", "soft": 2, "critical": 1.5}}),
                "policy.throttle.query: expected the critical limit above the soft one",
            ),
            (
                query("DELETE FROM t"),
                "policy.throttle.query.sql: expected a SELECT that answers one number",
            ),
            (
                query("é"),
                "policy.throttle.query.sql: expected a SELECT that answers one number",
            ),
            (query(" select 1"), ""),
            (
                json!({"every_ms": 99}),
                "policy.throttle.every_ms: expected 100 to 60000, got 99",
            ),
            (
                json!({"patience": "0s"}),
                "policy.throttle.patience: expected a length of time above 0s, got 0s",
            ),
            (
                json!({"replica_lag": {"soft_ms": 5, "replicas": ["db:x"]}}),
                "expected host:port such as replica.example.com:3306, got \"db:x\"",
            ),
        ] {
            assert_eq!(said(&throttle), sentence, "{throttle}");
        }
    }
}
