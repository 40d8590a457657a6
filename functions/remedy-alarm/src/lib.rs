//! Answers an alarm about a cluster with a case file, and with the safe first step where the policy
//! allows one.
//!
//! Whatever wakes it, it reads which alarms about the cluster ring now, looks at the metrics and into the
//! servers ([`observation::Observation`]), decides from that and from what the cluster's tags say the team
//! has been told, acts and reports. A trigger that comes twice, late, or in another order than another one
//! changes nothing.

pub mod database;
pub mod episode;
pub mod mysql;
pub mod observation;
mod pattern;
pub mod plan;
pub mod policy;
mod protected;
pub mod remedy;
pub mod trouble;

pub use policy::Policy;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "remedy-alarm";
