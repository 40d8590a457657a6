//! Snapshots that failed at RDS.

use jiff::SignedDuration;

use crate::{
    history::{Chain, History, Life},
    invariants::oracle,
    script::Deed,
    step::Ending,
};

pub(super) fn a_failed_snapshot_is_taken_again(history: &History) -> Option<String> {
    let (run, Ending::Answered(report)) = history.last_ending()? else {
        return None;
    };
    if !could_act(history, run, history.chain_of(run)) {
        return None;
    }
    let policies = &history.script.policies;
    let slot = oracle::slot(policies, history.chain_of(run).time);
    let of_slot = |life: &Life| oracle::slot_of(policies, &life.snapshot).as_ref() == Some(&slot);
    let seen = history.sees_since(run);
    let failed = history.there().find(|life| {
        life.created_by.is_some()
            && life.failed.is_some_and(|at| at < seen)
            && of_slot(life)
            && steady(history, &life.snapshot.cluster)
    })?;
    let later = |life: &Life| {
        life.snapshot.cluster == failed.snapshot.cluster
            && life.snapshot.id != failed.snapshot.id
            && life.snapshot.created >= failed.snapshot.created
            && of_slot(life)
    };
    let again = history.snapshots.values().flatten().any(later);
    let calls = &history.runs[run].calls;
    let tried = calls
        .iter()
        .any(|call| call.call.operation == "CreateDBClusterSnapshot");
    // A run that says it is not done leaves it to the next.
    let mut rows = report["rows"].as_array().into_iter().flatten();
    let left = rows.any(|row| {
        let undone = ["busy", "left", "failed"]
            .iter()
            .any(|outcome| row["outcome"] == *outcome);
        row["cluster"] == failed.snapshot.cluster && (undone || row["verdict"] == "wait")
    });
    let id = &failed.snapshot.id;
    (!again && !tried && !left).then(|| format!("{id} failed, and run {run} did nothing about it"))
}

/// Whether the run was for a schedule or its tick, in time, and not only for a plan.
fn could_act(history: &History, run: usize, chain: &Chain) -> bool {
    let policies = &history.script.policies;
    let age = history.runs[run].began.duration_since(chain.time);
    chain.function == "take-snapshot"
        && chain.payload["event"].get("schedule_arn").is_some()
        && age <= SignedDuration::from_hours(policies.expire_hours)
        && !policies.plan_only
        && !history.script.lambda.plan_only
}

/// Whether the cluster is selected, available, and nobody does anything to it.
fn steady(history: &History, id: &str) -> bool {
    let touched = history.script.acts.iter().any(|act| match &act.deed {
        Deed::DeleteCluster(cluster) | Deed::SetStatus { cluster, .. } => cluster == id,
        _ => false,
    });
    let mut clusters = history.script.clusters.iter();
    let cluster = clusters.find(|cluster| cluster.id == id && cluster.status == "available");
    !touched && cluster.is_some_and(|cluster| oracle::selected(&history.script.policies, cluster))
}
