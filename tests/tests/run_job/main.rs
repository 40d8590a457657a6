//! run-job's real binary with real servers: a writer and a replica that take TLS only.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]

mod begins;
mod doors;
mod ledger;
mod mails;
mod overlap;
mod pauses;
mod proves;
mod scene;
