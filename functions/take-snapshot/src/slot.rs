//! A slot's names, and what stands under them: one night of one schedule of one cluster has one
//! snapshot, whose name carries the number of the try where the ones before it failed.

use aurora_model::{
    Snapshot, SnapshotStatus,
    name::{MAX_TRIES, Slot},
};

use crate::plan::Observation;

/// What was found under the names of a slot.
pub(crate) enum Found<'a> {
    /// A snapshot that is available or will be.
    There(&'a Snapshot),
    /// No snapshot yet: the first free name's try, and what stands under the names before it.
    Free { attempt: u8, taken: Vec<String> },
    /// Every name is taken by something that does not count.
    Exhausted,
}

/// Goes through the slot's names, from its first try's on, to the snapshot that counts or the
/// first free name.
pub(crate) fn look_up<'a>(seen: &'a Observation, slot: Slot<'_>) -> Found<'a> {
    let mut taken = Vec::new();
    for attempt in 1..=MAX_TRIES {
        let name = slot.name(attempt);
        // Identifiers are unique among an account's own snapshots; shared ones have ARNs for names.
        let Some(snapshot) = seen.snapshots.iter().find(|snapshot| snapshot.id == name) else {
            return Found::Free { attempt, taken };
        };
        match stands(slot, snapshot) {
            None => return Found::There(snapshot),
            Some(why) => taken.push(format!("{name} {why}")),
        }
    }
    Found::Exhausted
}

/// Why a snapshot under one of the slot's names is not the slot's snapshot, if it is not.
fn stands(slot: Slot<'_>, snapshot: &Snapshot) -> Option<&'static str> {
    if !snapshot.managed_for(slot.schedule.as_str()) || snapshot.cluster != slot.cluster {
        return Some("is not Nightshift's snapshot of this cluster and schedule");
    }
    match &snapshot.status {
        SnapshotStatus::Available | SnapshotStatus::Creating | SnapshotStatus::Copying => None,
        SnapshotStatus::Failed => Some("failed at RDS"),
        SnapshotStatus::Deleting => Some("is being deleted"),
        SnapshotStatus::Unknown(_) => Some("has a status this version does not know"),
    }
}
