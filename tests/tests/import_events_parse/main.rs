//! EVENTs on a real server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod firings;
mod generate;
mod round_trip;
mod stage;
mod templates;
