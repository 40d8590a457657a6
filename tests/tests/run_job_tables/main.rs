//! Tables that are walked and emptied on a real server: every kind of key, copies and their proof,
//! children, steps that are cut, and what is refused before.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod archive;
mod children;
mod keys;
mod look;
mod moving;
mod scene;
mod steps;
