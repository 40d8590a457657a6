//! The real SDK clients against the simulated services other than RDS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod cloudwatch;
mod fuzz;
mod harness;
mod refusals;
mod rotation;
mod scheduler;
mod secrets;
mod sns;
