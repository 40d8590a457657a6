//! The rails of one cluster.

use std::collections::{BTreeMap, BTreeSet};

use aurora_model::{Breach, Rail, Snapshot, words::count};
use jiff::Timestamp;

use crate::{
    policy::Policy,
    recovery::{Age, Recovery, recovery},
    scope::Group,
};

/// What a plan means for one cluster.
pub struct Part<'a> {
    group: &'a Group<'a>,
    deletes: &'a BTreeSet<&'a str>,
    /// The good ones, newest last.
    pub good: BTreeMap<(Timestamp, &'a str), &'a Snapshot>,
    /// How many of the good ones would go.
    pub going: usize,
}

impl<'a> Part<'a> {
    /// What deleting `deletes` means for `group`.
    pub fn of(
        policy: &Policy,
        group: &'a Group<'a>,
        deletes: &'a BTreeSet<&'a str>,
        now: Timestamp,
    ) -> Self {
        let counts = |snapshot: &&Snapshot| {
            snapshot.good()
                && snapshot.managed_for(policy.schedule.as_str())
                && !snapshot.tags.has(&policy.hold_tag)
        };
        let good: BTreeMap<_, _> = group
            .snapshots
            .iter()
            .copied()
            .filter(counts)
            .filter_map(|snapshot| Some(((snapshot.created?, snapshot.id.as_str()), snapshot)))
            .filter(|((created, _), _)| *created <= now)
            .collect();
        let going = good
            .values()
            .filter(|snapshot| deletes.contains(snapshot.id.as_str()))
            .count();
        Self {
            group,
            deletes,
            good,
            going,
        }
    }

    /// How many snapshots of any kind would go.
    pub fn deletions(&self) -> usize {
        let snapshots = self.group.snapshots.iter();
        snapshots.filter(|snapshot| self.deletes(snapshot)).count()
    }

    /// The rails that are broken for this cluster.
    pub fn breaches(&self, policy: &Policy, now: Timestamp) -> Vec<Breach> {
        [
            self.recovery_point(policy, now),
            self.newest_good(),
            self.newest_drilled(policy, now),
            self.min_keep(policy),
            self.share(policy),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn breach(&self, rail: Rail, sentence: String, lift: impl Into<String>) -> Breach {
        Breach {
            rail,
            cluster: Some(self.group.id.into()),
            sentence,
            lift: lift.into(),
        }
    }

    fn deletes(&self, snapshot: &Snapshot) -> bool {
        self.deletes.contains(snapshot.id.as_str())
    }

    fn recovery_point(&self, policy: &Policy, now: Timestamp) -> Option<Breach> {
        let (cluster, schedule) = (self.group.id, &policy.schedule);
        let asked = self
            .group
            .snapshots
            .iter()
            .any(|snapshot| self.deletes(snapshot));
        match recovery(policy, self.group, now) {
            Recovery::Fine | Recovery::Never | Recovery::First => None,
            Recovery::Asleep(_) if !asked => None,
            Recovery::Asleep(Age { id, age }) | Recovery::Old(Age { id, age }) => {
                let (age, rpo) = (age.roughly(), policy.rpo);
                Some(self.breach(
                    Rail::RecoveryPoint,
                    format!("The newest good snapshot of {cluster}, {id}, is {age} old; policy.rpo is {rpo}. Nothing of it is pruned while backups are broken."),
                    format!("see why take-snapshot makes no new one; to prune all the same, set policy.rpo above {age} for one run."),
                ))
            }
            Recovery::NoneGood => Some(self.breach(
                Rail::RecoveryPoint,
                format!("There is no good snapshot of {cluster} for schedule {schedule}. Nothing of it is pruned while backups are broken."),
                "see why take-snapshot makes no good one; only a good snapshot lifts this rail.",
            )),
        }
    }

    fn newest_good(&self) -> Option<Breach> {
        let (_, newest) = self.good.last_key_value()?;
        self.deletes(newest).then(|| {
            self.breach(
                Rail::NewestGood,
                format!(
                    "This run would delete {}, the newest good snapshot of {}.",
                    newest.id, self.group.id
                ),
                "nothing lifts this rail. Take a newer snapshot first.",
            )
        })
    }

    fn newest_drilled(&self, policy: &Policy, now: Timestamp) -> Option<Breach> {
        let drilled = self.group.snapshots.iter().filter(|snapshot| {
            snapshot.drilled()
                && snapshot.good()
                && snapshot.managed_for(policy.schedule.as_str())
                && snapshot.created.is_some_and(|created| created <= now)
        });
        let newest = drilled.max_by_key(|snapshot| (snapshot.created, &snapshot.id))?;
        self.deletes(newest).then(|| {
            self.breach(
                Rail::NewestDrilled,
                format!(
                    "This run would delete {}, the newest snapshot of {} that passed a restore drill.",
                    newest.id, self.group.id
                ),
                "nothing lifts this rail. Let a newer snapshot pass a drill first.",
            )
        })
    }

    fn min_keep(&self, policy: &Policy) -> Option<Breach> {
        let rest = self.good.len() - self.going;
        (self.going > 0 && rest < policy.min_keep as usize).then(|| {
            let lift = match rest {
                0 => "let policy.keep keep more; policy.min_keep is at least 1.".into(),
                rest => format!("let policy.keep keep more, or set policy.min_keep to {rest}."),
            };
            self.breach(
                Rail::MinKeep,
                format!(
                    "This run would leave {} of {}; policy.min_keep is {}.",
                    count(rest, "good snapshot"),
                    self.group.id,
                    policy.min_keep
                ),
                lift,
            )
        })
    }

    fn share(&self, policy: &Policy) -> Option<Breach> {
        let (going, total, allowed) = (self.going, self.good.len(), policy.max_delete_percent);
        (going * 100 > total * usize::from(allowed)).then(|| {
            let percent = (going * 100).div_ceil(total);
            self.breach(
                Rail::MaxDeletePercent,
                format!(
                    "This run would delete {percent} % of the {} of {}; the policy allows {allowed} %.",
                    count(total, "good snapshot"),
                    self.group.id
                ),
                format!("read the plan, and if it is right set policy.max_delete_percent to {percent} for one run."),
            )
        })
    }
}
