//! Jobs: what may go, what the ledger says of it, and what people hear.

mod end;
mod rest;
mod rows;
mod runs;
mod told;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use crate::{
    database::Query,
    history::History,
    script::{JobKind, JobPlan, RUNS},
    step::What,
    store::{Ledger, Row, RunRow, Store},
};

pub(super) use self::{
    end::{no_old_row_stays, partitions_are_as_the_policy_says},
    rest::{a_job_keeps_to_its_window, a_job_rests_while_its_event_is_enabled, a_paused_job_rests},
    rows::{
        only_what_the_policy_names_goes, steps_are_small, the_ledger_counts_what_went,
        what_went_is_in_the_archive,
    },
    runs::work_is_not_done_twice,
    told::{a_run_is_told_once, claimed, the_end_of_a_run_is_told, unmailed},
};

/// A change that a run of the function made to what the database of a cluster holds.
struct Change<'a> {
    query: &'a Query,
    job: &'a JobPlan,
    before: &'a Store,
    after: &'a Store,
}

/// The change of the last step, if a run of a job made one.
fn change(history: &History) -> Option<Change<'_>> {
    let What::Asked(query) = &history.last()?.what else {
        return None;
    };
    let job = job_of(history, query.who)?;
    let (before, after) = (store(&history.before, job)?, store(&history.after, job)?);
    (query.changed).then_some(Change {
        query,
        job,
        before,
        after,
    })
}

fn store<'a>(stores: &'a BTreeMap<String, Arc<Store>>, job: &JobPlan) -> Option<&'a Store> {
    stores.get(&job.cluster).map(|store| &**store)
}

/// The job that a run of the function is for.
fn job_of(history: &History, run: usize) -> Option<&JobPlan> {
    let run = history.runs.get(run)?;
    let chain = &history.chains[run.chain];
    let name = chain.payload["policy"]["job"].as_str()?;
    let jobs = history.script.jobs.as_ref()?;
    jobs.job(name).filter(|_| chain.function == RUNS)
}

/// The row of the job's run that is not over.
fn open<'a>(store: &'a Store, job: &JobPlan) -> Option<&'a RunRow> {
    store.ledger.as_ref()?.open(&job.name)
}

/// The rows of a table that are not there any more, as they were.
fn gone<'a>(change: &Change<'a>, table: &str) -> Vec<(i64, &'a Row)> {
    let rows = |store: &'a Store| store.tables.get(table).map(|table| &table.rows);
    let Some(before) = rows(change.before) else {
        return Vec::new();
    };
    let after = rows(change.after);
    let gone = |id: &i64| after.is_none_or(|after| !after.contains_key(id));
    let gone = before.iter().filter(|(id, _)| gone(id));
    gone.map(|(id, row)| (*id, row)).collect()
}

/// The tables whose rows a job takes away: its own, then its children's.
fn tables(job: &JobPlan) -> (&str, Option<&str>) {
    match &job.kind {
        JobKind::Purge { table, child, .. } => (table, child.as_deref()),
        JobKind::Partitions { table, .. } => (table, None),
        JobKind::Work { .. } => ("", None),
    }
}

/// Rows older than this may go in a run for `slot`.
fn cutoff(job: &JobPlan, slot: Timestamp) -> Timestamp {
    let days = match &job.kind {
        JobKind::Purge { days, .. } | JobKind::Partitions { days, .. } => *days,
        JobKind::Work { .. } => 0,
    };
    slot - SignedDuration::from_hours(24 * days)
}

fn ledger(store: &Store) -> Option<&Ledger> {
    store.ledger.as_ref()
}
