//! What one snapshot is to a policy: part of its retention, failed, under way, or not ours.

use aurora_model::{Snapshot, SnapshotKind, SnapshotStatus, Span, tags};
use jiff::Timestamp;

use crate::policy::Policy;

/// A failed snapshot is kept this long, for whoever wants to see why.
pub const FAILED_KEPT: Span = Span::hours(24);

/// What a snapshot of a cluster that the policy means is to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Good and of this schedule: the retention rules decide. Made at this moment.
    TakesPart(Timestamp),
    /// Failed, and long enough ago to go.
    Rubbish(String),
    /// Of this schedule, but not for the rules to judge yet.
    Kept(String),
    /// Not ours to touch. The reason is the same for all that are left for it.
    Left(String),
}

/// What `snapshot` is to `policy`.
#[must_use]
pub fn standing(policy: &Policy, snapshot: &Snapshot, now: Timestamp) -> Standing {
    match not_ours(policy, snapshot) {
        Some(reason) => Standing::Left(reason),
        None => of_status(snapshot, now),
    }
}

fn not_ours(policy: &Policy, snapshot: &Snapshot) -> Option<String> {
    match &snapshot.kind {
        SnapshotKind::Manual => {}
        SnapshotKind::Automated => {
            return Some("automated: RDS keeps and deletes these itself".into());
        }
        SnapshotKind::AwsBackup => {
            return Some("AWS Backup's: its own life-cycle rules decide".into());
        }
        SnapshotKind::Shared => return Some("shared by another account".into()),
        SnapshotKind::Other(kind) => {
            return Some(format!("of kind {kind}, which Nightshift does not know"));
        }
    }
    if !snapshot.managed() {
        return Some(format!(
            "not made by Nightshift (no tag {}={})",
            tags::MANAGED_BY,
            tags::NIGHTSHIFT
        ));
    }
    if !snapshot.managed_for(policy.schedule.as_str()) {
        return Some(match snapshot.tags.get(tags::SCHEDULE) {
            Some(other) => format!("made for schedule {other}, not {}", policy.schedule),
            None => format!("made by Nightshift, but without tag {}", tags::SCHEDULE),
        });
    }
    snapshot
        .tags
        .get(&policy.hold_tag)
        .map(|value| match value {
            "" => format!("held by tag {}", policy.hold_tag),
            value => format!("held by tag {}={value}", policy.hold_tag),
        })
}

fn of_status(snapshot: &Snapshot, now: Timestamp) -> Standing {
    match (&snapshot.status, snapshot.created) {
        (SnapshotStatus::Creating | SnapshotStatus::Copying, _) => {
            Standing::Kept(format!("{}: judged once it is available", snapshot.status))
        }
        (SnapshotStatus::Deleting, _) => Standing::Left("being deleted already".into()),
        (SnapshotStatus::Unknown(status), _) => Standing::Left(format!(
            "in status {status}, which Nightshift does not know"
        )),
        (SnapshotStatus::Available | SnapshotStatus::Failed, None) => Standing::Kept(format!(
            "{}, but RDS does not say when it was made: look at it, and delete it by hand if it is of no use",
            snapshot.status
        )),
        (SnapshotStatus::Available | SnapshotStatus::Failed, Some(created)) if created > now => {
            Standing::Kept(format!(
                "made at {created}, after this run began: the next run judges it"
            ))
        }
        (SnapshotStatus::Available, Some(created)) => Standing::TakesPart(created),
        (SnapshotStatus::Failed, Some(created)) => {
            let age = now.duration_since(created);
            if age >= FAILED_KEPT.duration() {
                Standing::Rubbish(format!(
                    "failed {} ago: nothing can be restored from it",
                    Span::of(age).roughly()
                ))
            } else {
                Standing::Kept(format!("failed: deleted when it is {FAILED_KEPT} old"))
            }
        }
    }
}
