//! remedy-alarm's real binary against real servers in real trouble.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod cost;
mod deployed;
mod episode;
mod faults;
mod reused;
mod scene;
mod troubles;
