//! The rows of one cluster, in order, few enough to be read.

use std::collections::BTreeMap;

use aurora_model::{Choice, Decision, Snapshot, words::count};
use jiff::Timestamp;

use super::Delete;
use crate::scope::Group;

/// From this many on, the snapshots of a cluster that are left alone for one reason share a row:
/// a report of ten thousand rows is not read. What is deleted or kept always has its own.
const SHARE_A_ROW: usize = 6;

/// The rows of one cluster in the making.
pub struct Rows<'a> {
    cluster: &'a str,
    told: Vec<(Option<Timestamp>, Decision<Delete>)>,
    left: BTreeMap<String, Vec<&'a Snapshot>>,
}

impl<'a> Rows<'a> {
    /// No rows yet.
    pub const fn of(group: &Group<'a>) -> Self {
        Self {
            cluster: group.id,
            told: Vec::new(),
            left: BTreeMap::new(),
        }
    }

    /// A row of its own.
    pub fn one(
        &mut self,
        created: Option<Timestamp>,
        subject: &str,
        choice: Choice<Delete>,
        reason: impl Into<String>,
    ) {
        let decision = Decision::new(self.cluster, subject, choice, reason);
        self.told.push((created, decision));
    }

    /// A snapshot that is left alone, for a reason it may share with others.
    pub fn left(&mut self, snapshot: &'a Snapshot, reason: String) {
        self.left.entry(reason).or_default().push(snapshot);
    }

    /// The decisions, from the oldest snapshot to the newest.
    pub fn into_decisions(mut self) -> Vec<Decision<Delete>> {
        for (reason, mut snapshots) in std::mem::take(&mut self.left) {
            snapshots.sort_by_key(|snapshot| (age_order(snapshot.created), &snapshot.id));
            match snapshots.as_slice() {
                [oldest, .., newest] if snapshots.len() >= SHARE_A_ROW => {
                    let number = count(snapshots.len(), "snapshot");
                    let subject = format!("{number}, {} to {}", oldest.id, newest.id);
                    self.one(oldest.created, &subject, Choice::Leave, reason);
                }
                few => {
                    for snapshot in few {
                        self.one(snapshot.created, &snapshot.id, Choice::Leave, &*reason);
                    }
                }
            }
        }
        self.told.sort_by(|(a, one), (b, other)| {
            (age_order(*a), &one.subject).cmp(&(age_order(*b), &other.subject))
        });
        self.told
            .into_iter()
            .map(|(_, decision)| decision)
            .collect()
    }
}

/// Oldest first; what has no time yet is the newest.
fn age_order(created: Option<Timestamp>) -> Timestamp {
    created.unwrap_or(Timestamp::MAX)
}
