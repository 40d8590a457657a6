//! Turns Lambda's record of a run that ended with an error into a mail.
//!
//! It is the on-failure destination of the other functions and reads nothing but the record:
//! [`plan`](plan::plan) turns that into words, and the mail is all it does.

mod again;
mod ending;
mod function;
pub mod plan;
pub mod policy;
mod wish;

#[cfg(test)]
mod tests;

use aurora_model::Report;
use handler::{Cause, Error, Invocation};

pub use policy::Policy;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "report-failure";

/// Answers one record.
///
/// # Errors
/// When the trigger is not such a record.
pub fn handle(call: &Invocation<Policy>) -> Result<Report, Error> {
    let Cause::Failure(record) = &call.trigger.cause else {
        return Err(call.trigger.unexpected("an on-failure record").into());
    };
    let plan::Letter {
        headline,
        paragraphs,
        about,
    } = plan::plan(record, call.trigger.time);
    Ok(Report::of_lost_run(
        NAME,
        call.mode.as_str(),
        call.trigger.reference(),
        about,
        headline,
        paragraphs,
    ))
}
