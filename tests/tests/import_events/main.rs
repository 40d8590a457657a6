//! import-events' real binary with a real server and the simulated AWS.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]

mod guide;
mod kills;
mod moves;
mod plan;
mod refused;
mod scene;
mod status;
