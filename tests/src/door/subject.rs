//! The function under test.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use super::doctor::{DOCTOR, GRACE, STUCK_AFTER};
use super::set::Set;
use crate::lambda::{Killer, Lambda, Settings};
use crate::payload::{now, scheduled};
use crate::repo;
use crate::rotation::{self, INBOX, event};
use crate::scenario::LIMIT;

/// What a step came to: what it answered or why it failed, and what it printed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The answer, or the error.
    pub result: Result<String, String>,
    /// Lines.
    pub log: Vec<String>,
}

/// A step taken in this very process, for functions that exist only in a test.
type Here =
    dyn Fn(&'static str, String) -> Pin<Box<dyn Future<Output = Step> + Send>> + Send + Sync;

/// The function under test.
pub enum Subject {
    /// A binary behind the Lambda Runtime API, in two execution environments.
    Binary(Box<[Lambda; 2]>),
    /// A step, by its name and its token.
    Here(Arc<Here>),
}

impl Subject {
    /// `rotate-secret`, as built with this program.
    pub async fn ours(set: &Set) -> Self {
        Self::binary(set, repo::binary("rotate-secret")).await
    }

    /// Any program that speaks the Lambda Runtime API.
    ///
    /// It gets the variables of AWS's functions beside ours, and `NIGHTSHIFT_DOOR_CA`, a file with
    /// the authority that signed the servers' certificates.
    pub async fn binary(set: &Set, path: PathBuf) -> Self {
        let start = || Lambda::start_binary("rotate-secret", path.clone(), settings(set));
        let both = [start().await, start().await];
        Self::Binary(Box::new(both))
    }

    /// What kills the execution environment of this number.
    pub(super) fn killer(&self, environment: usize) -> Killer {
        match self {
            Self::Binary(both) => both[environment].killer(),
            Self::Here(_) => Killer::default(),
        }
    }

    /// Takes a step in the execution environment of this number.
    pub(super) async fn step(
        &self,
        set: &Set,
        environment: usize,
        token: &str,
        step: &'static str,
    ) -> Step {
        if let Self::Here(take) = self {
            return take(step, token.to_owned()).await;
        }
        let event = event(set.secrets.arn(), token, step);
        self.invoke(environment, &event).await
    }

    /// The doctor comes, with a tick of the schedule.
    pub(super) async fn visit(&self, set: &Set) -> Step {
        if let Self::Here(take) = self {
            return take(DOCTOR, String::new()).await;
        }
        let mut policy = policy(set);
        policy["stuck_after"] = STUCK_AFTER.into();
        policy["grace"] = GRACE.into();
        let mut event = scheduled(&policy, now());
        event["tick"] = true.into();
        self.invoke(0, &event).await
    }

    async fn invoke(&self, environment: usize, event: &Value) -> Step {
        let Self::Binary(both) = self else {
            return Step {
                result: Err("there is no environment".into()),
                log: vec![],
            };
        };
        let run = both[environment].invoke(event, LIMIT).await;
        let result = run.result.map(|value| value.to_string());
        let error =
            |e: crate::lambda::LambdaError| format!("{}: {}", e.error_type, e.error_message);
        Step {
            result: result.map_err(error),
            log: run.log,
        }
    }

    /// The ARN that Secrets Manager is told.
    pub(super) fn arn(&self) -> String {
        match self {
            Self::Binary(both) => both[0].arn(),
            Self::Here(_) => "arn:aws:lambda:eu-central-1:123456789012:function:here".into(),
        }
    }
}

fn policy(set: &Set) -> Value {
    let settle = format!("{}s", set.pace.settle.as_secs());
    rotation::policy(set.strategy.in_policy(), set.pair.writer.ca(), &settle)
}

fn settings(set: &Set) -> Settings {
    let url = set.proxy.url();
    let ca = set.pair.writer.directory().join("ca.pem");
    Settings::new()
        .mode("apply")
        .endpoint(&url)
        .inbox(INBOX)
        .policy(&policy(set))
        .set("EXCLUDE_CHARACTERS", "/@\"'\\")
        .set("SECRETS_MANAGER_ENDPOINT", url)
        .set("NIGHTSHIFT_DOOR_CA", ca.to_string_lossy())
}
