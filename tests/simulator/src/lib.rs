//! Whole nights of Nightshift against the simulated AWS.
//!
//! A seed decides a [`Script`]: the account and its past, the policies, what wakes the functions,
//! what people do, what fails and when a process dies. [`play`] plays it with the functions it is
//! given, in simulated time, on one thread, so that the same seed always gives the same steps.
//! After every step all [`invariants`] are asked. [`search`] plays many seeds; [`shrink`] makes a
//! script that shows a defect as short as it can.
//!
//! Nothing here depends on a function or on the rules it follows: what the invariants know of
//! retention, names, passwords and mails they know by themselves. The [`database`] servers are
//! plain data too; whoever starts a function puts its own idea of a database over them.

pub mod activity;
pub mod database;
mod dice;
pub mod doors;
mod events;
mod eye;
mod function;
pub mod history;
pub mod invariants;
mod mortal;
pub mod script;
mod sdk;
pub mod search;
pub mod shrink;
mod stage;
pub mod step;
pub mod store;
pub mod switches;
pub mod trace;

pub use function::{Answering, Function, Sandbox};
pub use invariants::{INVARIANTS, Invariant, Violation};
pub use script::{FUNCTIONS, Script};
pub use stage::{INBOX, Played, play};
