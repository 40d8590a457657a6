//! What the scenarios stand on: the local cloud as child processes, a Lambda
//! Runtime API that runs the real function binaries, and between the two a
//! proxy that records every call and fails the ones a test names.
//!
//! Everything listens on free loopback ports, so that tests run side by side.
//!
//! ```no_run
//! # use std::time::Duration;
//! # use nightshift_tests::{cloud::Cloud, fault::{Fault, When}, lambda::Lambda, payload};
//! # use serde_json::json;
//! # async fn scenario() {
//! let cloud = Cloud::start().await;
//! cloud.rds().seed(json!({"clusters": [{"id": "a"}]})).await;
//! let settings = cloud.settings().mode("apply").inbox(cloud.inbox().await);
//! let lambda = Lambda::start("take-snapshot", settings).await;
//! cloud.proxy().inject(When::action("CreateDBClusterSnapshot").once(), Fault::CutAfter);
//!
//! let policy = json!({"schedule": "nightly", "clusters": {"ids": ["a"]}});
//! let night = payload::scheduled(&policy, payload::now());
//! let run = lambda.invoke(&night, Duration::from_secs(30)).await;
//!
//! assert_eq!(run.value()["outcome"], "success");
//! assert_eq!(cloud.proxy().effects("CreateDBClusterSnapshot"), 1);
//! assert_eq!(cloud.proxy().mails().len(), 1);
//! # }
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test support: what cannot be set up ends the test, with a message that says why"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "this crate stands outside the functions: it makes their clock and environment"
)]

pub mod cloud;
pub mod door;
pub mod fault;
pub mod http;
pub mod lambda;
pub mod mail;
pub mod mysql;
pub mod night;
pub mod pairing;
pub mod payload;
pub mod process;
pub mod proxy;
pub mod repo;
pub mod rotation;
pub mod scenario;
pub mod stack;
pub mod wire;
