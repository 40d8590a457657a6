//! The real SDK client against the simulated RDS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod clusters;
mod console;
mod copies;
mod endpoints;
mod events;
mod failover;
mod instances;
mod kinds;
mod limits;
mod loopback;
mod paging;
mod parameters;
mod power;
mod readers;
mod refused;
mod snapshots;
mod stale;
mod typed;
mod world;
