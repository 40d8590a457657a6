//! The door test: an application logs in all the while with whatever `AWSCURRENT` says, and the
//! password is rotated, with the function killed at every single message and API call in turn.
//!
//! ```text
//!  Application ── every 20 ms ──────────────────────> writer, replica       no relay between
//!       │ AWSCURRENT, cached                             ^        ^
//!       v                                              relay    relay       count, cut, kill
//!  simulated AWS <── proxy: counts, kills ── function ──┘────────┘
//!       ^                                        ^
//!       └── begins rotations, takes the steps ── Stage, as Secrets Manager does
//! ```
//!
//! A [`Stage`] plays one [`Case`] after the other; the accounts go on from case to case. What a
//! case came to is a [`Played`]: logins, refused logins, and whatever else should not have been.

mod application;
mod case;
mod doctor;
mod elsewhere;
mod matrix;
mod played;
mod rotation;
mod run;
mod secrets;
mod set;
mod stage;
mod strategy;
mod subject;
mod table;

pub use crate::rotation::STEPS;
pub use application::{Refused, Tally};
pub use case::{Case, Moment, Resume, Runs, Side};
pub use doctor::DOCTOR;
pub use matrix::{Count, Matrix};
pub use played::{Played, Totals};
pub use run::{Asked, run};
pub use secrets::{AppSecret, Credential};
pub use set::{Door, Pace, Set};
pub use stage::Stage;
pub use strategy::Strategy;
pub use subject::{Step, Subject};
pub use table::Table;
