//! rotate-secret's real binary with real servers: a writer and a replica that take TLS only.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]

mod accounts;
mod doctor;
mod public;
mod rotations;
mod scene;
mod stand_ins;
