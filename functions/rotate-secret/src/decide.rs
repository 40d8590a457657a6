//! What is decided before anything is done: synchronous, without a secret in sight.
//!
//! A password appears here only as the part it plays for the secret ([`Role`]), never as a value.
//! The rule behind every decision: whatever opens the door with AWSCURRENT before it, opens the
//! door after every single statement of it.
//!
//! | module | decides |
//! |---|---|
//! | [`known`] | which version of the secret a password is |
//! | [`set`] | how the pending password is set, where `mysql.user` may be read |
//! | [`own`] | the same, where it may not |
//! | [`single`] | whose password is set where a user has one |
//! | [`discard`] | when an old password ceases to open the door |
//! | [`clone`] | what the other of two alternating users lacks |
//! | [`doctor`] | what ails a secret, and what cures it |
//! | [`model`] | what MySQL makes of each statement, as plain data |

pub mod clone;
pub mod discard;
pub mod doctor;
pub mod known;
pub mod model;
pub mod own;
#[cfg(test)]
mod properties;
pub mod set;
pub mod single;
#[cfg(test)]
mod testing;

pub use known::{Known, Role, Secondary, Seen};
