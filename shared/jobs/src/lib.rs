//! Jobs that run in the database: what a team wants of one, and the ledger that keeps its place.
//!
//! [`Job`] is the policy of `run-job`, and what `import-events` writes for an EVENT. [`ledger`] names
//! what is kept in schema `nightshift`.

pub mod ledger;
mod name;
pub mod policy;
mod spec;

pub use aurora_model::window;
pub use name::JobName;
pub use policy::Job;
pub use spec::{proof, spec};
