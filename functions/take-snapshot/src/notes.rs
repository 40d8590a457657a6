//! What a run says besides its decisions: recovery points, second tries, the quota.

use aurora_model::{
    Choice, Decision, Note, Plan, Severity, Snapshot, SnapshotKind, SnapshotStatus, Span,
    words::count,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Policy,
    plan::{Create, Observation, ours},
};

/// For each cluster without tonight's snapshot: that the newest good one was older than the
/// recovery point objective before this run. A cluster whose snapshot is there already has been
/// told of by the run that took it.
pub(crate) fn recovery_points(
    policy: &Policy,
    seen: &Observation,
    decisions: &[Decision<Create>],
    time: Timestamp,
) -> Vec<Note> {
    let open = decisions
        .iter()
        .filter(|decision| !matches!(decision.choice, Choice::Keep | Choice::Leave));
    open.filter_map(|decision| recovery_point(policy, seen, decision, time))
        .collect()
}

fn recovery_point(
    policy: &Policy,
    seen: &Observation,
    decision: &Decision<Create>,
    time: Timestamp,
) -> Option<Note> {
    let cluster = &decision.cluster;
    // A cluster that never had a snapshot of this schedule is new to it, not behind.
    ours(policy, seen, cluster).next()?;
    let good = ours(policy, seen, cluster).filter(|snapshot| snapshot.good());
    let newest = good.max_by_key(|snapshot| (snapshot.created, &snapshot.id));
    let age = newest.and_then(|newest| Some(time.duration_since(newest.created?)));
    if age.is_some_and(|age| age <= policy.rpo.duration()) {
        return None;
    }
    let behind = match (newest, age) {
        (Some(Snapshot { id, .. }), Some(age)) => format!(
            "the newest good snapshot, {id}, was {} old; the recovery point objective is {}",
            Span::of(age).roughly(),
            policy.rpo
        ),
        _ => format!("there was no good {} snapshot", policy.schedule),
    };
    let since = newest.and_then(|newest| newest.created);
    let stuck = stuck(policy, seen, cluster, since, time);
    let text = format!("{cluster}: before this run {behind}{stuck}.");
    Some(Note::new(severity(&decision.choice), text))
}

/// While a cluster is busy, the next tick is likely to mend it.
const fn severity(choice: &Choice<Create>) -> Severity {
    match choice {
        Choice::Act(_) | Choice::Wait => Severity::Warning,
        Choice::Keep | Choice::Leave | Choice::Alert => Severity::Critical,
    }
}

/// A snapshot that takes longer than this is worth a word.
const LONG: Span = Span::hours(6);

/// The snapshot that should have been the newest good one and is not: `; x has been creating for
/// 24h`.
fn stuck(
    policy: &Policy,
    seen: &Observation,
    cluster: &str,
    since: Option<Timestamp>,
    time: Timestamp,
) -> String {
    let late = |snapshot: &&Snapshot| {
        let begun = snapshot.created.filter(|at| Some(*at) > since);
        let long = begun.is_some_and(|at| time.duration_since(at) > LONG.duration());
        long && matches!(
            snapshot.status,
            SnapshotStatus::Creating | SnapshotStatus::Copying
        )
    };
    let later = ours(policy, seen, cluster).filter(late);
    let newest = later.max_by_key(|snapshot| (snapshot.created, &snapshot.id));
    let said = newest.and_then(|snapshot| {
        let age = Span::of(time.duration_since(snapshot.created?)).roughly();
        Some(format!(
            "; {} has been {} for {age}",
            snapshot.id, snapshot.status
        ))
    });
    said.unwrap_or_default()
}

/// That a snapshot failed at RDS and is tried again under another name.
pub(crate) fn second_tries(plan: &Plan<Create>) -> Vec<Note> {
    let again = plan
        .actions()
        .filter(|(_, create)| !create.instead_of.is_empty());
    let say = |cluster, reason| Note::new(Severity::Warning, format!("{cluster}: {reason}."));
    again
        .map(|(decision, _)| say(&decision.cluster, &decision.reason))
        .collect()
}

/// How far back the pace of new snapshots is measured.
const PACE_DAYS: i64 = 7;

/// That the account's quota of manual cluster snapshots is nearly used, with a forecast. Only a
/// run that takes snapshots says so, not every tick after it.
pub(crate) fn quota(
    policy: &Policy,
    seen: &Observation,
    plan: &Plan<Create>,
    time: Timestamp,
) -> Option<Note> {
    let wanted = plan
        .actions()
        .filter(|(_, create)| !create.by_earlier_attempt)
        .count();
    let quota = seen.quota.filter(|_| wanted > 0)?;
    let free = quota.max.saturating_sub(quota.used);
    let room = format!(
        "{} of {} manual cluster snapshots are used",
        quota.used, quota.max
    );
    if wanted > free as usize {
        let text =
            format!("{room}: this run wants {wanted} and there is room for {free}. {REMEDY}.");
        return Some(Note::new(Severity::Critical, text));
    }
    let full =
        u64::from(quota.used) * 100 >= u64::from(quota.max) * u64::from(policy.quota_warn_percent);
    let forecast = forecast(seen, free, time);
    full.then(|| Note::new(Severity::Warning, format!("{room}{forecast}. {REMEDY}.")))
}

pub(crate) const REMEDY: &str = "Let prune-snapshots keep fewer, delete manual snapshots nobody needs, or ask AWS for a higher quota";

fn forecast(seen: &Observation, free: u32, time: Timestamp) -> String {
    let since = time - SignedDuration::from_hours(24 * PACE_DAYS);
    let fresh = |created: Option<Timestamp>| {
        created.is_some_and(|created| created > since && created <= time)
    };
    let manual = seen
        .snapshots
        .iter()
        .filter(|snapshot| snapshot.kind == SnapshotKind::Manual);
    let made = manual.filter(|snapshot| fresh(snapshot.created)).count();
    match i64::try_from(made) {
        Ok(made) if made > 0 => {
            let days = i64::from(free) * PACE_DAYS / made;
            let days = count(usize::try_from(days).unwrap_or(0), "day");
            format!(
                "; full in {days} at the present pace ({made} in the last {PACE_DAYS} days), if none is deleted"
            )
        }
        _ => String::new(),
    }
}
