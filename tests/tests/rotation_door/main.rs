//! A sample of the door test, and whether it would notice. `make door` plays all of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod naive;
mod notices;
mod sample;
