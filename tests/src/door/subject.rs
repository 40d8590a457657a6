//! The function under test.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::json;

use super::account::INBOX;
use super::set::Set;
use crate::lambda::{Killer, Lambda, Settings};
use crate::repo;
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
        let both = match self {
            Self::Here(take) => return take(step, token.to_owned()).await,
            Self::Binary(both) => both,
        };
        let secret = &set.secrets.arn;
        let event = json!({"Step": step, "SecretId": secret, "ClientRequestToken": token});
        let run = both[environment].invoke(&event, LIMIT).await;
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

fn settings(set: &Set) -> Settings {
    let policy = json!({
        "strategy": set.strategy.in_policy(),
        "ca": set.pair.writer.ca(),
        "settle": format!("{}s", set.pace.settle.as_secs()),
        "reader_wait": "10s",
    });
    let url = set.proxy.url();
    let ca = set.pair.writer.directory().join("ca.pem");
    Settings::new()
        .mode("apply")
        .endpoint(&url)
        .inbox(INBOX)
        .policy(&policy)
        .set("EXCLUDE_CHARACTERS", "/@\"'\\")
        .set("SECRETS_MANAGER_ENDPOINT", url)
        .set("NIGHTSHIFT_DOOR_CA", ca.to_string_lossy())
}
