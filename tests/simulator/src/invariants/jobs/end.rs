//! What is true of jobs once nothing fails any more.

use jiff::{SignedDuration, Timestamp};

use super::{cutoff, job_of, store};
use crate::{
    history::History,
    script::{Deed, JobKind, JobPlan, ToStore},
    store::{Row, Store},
};

/// The last schedule of the job that arrived, its ticks apart.
fn last_slot(history: &History, job: &JobPlan) -> Option<Timestamp> {
    let mut chains = history.chains.iter().rev();
    let chain = chains.find(|chain| {
        let of = chain.runs.first().and_then(|run| job_of(history, *run));
        of.is_some_and(|of| of.name == job.name)
            && chain.payload.get("tick").is_none()
            && chain.taken > history.script.calm
    })?;
    Some(chain.time)
}

/// The jobs that can do all there is, with their slots and what their databases hold.
fn able(history: &History) -> impl Iterator<Item = (&JobPlan, Timestamp, &Store)> {
    let jobs = history.script.jobs.iter().flat_map(|jobs| &jobs.jobs);
    let plan = history.script.plan_only(crate::script::RUNS);
    let over = history.over() && !plan;
    jobs.filter(move |_| over).filter_map(|job| {
        let (slot, store) = (last_slot(history, job)?, store(&history.after, job)?);
        let ledger = store.ledger.as_ref()?;
        // Stopped by its rails or after failures of the rough nights; the team was told.
        let paused = ledger
            .jobs
            .get(&job.name)
            .is_some_and(|row| row.paused.is_some());
        let well = ledger
            .of_slot(&job.name, slot)
            .is_some_and(|run| run.state != "failed" && run.state != "stopped");
        let skipped = ledger
            .of_slot(&job.name, slot)
            .is_none_or(|run| run.state == "skipped");
        (!paused && well && !skipped).then_some((job, slot, store))
    })
}

/// Whether a person put a row there after the run had begun.
fn by_hand(history: &History, job: &JobPlan, name: &str, id: i64, slot: Timestamp) -> bool {
    history.script.acts.iter().any(|act| {
        let put = matches!(&act.deed, Deed::ToStore(cluster, ToStore::Put { table, id: of, .. })
            if *cluster == job.cluster && table == name && *of == id);
        put && act.at >= slot - SignedDuration::from_hours(1)
    })
}

pub(in crate::invariants) fn no_old_row_stays(history: &History) -> Option<String> {
    able(history).find_map(|(job, slot, store)| {
        let JobKind::Purge { table, marked, .. } = &job.kind else {
            return None;
        };
        let old = |row: &Row| row.at < cutoff(job, slot) && (row.marked || !marked);
        let mut rows = store.tables.get(table)?.rows.iter();
        let (id, _) =
            rows.find(|(id, row)| old(row) && !by_hand(history, job, table, **id, slot))?;
        Some(format!(
            "row {id} of {table} is older than {} keeps, and still there",
            job.name
        ))
    })
}

pub(in crate::invariants) fn partitions_are_as_the_policy_says(
    history: &History,
) -> Option<String> {
    able(history).find_map(|(job, slot, store)| {
        let JobKind::Partitions {
            table, days, ahead, ..
        } = &job.kind
        else {
            return None;
        };
        let utc = jiff::tz::TimeZone::UTC;
        let parts = &store.tables.get(table)?.parts;
        let last = parts.last()?.below;
        let wanted = utc.to_datetime(slot + SignedDuration::from_hours(24 * i64::from(*ahead)));
        if last < wanted {
            return Some(format!(
                "{table} ends at {last}, and {wanted} was to be ahead"
            ));
        }
        let old = utc.to_datetime(slot - SignedDuration::from_hours(24 * (days + 1)));
        let first = parts
            .first()
            .filter(|part| parts.len() > 1 && part.below < old)?;
        Some(format!("{table} still has its partition {}", first.name))
    })
}
