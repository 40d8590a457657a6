//! What is true once nothing fails any more.

use jiff::{SignedDuration, Timestamp};
use simulated_aws::rds::Snapshot;

use crate::{
    history::{Chain, History},
    invariants::oracle::{self, HOLD},
    script::{Act, Cluster, Deed},
    step::Ending,
};

fn settled(history: &History) -> bool {
    let plan = history.script.policies.plan_only || history.script.lambda.plan_only;
    history.over() && !plan
}

/// The last schedule of `function` that arrived.
fn last_scheduled<'a>(history: &'a History, function: &str) -> Option<&'a Chain> {
    let mut chains = history.chains.iter().rev();
    chains.find(|chain| {
        chain.function == function
            && chain.payload["event"].get("schedule_arn").is_some()
            && chain.taken > history.script.calm
    })
}

pub(super) fn every_cluster_has_its_snapshot(history: &History) -> Option<String> {
    let chain = last_scheduled(history, "take-snapshot").filter(|_| settled(history))?;
    let policies = &history.script.policies;
    let night = oracle::slot(policies, chain.time);
    let full = manual(history) >= history.script.quota || refused_for_quota(history);
    let available = |cluster: &&Cluster| status_at_the_end(history, cluster) == "available";
    let mut meant = history
        .script
        .clusters
        .iter()
        .filter(|cluster| oracle::selected(policies, cluster));
    let without = meant.find(|cluster| {
        let has = history.there().any(|life| {
            life.snapshot.cluster == cluster.id
                && life.snapshot.status != "failed"
                && oracle::managed(&life.snapshot, &policies.schedule)
                && oracle::slot_of(policies, &life.snapshot) == Some(night.clone())
        });
        available(cluster) && !has && !full
    })?;
    Some(format!(
        "{} is available and has no snapshot for {night}",
        without.id
    ))
}

/// Whether the account was full when a run of the calm nights wanted to create a snapshot; it may
/// have been pruned since.
fn refused_for_quota(history: &History) -> bool {
    let calm = history
        .runs
        .iter()
        .filter(|run| run.began > history.script.calm);
    let mut calls = calm.flat_map(|run| &run.calls);
    calls.any(|call| {
        let code = call.answer.as_ref().and_then(|(_, code)| code.as_deref());
        code == Some("SnapshotQuotaExceeded")
    })
}

fn manual(history: &History) -> usize {
    history
        .there()
        .filter(|life| life.snapshot.kind == "manual")
        .count()
}

/// A cluster that was deleted stays so, whatever was done to it later.
fn status_at_the_end(history: &History, cluster: &Cluster) -> String {
    let mut status = cluster.status.clone();
    for act in &history.script.acts {
        match &act.deed {
            Deed::DeleteCluster(id) if *id == cluster.id => return "deleted".into(),
            Deed::SetStatus {
                cluster: id,
                status: to,
            } if *id == cluster.id => status.clone_from(to),
            _ => {}
        }
    }
    status
}

pub(super) fn nothing_is_left_to_prune(history: &History) -> Option<String> {
    let chain = last_scheduled(history, "prune-snapshots").filter(|_| settled(history))?;
    let policies = &history.script.policies;
    // A cluster that is gone and named all the same is pruned too, and counts.
    let gone = |act: &Act| matches!(act.deed, Deed::DeleteCluster(_));
    if policies.ids.is_some() && history.script.acts.iter().any(gone) {
        return None;
    }
    let began = history.runs[*chain.runs.last()?].began;
    let meant = history
        .script
        .clusters
        .iter()
        .filter(|cluster| oracle::selected(policies, cluster));
    let over: Vec<(&Cluster, Vec<&Snapshot>, Vec<&Snapshot>)> = meant
        .map(|cluster| {
            let good = part(history, cluster, began);
            let kept = oracle::kept(&policies.keep, &oracle::zone(policies), &good);
            let drilled = newest_drilled(history, cluster, began);
            let goes = |snapshot: &&&Snapshot| {
                !kept.contains(snapshot.id.as_str()) && Some(snapshot.id.as_str()) != drilled
            };
            let going = good.iter().filter(goes).copied().collect();
            (cluster, good, going)
        })
        .collect();
    // Of a cluster whose backups do not work nothing counts. One that is at its floor keeps what is good;
    // what failed at RDS goes all the same, and counts.
    let working = |good: &[&Snapshot]| fresh(good, began, policies.rpo_hours + 1);
    let failed = |cluster: &Cluster| {
        let lives = history.there().map(|life| &life.snapshot);
        lives
            .filter(|s| s.cluster == cluster.id && s.status == "failed")
            .count()
    };
    let failed: usize = over
        .iter()
        .filter(|(_, good, _)| working(good))
        .map(|(cluster, ..)| failed(cluster))
        .sum();
    let moving: Vec<_> = over
        .into_iter()
        .filter(|(_, good, going)| working(good) && good.len() - going.len() >= policies.min_keep)
        .collect();
    let total = failed + moving.iter().map(|(.., going)| going.len()).sum::<usize>();
    let of: usize = moving.iter().map(|(_, good, _)| good.len()).sum();
    let share = |going: usize, good: usize| going * 100 <= good * policies.max_delete_percent;
    let (cluster, _, going) = moving.iter().find(|(_, good, going)| {
        let few = total <= policies.max_deletes && share(total, of);
        fresh(good, began, 24) && !going.is_empty() && few && share(going.len(), good.len())
    })?;
    let names: Vec<&str> = going.iter().map(|snapshot| snapshot.id.as_str()).collect();
    let said = history.runs[*chain.runs.last()?]
        .ended
        .as_ref()
        .map(|(_, ending)| headline(ending));
    Some(format!(
        "no rule keeps {names:?} of {}, no rail protects them, and they are still there; the last run said {said:?}",
        cluster.id
    ))
}

fn headline(ending: &Ending) -> String {
    ending.to_string()
}

/// The newest snapshot that passed a restore drill. A held one is as well proven as any, so that
/// an older one need not stay for its sake.
fn newest_drilled<'a>(
    history: &'a History,
    cluster: &'a Cluster,
    began: Timestamp,
) -> Option<&'a str> {
    let drilled = good(history, cluster, began)
        .filter(|snapshot| snapshot.tags.contains_key("nightshift:drill-passed"));
    drilled
        .max_by_key(|snapshot| (snapshot.created, &snapshot.id))
        .map(|snapshot| snapshot.id.as_str())
}

/// The cluster's snapshots that take part in retention.
fn part<'a>(history: &'a History, cluster: &'a Cluster, began: Timestamp) -> Vec<&'a Snapshot> {
    let good = good(history, cluster, began);
    good.filter(|snapshot| !snapshot.tags.contains_key(HOLD))
        .collect()
}

/// The cluster's good snapshots of the schedule.
fn good<'a>(
    history: &'a History,
    cluster: &'a Cluster,
    began: Timestamp,
) -> impl Iterator<Item = &'a Snapshot> {
    let there = history.there().map(|life| &*life.snapshot);
    there.filter(move |snapshot| {
        snapshot.cluster == cluster.id
            && snapshot.status == "available"
            && snapshot.created <= began
            && oracle::managed(snapshot, &history.script.policies.schedule)
    })
}

/// Whether backups work: the newest good one is younger than so many hours.
fn fresh(good: &[&Snapshot], began: Timestamp, hours: i64) -> bool {
    let newest = good.iter().map(|snapshot| snapshot.created).max();
    let age = newest.map(|at| began.duration_since(at));
    age.is_some_and(|age| age < SignedDuration::from_hours(hours))
}
