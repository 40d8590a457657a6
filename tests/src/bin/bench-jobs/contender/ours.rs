//! run-job: the real binary behind a Lambda Runtime API, on the simulated account.

use std::{sync::Arc, time::Duration};

use mysql_async::prelude::Queryable;
use nightshift_tests::{
    lambda::{Lambda, Settings},
    payload,
    rotation::{CLUSTER, Cloud, INBOX, Login, Unseen},
};
use serde_json::{Value, json};

use super::LIMIT;
use crate::stage::{PASSWORD, Stage, USER};

/// Lambda's longest time.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const TICK: Duration = Duration::from_mins(15);
/// No purge of this table needs more.
const TICKS: u32 = 4;

/// Runs the job until its run is over, tick by tick, or once for `cap`.
pub async fn work(stage: &Stage, limited: bool, cap: Option<Duration>) -> Result<(), String> {
    let cloud = Cloud::at_once(stage.ports(), Arc::new(Unseen)).await;
    let login = Login {
        user: USER,
        password: PASSWORD,
        port: stage.ports()[0],
        master: None,
    };
    let secret = cloud
        .secrets
        .create("bench-login", "superuser", &login.content())
        .await;
    let policy = policy(&secret.arn, stage.ca(), stage.ports()[1], limited);
    let settings = Settings::new()
        .mode("apply")
        .endpoint(&cloud.url())
        .inbox(INBOX);
    let lambda = Lambda::start_binary("run-job", stage.run_job(), settings).await;
    let mut event = payload::scheduled(&policy, stage.loaded());
    for _ in 0..TICKS {
        let run = lambda.invoke(&event, cap.unwrap_or(TICK)).await;
        let answer = run
            .result
            .map_err(|e| format!("{}: {}", e.error_type, e.error_message))?;
        match (&*standing(stage).await?, cap) {
            ("done", _) | ("running", Some(_)) => return Ok(()),
            ("running", None) => event["tick"] = true.into(),
            (ended, _) => return Err(format!("the run is {ended}: {answer}")),
        }
    }
    Err(format!(
        "not through after {TICKS} times {} minutes",
        LIMIT.as_secs() / 60
    ))
}

/// How the ledger says the run stands.
async fn standing(stage: &Stage) -> Result<String, String> {
    let mut session = stage.session().await?;
    let said: Result<Option<String>, _> = session
        .query_first("SELECT state FROM nightshift.job_run ORDER BY id DESC LIMIT 1")
        .await;
    let said = said.map_err(|e| format!("the ledger: {e}"))?;
    said.ok_or_else(|| "not begun".to_owned())
}

/// The job: as the README has it where there is a limit; without one, as fast as it can.
fn policy(secret: &str, ca: &str, replica: u16, limited: bool) -> Value {
    let mut policy = json!({
        "job": "purge-access-logs", "cluster": CLUSTER, "secret": secret, "database": "shop",
        "purge": {"table": "access_logs", "column": "created_at", "older_than": "30d"},
        "ca": ca,
    });
    if limited {
        let replica = format!("127.0.0.1:{replica}");
        policy["throttle"] = json!({"replica_lag": {"soft_ms": 1000, "replicas": [replica]}});
    } else {
        policy["throttle"] = json!({
            "replica_lag": null, "history_list_length": null, "threads_running": null, "lock_waits": null,
        });
        policy["chunk"] = json!({"most": 2_000, "nice_ratio": 0});
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::{
        Job,
        policy::{Address, Chunk, Kind},
    };

    fn job(limited: bool) -> Job {
        serde_json::from_value(policy("arn", "-----BEGIN", 3307, limited)).unwrap()
    }

    #[test]
    fn with_the_limit_the_job_looks_at_the_replica_and_has_the_default_step() {
        let job = job(true);
        assert!(matches!(job.kind(), Some(Kind::Purge(_))));
        let lag = job.throttle.replica_lag.unwrap();
        let replicas = Address::new("127.0.0.1:3307").into_iter().collect();
        assert_eq!((lag.soft_ms, lag.replicas), (Some(1000), replicas));
        assert_eq!(job.chunk, Chunk::default());
    }

    #[test]
    fn without_limits_the_job_looks_at_nothing_and_does_not_rest() {
        let job = job(false);
        let throttle = &job.throttle;
        assert_eq!(throttle.replica_lag, None);
        let others = [
            throttle.history_list_length,
            throttle.threads_running,
            throttle.lock_waits,
        ];
        assert_eq!((others, throttle.commit_ms), ([None; 3], None));
        assert_eq!((job.chunk.most, job.chunk.nice_ratio.to_bits()), (2_000, 0));
    }
}
