//! Runs a job in the database, in steps that are small, gentle and resumable.
//!
//! An invocation ([`handle`]) asks RDS for the cluster's writer, logs in, reads where the job stands
//! in the ledger, decides, and works on one run until it is over or the time is up. What the
//! database is asked goes through [`database`]'s traits; [`mysql`] is the real one. How a kind of job
//! works is in [`purge`], [`rotate`] and [`supervise`].

pub mod database;
mod decide;
pub mod mysql;
pub mod policy;
pub mod purge;
mod report;
pub mod rotate;
mod run;
pub mod supervise;
pub mod throttle;
pub mod turn;

use aurora::Aurora;
use cloudwatch::CloudWatch;
use handler::{Answer, Error, Invocation};
use secrets::Secrets;

pub use policy::Policy;

use crate::database::Database;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "run-job";

/// What a run works with.
pub struct Tools<'a, D> {
    /// RDS, which knows where the servers listen.
    pub aurora: &'a Aurora,
    /// AWS Secrets Manager.
    pub secrets: &'a Secrets,
    /// The servers.
    pub database: &'a D,
    /// Where the lag of Aurora's readers is read if the writer cannot be asked for it. Without it such
    /// a lag counts as exceeded.
    pub cloudwatch: Option<&'a CloudWatch>,
}

impl<D> Clone for Tools<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Tools<'_, D> {}

/// Answers one trigger: the job's schedule, or a tick.
///
/// # Errors
/// When the trigger is neither, or when something could not be read and nothing in the ledger says
/// that the schedule fired; then nothing was touched, and a retry may help.
pub async fn handle<D: Database>(
    tools: Tools<'_, D>,
    call: Invocation<Policy>,
) -> Result<Answer<'_>, Error> {
    let woken = run::woken(&call)?;
    run::answer(tools, &call, woken).await
}
