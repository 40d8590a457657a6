//! Reads the EVENTs of a cluster and says what takes the place of each: a job of `run-job`, and the
//! schedule that starts it; then hands them over one at a time, and back.
//!
//! [`event`], [`schedule`], [`body`] and [`write`] are pure: from an EVENT to a job and its schedule.
//! What the database is asked goes through [`database`]'s traits; [`mysql`] is the real one.

pub mod body;
pub mod database;
pub mod event;
mod grants;
pub mod job;
mod moves;
pub mod mysql;
mod plan;
pub mod policy;
pub mod schedule;
mod status;
pub mod write;
mod writer;

use aurora::Aurora;
use aurora_model::Report;
use handler::{Cause, Error, Invocation};
use scheduler::Scheduler;
use secrets::Secrets;

pub use policy::Policy;

use crate::{database::Database, policy::Action};

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "import-events";

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Tools<'a, D> {
    /// RDS, which knows where the writer listens.
    pub aurora: &'a Aurora,
    /// AWS Secrets Manager.
    pub secrets: &'a Secrets,
    /// `EventBridge` Scheduler.
    pub scheduler: &'a Scheduler,
    /// The servers.
    pub database: &'a D,
}

/// Answers one trigger: does what its policy asks for.
///
/// # Errors
/// When the trigger is no schedule, or what is needed cannot be read; then nothing was touched.
pub async fn handle<D: Database>(
    tools: Tools<'_, D>,
    call: Invocation<Policy>,
) -> Result<Report, Error> {
    if !matches!(call.trigger.cause, Cause::Schedule | Cause::Tick) {
        let expected = "a schedule, or an invocation by hand in the form of one";
        return Err(call.trigger.unexpected(expected).into());
    }
    // On the heap: with all that a move may wait for, its state would fill the stack of every action.
    let mut report = match &call.policy.action {
        Action::Plan(wish) => plan::written(&tools, &call, wish).await?,
        Action::CutOver(wish) => Box::pin(moves::cut_over(&tools, &call, wish)).await?,
        Action::RollBack(wish) => Box::pin(moves::roll_back(&tools, &call, wish)).await?,
        Action::Status(wish) => status::told(&tools, &call, wish).await?,
    };
    if call.policy.plain_text && call.policy.ca.is_none() {
        let text = "The database was spoken to without TLS, as policy.plain_text allows.";
        let note = aurora_model::Note::new(aurora_model::Severity::Warning, text);
        report.notes.push(note);
    }
    Ok(report)
}
