//! The safety rails, held against a finished plan.
//!
//! [`guard`] trusts nothing that led to the plan: it looks at what would be deleted and at what
//! was observed, as if the retention rules were wrong. Most rails can only be broken by a fault
//! in Nightshift; `max_deletes`, `max_delete_percent`, `min_keep` and `rpo` also by a policy or
//! by the world.
//!
//! What counts as good towards `min_keep` and as newest good one is what takes part in
//! retention: available, of this schedule, not held, not made after this run began. A held
//! snapshot does not count, since a hold says nothing of its worth for recovery, and may be
//! lifted tomorrow. Towards `rpo` it does: it shows that backups work.
//!
//! Broken backups are reported even where nothing would be deleted, at every run until they
//! work again: a function without memory can't tell a first report from a tenth, and on a
//! nightly schedule one mail a night is what a cluster without backups deserves.

mod ownership;
mod part;

use std::collections::BTreeSet;

use aurora_model::{Breach, Plan, Rail, rails::BlastRadius};
use jiff::Timestamp;

use self::{ownership::ownership, part::Part};
use crate::{
    plan::{Delete, Observation},
    policy::Policy,
    scope::{Meant, groups},
};

/// The rails that `plan` breaks: first those that forbid the whole run, then by cluster.
#[must_use]
pub fn guard(
    policy: &Policy,
    plan: &Plan<Delete>,
    observation: &Observation,
    now: Timestamp,
) -> Vec<Breach> {
    let groups = groups(policy, observation);
    let deletes: BTreeSet<&str> = plan
        .actions()
        .map(|(_, delete)| delete.snapshot.as_str())
        .collect();
    let parts: Vec<Part> = groups
        .iter()
        .filter(|group| group.meant == Meant::Yes)
        .map(|group| Part::of(policy, group, &deletes, now))
        .collect();
    let of_parts: Vec<Vec<Breach>> = parts
        .iter()
        .map(|part| part.breaches(policy, now))
        .collect();
    let going: Vec<&Part> = parts
        .iter()
        .zip(&of_parts)
        .filter(|(_, breaches)| !stands_still(breaches))
        .map(|(part, _)| part)
        .collect();
    let mut breaches: Vec<Breach> = ownership(policy, plan, &groups, now).into_iter().collect();
    breaches.extend(blast_radius(policy, &going));
    breaches.extend(of_parts.into_iter().flatten());
    breaches
}

/// Whether nothing of the cluster goes for a reason of its own, such as broken backups. Too large
/// a share is none: it says as much of the whole run.
fn stands_still(breaches: &[Breach]) -> bool {
    breaches
        .iter()
        .any(|breach| breach.rail != Rail::MaxDeletePercent)
}

/// A cluster that stands still must not use up what the others may delete.
fn blast_radius(policy: &Policy, parts: &[&Part]) -> Vec<Breach> {
    let deletes = parts.iter().map(|part| part.deletions()).sum();
    // Failed snapshots hold nothing: deleting them counts as a deletion, but not as a share of
    // what there is.
    let number = BlastRadius {
        max_deletes: policy.max_deletes,
        max_delete_percent: 100,
    };
    let share = BlastRadius {
        max_deletes: u32::MAX,
        max_delete_percent: policy.max_delete_percent,
    };
    let mut breaches = number.breaches(deletes, deletes, "snapshot");
    // With one cluster, its own share says the same.
    if parts.len() > 1 {
        let going = parts.iter().map(|part| part.going).sum();
        let total = parts.iter().map(|part| part.good.len()).sum();
        breaches.extend(share.breaches(going, total, "snapshot"));
    }
    breaches
}

#[cfg(test)]
mod tests;
