//! Reads the EVENTs of a cluster and says what takes the place of each: a job of `run-job`, and the
//! schedule that starts it.

pub mod body;
pub mod event;
pub mod schedule;
pub mod write;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "import-events";
