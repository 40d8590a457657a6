//! Instances. None of today's functions creates or deletes any; these hold for the first that does.

use std::sync::Arc;

use simulated_aws::{Effect, rds::Instance};

use crate::{
    history::{History, own},
    invariants::oracle::MANAGED_BY,
};

/// The instance that the last step's call deleted.
fn deleted(history: &History) -> Option<&Arc<Instance>> {
    let (_, record) = history.last_call()?;
    own(record).find_map(|effect| match effect {
        Effect::InstanceDeleted(instance) => Some(instance),
        _ => None,
    })
}

fn members<'a>(history: &'a History, instance: &Instance) -> &'a [String] {
    history
        .members
        .get(&instance.cluster)
        .map_or(&[], Vec::as_slice)
}

pub(super) fn the_writer_survives(history: &History) -> Option<String> {
    let instance = deleted(history)?;
    if members(history, instance).first() == Some(&instance.id) {
        return Some(format!(
            "{} was the writer of {}",
            instance.id, instance.cluster
        ));
    }
    let managed = instance
        .tags
        .get(MANAGED_BY.0)
        .is_some_and(|by| by == MANAGED_BY.1);
    (!managed).then(|| format!("{} is not Nightshift's: {:?}", instance.id, instance.tags))
}

pub(super) fn the_last_reader_survives(history: &History) -> Option<String> {
    let instance = deleted(history)?;
    let members = members(history, instance);
    let last = members.len() == 2 && members.get(1) == Some(&instance.id);
    last.then(|| {
        format!(
            "{} was the last reader of {}",
            instance.id, instance.cluster
        )
    })
}
