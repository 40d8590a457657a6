//! What the throttle reads of real servers, and what it makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod brake;
mod fallback;
mod gate;
mod lag;
mod rights;
mod scene;
mod signals;
