//! Snapshots: what is deleted, what is created.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use simulated_aws::{Effect, rds::Snapshot};

use crate::{
    history::{History, Life, own},
    invariants::oracle::{self, HOLD, MANAGED_BY},
    script::Deed,
};

/// The snapshots that the last step's call deleted, with the run whose call it was.
fn deleted(history: &History) -> impl Iterator<Item = (usize, &Arc<Snapshot>)> {
    let call = history.last_call();
    call.into_iter().flat_map(|(run, record)| {
        own(record).filter_map(move |effect| match effect {
            Effect::SnapshotDeleted(snapshot) => Some((run, snapshot)),
            _ => None,
        })
    })
}

/// The snapshot that the last step's call created, with the run whose call it was.
fn created(history: &History) -> Option<(usize, &Arc<Snapshot>)> {
    let (run, record) = history.last_call()?;
    own(record).find_map(|effect| match effect {
        Effect::SnapshotCreated(snapshot) => Some((run, snapshot)),
        _ => None,
    })
}

pub(super) fn nothing_unmanaged_is_deleted(history: &History) -> Option<String> {
    deleted(history).find_map(|(run, snapshot)| {
        let id = &snapshot.id;
        let function = history.chain_of(run).function;
        if function != "prune-snapshots" {
            return Some(format!("{function} deleted {id}"));
        }
        if !oracle::managed(snapshot, &history.script.policies.schedule) {
            return Some(format!("{id} is not Nightshift's: {:?}", snapshot.tags));
        }
        if held(history, run, snapshot) {
            return Some(format!("{id} is held"));
        }
        let cluster = history
            .script
            .clusters
            .iter()
            .find(|cluster| cluster.id == snapshot.cluster);
        let named = history
            .script
            .policies
            .ids
            .iter()
            .flatten()
            .any(|id| *id == snapshot.cluster);
        let meant =
            cluster.is_some_and(|cluster| oracle::selected(&history.script.policies, cluster));
        (!meant && !named)
            .then(|| format!("{id} is of {}, which no policy means", snapshot.cluster))
    })
}

/// Whether the run could know that the snapshot is held.
fn held(history: &History, run: usize, snapshot: &Snapshot) -> bool {
    let mut holds = history
        .script
        .acts
        .iter()
        .filter(|act| act.deed == Deed::Hold(snapshot.id.clone()));
    let recent = holds
        .next()
        .is_some_and(|act| act.at >= history.sees_since(run));
    snapshot.tags.contains_key(HOLD) && !recent
}

pub(super) fn what_is_made_is_marked(history: &History) -> Option<String> {
    let (_, snapshot) = created(history)?;
    let policies = &history.script.policies;
    let marked = oracle::managed(snapshot, &policies.schedule)
        && oracle::slot_of(policies, snapshot).is_some()
        && snapshot.tags.contains_key("nightshift:taken-by");
    (!marked).then(|| {
        format!(
            "{} carries only {:?}; {MANAGED_BY:?} is missing, or another",
            snapshot.id, snapshot.tags
        )
    })
}

/// Those of the cluster and schedule of `gone` that are good, or were while `run` could see them.
fn good<'a>(history: &'a History, run: usize, gone: &'a Snapshot) -> Vec<&'a Snapshot> {
    let since = history.sees_since(run);
    let lives = history.snapshots.values().flatten();
    let visible = |life: &&Life| life.deleted.is_none_or(|(at, _)| at >= since);
    let mine = lives.filter(visible).map(|life| &*life.snapshot);
    let schedule = &history.script.policies.schedule;
    mine.filter(|snapshot| {
        snapshot.cluster == gone.cluster
            && snapshot.status == "available"
            && oracle::managed(snapshot, schedule)
            && !held(history, run, snapshot)
    })
    .collect()
}

/// Whether it was deleted by somebody else than this chain's function while the run could still
/// see it: then the run could not know better.
fn by_others(history: &History, id: &str, since: Timestamp) -> bool {
    let lives = history.snapshots.get(id).into_iter().flatten();
    lives
        .filter_map(|life| life.deleted)
        .any(|(at, by)| by.is_none() && at >= since)
}

/// The good ones that are left after the deletion, as far as the run could know.
fn left<'a>(history: &'a History, run: usize, gone: &'a Snapshot) -> Vec<&'a Snapshot> {
    let since = history.sees_since(run);
    let mut good = good(history, run, gone);
    good.retain(|snapshot| {
        let alive = history
            .life(&snapshot.id)
            .is_some_and(|life| life.deleted.is_none());
        alive || by_others(history, &snapshot.id, since)
    });
    good
}

