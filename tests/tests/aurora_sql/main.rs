//! Sessions on real servers: who is trusted, what is quoted how, what is ended when, and which
//! password a server has.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod accounts;
mod broken;
mod door;
mod limits;
mod longer;
mod pair;
mod quoting;
mod server;
