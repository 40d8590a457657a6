//! The kinds of job that do not walk a table, on a real server: partitions, calls, statements.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod budget;
mod calls;
mod cuts;
mod exchange;
mod partitions;
mod stage;
mod statements;
