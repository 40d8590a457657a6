//! Rows: which may go, and what the ledger says of them.

use super::{Change, change, cutoff, gone, ledger, open, tables};
use crate::{
    history::History,
    script::{Act, Deed, JobKind, ToStore},
    store::{Row, RunRow, sum},
};

pub(in crate::invariants) fn only_what_the_policy_names_goes(history: &History) -> Option<String> {
    let change = change(history)?;
    for name in change.before.tables.keys() {
        let rows = gone(&change, name);
        let Some((id, _)) = rows.first() else {
            continue;
        };
        let (own, child) = tables(change.job);
        let fine = match () {
            () if name == own => rows.iter().all(|row| may_go(history, &change, row)),
            () if Some(name.as_str()) == child => rows
                .iter()
                .all(|(_, row)| belongs(history, &change, own, row)),
            () => false,
        };
        if !fine {
            let job = &change.job.name;
            return Some(format!(
                "{job} took away row {id} of {name}, or one beside it, which stays"
            ));
        }
    }
    None
}

/// Whether a child's row belongs to a row that may go.
fn belongs(history: &History, change: &Change<'_>, own: &str, row: &Row) -> bool {
    let parents = change.before.tables.get(own).map(|table| &table.rows);
    let parent = row.parent.and_then(|id| Some((id, parents?.get(&id)?)));
    parent.is_some_and(|parent| may_go(history, change, &parent))
}

fn may_go(history: &History, change: &Change<'_>, (_, row): &(i64, &Row)) -> bool {
    let Some(run) = open(change.before, change.job) else {
        return false;
    };
    match &change.job.kind {
        JobKind::Purge { marked, .. } => {
            row.at < cutoff(change.job, run.slot) && (row.marked || !marked)
        }
        // What is older than the policy keeps now may go, whenever the run was begun.
        JobKind::Partitions { .. } => {
            row.at < cutoff(change.job, history.runs[change.query.who].began)
        }
        JobKind::Work { .. } => false,
    }
}

pub(in crate::invariants) fn steps_are_small(history: &History) -> Option<String> {
    let change = change(history)?;
    let JobKind::Purge { .. } = change.job.kind else {
        return None;
    };
    let (own, child) = tables(change.job);
    let went = gone(&change, own).len() + child.map_or(0, |child| gone(&change, child).len());
    let most = change.job.most as usize;
    (went > most).then(|| {
        format!(
            "one step of {} took {went} rows away, the most are {most}",
            change.job.name
        )
    })
}

/// Rows gone, rows copied, children gone, checksum.
type Counts = (u64, u64, u64, u64);

fn counts(run: &RunRow) -> Counts {
    (run.rows, run.copied, run.children, run.checksum)
}

pub(in crate::invariants) fn the_ledger_counts_what_went(history: &History) -> Option<String> {
    let change = change(history)?;
    let into = match &change.job.kind {
        JobKind::Purge { into, .. } => into,
        JobKind::Partitions { table, .. } if !touched(history, &change, table) => {
            return with_partitions(&change, table);
        }
        JobKind::Partitions { .. } | JobKind::Work { .. } => return None,
    };
    let said = said(&change);
    let (own, child) = tables(change.job);
    let rows = gone(&change, own);
    let children = child.map_or(0, |child| gone(&change, child).len());
    let checksum = rows.iter().fold(0, |all, (id, _)| all ^ sum(*id));
    let count = rows.len() as u64;
    let copied = if into.is_some() { count } else { 0 };
    let went = (count, copied, children as u64, checksum);
    (said != went).then(|| {
        format!(
            "of {} the ledger says {said:?}, and {went:?} went",
            change.job.name
        )
    })
}

/// Whether a person put rows there: one that comes between the count of a partition and its end is
/// not counted.
fn touched(history: &History, change: &Change<'_>, name: &str) -> bool {
    let put = |act: &Act| {
        matches!(&act.deed, Deed::ToStore(cluster, ToStore::Put { table, .. })
            if *cluster == change.job.cluster && table == name)
    };
    let acts = history.script.acts.iter();
    { acts }.any(|act| act.at <= change.query.at && put(act))
}

/// A partition goes by itself, and the ledger is told afterwards: once a run is over, and all before
/// it went well, the sums are the same.
fn with_partitions(change: &Change<'_>, table: &str) -> Option<String> {
    let runs = &ledger(change.after)?.runs;
    let mine = || runs.iter().filter(|run| run.job == change.job.name);
    if mine().any(|run| !["done", "skipped"].contains(&run.state)) {
        return None;
    }
    let said: u64 = mine().map(|run| run.rows).sum();
    let gone = change.after.tables.get(table)?.gone;
    (said != gone).then(|| {
        format!(
            "of {} the ledger says {said} rows, and {gone} went",
            change.job.name
        )
    })
}

/// What the ledger says that this step took away, of all runs of the job.
fn said(change: &Change<'_>) -> Counts {
    let runs =
        |store| ledger(store).map_or(&[][..], |ledger: &crate::store::Ledger| &ledger.runs[..]);
    let mut all = (0, 0, 0, 0);
    for after in runs(change.after)
        .iter()
        .filter(|run| run.job == change.job.name)
    {
        let before = runs(change.before).iter().find(|run| run.id == after.id);
        let (is, was) = (counts(after), before.map_or((0, 0, 0, 0), counts));
        all.0 += is.0.wrapping_sub(was.0);
        all.1 += is.1.wrapping_sub(was.1);
        all.2 += is.2.wrapping_sub(was.2);
        all.3 ^= is.3 ^ was.3;
    }
    all
}

pub(in crate::invariants) fn what_went_is_in_the_archive(history: &History) -> Option<String> {
    let change = change(history)?;
    let (table, into) = match &change.job.kind {
        JobKind::Purge {
            table,
            into: Some(into),
            ..
        } => (table, into.clone()),
        JobKind::Partitions {
            table,
            exchange: true,
            ..
        } => return kept(&change, table),
        _ => return None,
    };
    let archive = change.after.tables.get(&into);
    let missing = gone(&change, table)
        .into_iter()
        .find(|(id, row)| archive.and_then(|archive| archive.rows.get(id)) != Some(*row));
    let (id, _) = missing?;
    Some(format!(
        "row {id} of {table} went, and {into} does not have it as it was"
    ))
}

/// A row of an exchanged partition is in one of the tables made for them.
fn kept(change: &Change<'_>, table: &str) -> Option<String> {
    let made = format!("{table}_");
    let tables = || {
        change
            .after
            .tables
            .iter()
            .filter(|(name, _)| name.starts_with(&made))
    };
    let rows = gone(change, table);
    let lost = rows
        .iter()
        .find(|(id, row)| !tables().any(|(_, it)| it.rows.get(id) == Some(*row)));
    let (id, _) = lost?;
    Some(format!(
        "row {id} of {table} went with its partition, and no table has it"
    ))
}
