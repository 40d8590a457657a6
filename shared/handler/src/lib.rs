//! What every function's `main` would repeat: reading the trigger and its policy, the deadline,
//! the report with its log line, metrics and mail, and errors that say whether a retry helps.

mod answer;
mod apply;
mod boot;
mod deadline;
mod deployment;
mod error;
pub mod inbox;
mod invocation;
mod log;
pub mod metrics;
mod mode;
pub mod policy;
mod run;
mod sdk;
mod settings;
pub mod trigger;

pub use answer::Answer;
pub use apply::apply;
pub use boot::{BootError, run, run_with_delivery};
pub use deadline::{Deadline, DeadlineExceeded};
pub use deployment::{Deployment, Surroundings};
pub use error::{EnvironmentError, Error};
pub use inbox::Delivery;
pub use invocation::Invocation;
pub use log::Log;
pub use mode::Mode;
pub use policy::{Policy, PolicyError};
pub use run::Event;
pub use sdk::Sdk;
pub use settings::variable;
pub use trigger::{Cause, Trigger, TriggerError};
