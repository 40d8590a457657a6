//! Runs: nothing twice.

use super::{change, ledger};
use crate::{history::History, script::JobKind, store::Worked};

pub(in crate::invariants) fn work_is_not_done_twice(history: &History) -> Option<String> {
    let change = change(history)?;
    let JobKind::Work { noted, again, .. } = change.job.kind else {
        return None;
    };
    let runs = &ledger(change.after)?.runs;
    let mine = |work: &&Worked| {
        runs.iter()
            .any(|run| run.id == work.run && run.job == change.job.name)
    };
    let works: Vec<&Worked> = change.after.worked.iter().filter(mine).collect();
    let under_way = works.iter().filter(|work| work.ended.is_none()).count();
    if under_way > 1 {
        return Some(format!(
            "{} is under way {under_way} times",
            change.job.name
        ));
    }
    let last = works.last()?;
    let of_run = || works.iter().filter(|work| work.run == last.run);
    let (begun, effective) = (
        of_run().count(),
        of_run().filter(|work| work.effective).count(),
    );
    if noted && effective > 1 {
        return Some(format!(
            "the statement of {} took effect {effective} times in one run",
            change.job.name
        ));
    }
    (!noted && !again && begun > 1)
        .then(|| format!("{} was called {begun} times in one run", change.job.name))
}
