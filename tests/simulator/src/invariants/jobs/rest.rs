//! When a job must do nothing.

use jiff::{SignedDuration, Timestamp};

use super::{Change, change, gone, ledger, tables};
use crate::{
    history::History,
    script::{Deed, JobKind, ToStore},
};

/// What was looked at before a step may be so old when the step arrives: the throttle may have been
/// slow to answer in between.
const FRESH: SignedDuration = SignedDuration::from_secs(15);

/// Whether the step did some of the job's work: it took rows away, or began what the server does.
fn works(change: &Change<'_>) -> bool {
    let (own, child) = tables(change.job);
    let rows = [Some(own), child].into_iter().flatten();
    let took = rows.map(|table| gone(change, table).len()).sum::<usize>() > 0;
    let parts =
        |store: &crate::store::Store| store.tables.get(own).map(|table| table.parts.clone());
    let turned = parts(change.before) != parts(change.after);
    took || turned || change.after.worked.len() > change.before.worked.len()
}

pub(in crate::invariants) fn a_paused_job_rests(history: &History) -> Option<String> {
    let change = change(history).filter(works)?;
    let row = ledger(change.before)?.jobs.get(&change.job.name)?;
    let (since, why) = row.paused.as_ref()?;
    let rested = change.query.at.duration_since(*since) > FRESH;
    rested.then(|| {
        format!(
            "{} went on though it was paused since {since}: {why}",
            change.job.name
        )
    })
}

pub(in crate::invariants) fn a_job_rests_while_its_event_is_enabled(
    history: &History,
) -> Option<String> {
    let change = change(history).filter(works)?;
    let event = change.job.event.as_ref()?;
    let enabled = change.before.events.get(event).copied().unwrap_or(false);
    let began = history.runs[change.query.who].began;
    // It is looked at once in a run.
    let looked = began.max(last_turned(history, event).unwrap_or(began)) == began;
    (enabled && looked).then(|| format!("{} went on while {event} was enabled", change.job.name))
}

fn last_turned(history: &History, event: &str) -> Option<Timestamp> {
    let now = history.last()?.at;
    let acts = history.script.acts.iter().filter(|act| act.at <= now);
    let turned = acts.filter(|act| {
        matches!(&act.deed, Deed::ToStore(_, ToStore::Event { event: of, .. }) if of == event)
    });
    turned.map(|act| act.at).max()
}

pub(in crate::invariants) fn a_job_keeps_to_its_window(history: &History) -> Option<String> {
    let change = change(history).filter(works)?;
    let (from, to) = change.job.hours?;
    // What the server has begun, it ends; and a step takes as long as a statement may.
    let early = change.query.at - FRESH;
    let hour = |at: Timestamp| jiff::tz::TimeZone::UTC.to_datetime(at).hour();
    let inside = |hour: i8| {
        if from < to {
            from <= hour && hour < to
        } else {
            hour >= from || hour < to
        }
    };
    let fine = inside(hour(change.query.at)) || inside(hour(early));
    let work = matches!(change.job.kind, JobKind::Work { .. });
    (!fine && !work).then(|| format!("{} worked outside its window", change.job.name))
}
