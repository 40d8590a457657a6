//! Runs a job in the database, in steps that are small, gentle and resumable.

pub mod database;
mod decide;
pub mod mysql;
pub mod policy;
pub mod purge;
pub mod rotate;
pub mod supervise;
pub mod throttle;
pub mod turn;

pub use policy::Policy;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "run-job";