pub(super) fn the_newest_good_snapshot_survives(history: &History) -> Option<String> {
    deleted(history).find_map(|(run, gone)| {
        if gone.status != "available" {
            return None;
        }
        let rest = left(history, run, gone);
        let newer =
            |snapshot: &Snapshot| (snapshot.created, &snapshot.id) > (gone.created, &gone.id);
        let drilled = |snapshot: &Snapshot| snapshot.tags.contains_key("nightshift:drill-passed");
        if !rest.iter().any(|snapshot| newer(snapshot)) {
            return Some(format!(
                "{} was the newest good snapshot of {}",
                gone.id, gone.cluster
            ));
        }
        let last_drilled = drilled(gone)
            && !rest
                .iter()
                .any(|snapshot| newer(snapshot) && drilled(snapshot))
            && !held_drilled(history, gone);
        last_drilled.then(|| {
            format!(
                "{} was the newest of {} that passed a drill",
                gone.id, gone.cluster
            )
        })
    })
}

/// A held snapshot that passed a drill later stands for it as well.
fn held_drilled(history: &History, gone: &Snapshot) -> bool {
    history.there().map(|life| &life.snapshot).any(|snapshot| {
        snapshot.cluster == gone.cluster
            && snapshot.status == "available"
            && snapshot.created > gone.created
            && oracle::managed(snapshot, &history.script.policies.schedule)
            && snapshot.tags.contains_key("nightshift:drill-passed")
    })
}

pub(super) fn the_floor_survives(history: &History) -> Option<String> {
    deleted(history).find_map(|(run, gone)| {
        if gone.status != "available" {
            return None;
        }
        let rest = left(history, run, gone).len();
        let floor = history.script.policies.min_keep;
        (rest < floor).then(|| {
            format!(
                "after {} is gone, {} has {rest} good snapshots; min_keep is {floor}",
                gone.id, gone.cluster
            )
        })
    })
}

pub(super) fn what_a_rule_keeps_survives(history: &History) -> Option<String> {
    deleted(history).find_map(|(run, gone)| {
        if gone.status != "available" {
            return None;
        }
        let policies = &history.script.policies;
        let good = good(history, run, gone);
        let kept = oracle::kept(&policies.keep, &oracle::zone(policies), &good);
        kept.contains(gone.id.as_str())
            .then(|| format!("a rule of {:?} keeps {}", policies.keep, gone.id))
    })
}

pub(super) fn one_snapshot_for_a_night(history: &History) -> Option<String> {
    let (_, new) = created(history)?;
    let policies = &history.script.policies;
    let slot = oracle::slot_of(policies, new)?;
    let counts = |snapshot: &Snapshot| {
        snapshot.cluster == new.cluster
            && snapshot.id != new.id
            && ["available", "creating"].contains(&snapshot.status.as_str())
            && oracle::managed(snapshot, &policies.schedule)
            && oracle::slot_of(policies, snapshot) == Some(slot.clone())
    };
    let other = history
        .there()
        .map(|life| &life.snapshot)
        .find(|snapshot| counts(snapshot))?;
    Some(format!(
        "{} was created although {} is {} for {slot}",
        new.id, other.id, other.status
    ))
}

pub(super) fn no_run_deletes_more_than_allowed(history: &History) -> Option<String> {
    let (run, _) = deleted(history).next()?;
    let count = history
        .effects_of_run(run)
        .filter(|effect| matches!(effect, Effect::SnapshotDeleted(_)))
        .count();
    let most = history.script.policies.max_deletes;
    (count > most).then(|| format!("run {run} has deleted {count}; max_deletes is {most}"))
}

pub(super) fn nothing_is_pruned_while_backups_are_broken(history: &History) -> Option<String> {
    // No backups are expected of a cluster that is gone, and a policy may name it all the same.
    let there = |id: &str| history.members.contains_key(id);
    deleted(history)
        .filter(|(_, gone)| there(&gone.cluster))
        .find_map(|(run, gone)| {
            let policies = &history.script.policies;
            let since = history.sees_since(run);
            let lives = history.snapshots.values().flatten();
            let visible = lives.filter(|life| life.deleted.is_none_or(|(at, _)| at >= since));
            let good = visible.map(|life| &life.snapshot).filter(|snapshot| {
                snapshot.cluster == gone.cluster
                    && snapshot.status == "available"
                    && oracle::managed(snapshot, &policies.schedule)
            });
            let newest = good.map(|snapshot| snapshot.created).max()?;
            let age = since.duration_since(newest);
            let rpo = SignedDuration::from_hours(policies.rpo_hours);
            (age > rpo).then(|| {
                format!(
                    "{} was deleted, and the newest good one of {} is {age:#} old",
                    gone.id, gone.cluster
                )
            })
        })
}

pub(super) fn no_run_deletes_a_larger_share(history: &History) -> Option<String> {
    deleted(history).find_map(|(run, gone)| {
        let of_cluster = |effect: &&Effect| match effect {
            Effect::SnapshotDeleted(snapshot) => {
                snapshot.cluster == gone.cluster && snapshot.status == "available"
            }
            _ => false,
        };
        let count = history.effects_of_run(run).filter(of_cluster).count();
        let (total, most) = (good(history, run, gone).len(), history.script.policies.max_delete_percent);
        (count * 100 > total * most).then(|| {
            format!("run {run} has deleted {count} of the {total} good ones of {}; {most} % are allowed", gone.cluster)
        })
    })
}
