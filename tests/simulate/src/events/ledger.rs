//! What the simulator's ledger says of a job.

use import_events::database::{Last, Ledger};
use jobs::Job;
use simulator::store;

/// What it says of the job called `name`.
pub(super) fn of(ledger: &store::Ledger, name: &str) -> Ledger {
    let job = ledger.jobs.get(name);
    let proven = job.and_then(|job| job.proven.as_ref());
    let proven = proven.and_then(|(at, policy)| {
        let job: Job = serde_json::from_str(policy).ok()?;
        Some((*at, jobs::proof(&job)))
    });
    let last = ledger.last(name).and_then(|run| {
        Some(Last {
            ended: run.ended?,
            state: run.state.to_owned(),
            error: run.error.clone(),
        })
    });
    Ledger {
        proven,
        paused: job.and_then(|job| Some(job.paused.clone()?.1)),
        open: ledger.open(name).map(|run| run.slot),
        last,
    }
}
