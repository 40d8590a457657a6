//! What the tests of rotations stand on: a simulated AWS account with a cluster whose endpoints are
//! those of real MySQL servers, and Secrets Manager as a person, an application and its own
//! scheduler use it.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use nightshift_tests::{mysql::Pair, rotation::{Cloud, Login, Unseen, token}};
//! # async fn scenario() {
//! let pair = Pair::start().await;
//! let ports = [pair.writer.port(), pair.replica.port()];
//! let cloud = Cloud::start(ports, Arc::new(Unseen)).await;
//! let app = Login { user: "app", password: "first", port: ports[0], master: None };
//! let secret = cloud.secrets.create("app-login", "dual-password", &app.content()).await;
//! secret.begin(&token(1), "arn:aws:lambda:eu-central-1:123456789012:function:rotate").await;
//! assert_eq!(secret.holder("AWSPENDING").await, Some(token(1)));
//! # }
//! ```

mod cloud;
mod public;
mod scan;
mod secrets;

pub use cloud::{CLUSTER, Cloud, INBOX, Unseen};
pub use public::Public;
pub use scan::Scan;
pub use secrets::{Login, Secret, SecretsManager, token};

use serde_json::{Value, json};

/// The steps in Secrets Manager's order.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
pub const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/// What Secrets Manager sends for a step.
#[must_use]
pub fn event(secret: &str, token: &str, step: &str) -> Value {
    json!({"Step": step, "SecretId": secret, "ClientRequestToken": token})
}

/// A policy for servers whose certificates this authority signed. `settle`, such as `0s`, is how
/// long a password that was just replaced is kept from being replaced again.
#[must_use]
pub fn policy(strategy: &str, ca: &str, settle: &str) -> Value {
    json!({"strategy": strategy, "ca": ca, "settle": settle, "reader_wait": "10s"})
}
