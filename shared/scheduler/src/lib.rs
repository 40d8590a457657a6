//! The `EventBridge` Scheduler client: the only crate that names its SDK. SDK types become plain ones
//! at its door, but for the definition of a schedule, which is put back as it was read.

mod client;
mod error;
mod name;
mod schedule;
mod start;
#[cfg(test)]
mod tests;

pub use calls::{ApiError, Kind};
pub use client::{Changed, Scheduler};
pub use error::WriteError;
pub use name::{NameError, ScheduleName};
pub use schedule::{Listed, Schedule, State};
