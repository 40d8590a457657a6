//! Rotates the password of a database user, so that the credential labelled AWSCURRENT opens the
//! door at every moment.
//!
//! A step of a rotation ([`steps`]) reads the secret's versions, asks RDS where the servers are,
//! looks at the accounts, decides ([`decide`]) and changes one thing. What the database is asked
//! goes through [`database`]'s traits; [`mysql`] is the real one.

pub mod database;
pub mod decide;
mod doctor;
mod doors;
mod halt;
pub mod mysql;
mod outcome;
mod pending;
pub mod policy;
mod rotation;
mod standing;
mod steps;
mod strategy;
mod versions;

use aurora::Aurora;
use handler::{Answer, Cause, EnvironmentError, Error, Invocation};
use secrets::{PasswordShape, Secrets};

pub use policy::Policy;

use crate::database::Database;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "rotate-secret";

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Tools<'a, D> {
    /// AWS Secrets Manager.
    pub secrets: &'a Secrets,
    /// RDS, which knows where the servers listen.
    pub aurora: &'a Aurora,
    /// The servers.
    pub database: &'a D,
    /// What a new password looks like.
    pub shape: &'a PasswordShape,
}

/// What a new password looks like, by the environment variables of AWS's rotation functions.
///
/// # Errors
/// When one of them makes no sense.
pub fn shape(variable: &dyn Fn(&str) -> Option<String>) -> Result<PasswordShape, EnvironmentError> {
    PasswordShape::of(variable).map_err(|error| {
        let problem = format!("expected {}, got {:?}", error.expected, error.value);
        EnvironmentError::new(error.variable, problem)
    })
}

/// Answers one trigger: a step of a rotation, or the doctor's schedule.
///
/// # Errors
/// When the trigger is neither, or the secret cannot be read; then nothing was touched.
pub async fn handle<D: Database>(
    tools: Tools<'_, D>,
    call: Invocation<Policy>,
) -> Result<Answer<'_>, Error> {
    match &call.trigger.cause {
        Cause::Rotation(step) => steps::take(&tools, &call, step).await,
        Cause::Schedule | Cause::Tick => doctor::visit(&tools, &call).await,
        _ => Err(call
            .trigger
            .unexpected("a step of a rotation, or a schedule")
            .into()),
    }
}
