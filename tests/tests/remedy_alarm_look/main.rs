//! What remedy-alarm sees of real servers in real trouble, and whom it ends on them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod aurora;
mod crowded;
mod ending;
mod off;
mod replicas;
mod rights;
mod scene;
mod sessions;
mod sizes;
mod slow;
mod statements;
mod waits;
