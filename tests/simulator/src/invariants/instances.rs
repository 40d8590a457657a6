//! Instances, whoever creates or deletes them.

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
    let instance = deleted(history).filter(|it| !never_served(&it.status))?;
    let members = members(history, instance);
    let last = members.len() == 2 && members.get(1) == Some(&instance.id);
    last.then(|| {
        format!(
            "{} was the last reader of {}",
            instance.id, instance.cluster
        )
    })
}

/// The states in which a creation ends that failed: nobody misses such a reader.
fn never_served(status: &str) -> bool {
    status == "failed" || status == "insufficient-capacity" || status.starts_with("incompatible-")
}

/// As many readers as a cluster may have.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html>
const MOST_READERS: usize = 15;

pub(super) fn readers_stay_within_max(history: &History) -> Option<String> {
    let (_, record) = history.last_call()?;
    let added = own(record).find_map(|effect| match effect {
        Effect::InstanceCreated(instance) => Some(instance),
        _ => None,
    })?;
    // Without a writer, the first instance becomes it.
    let readers = members(history, added).len();
    let mut clusters = history.script.clusters.iter();
    let cluster = clusters.find(|cluster| cluster.id == added.cluster);
    let why = too_many(readers, cluster.and_then(|cluster| cluster.max_readers))?;
    Some(format!(
        "{} was added to {}: {why}",
        added.id, added.cluster
    ))
}

/// Why a cluster may not have so many readers, if it may not.
fn too_many(readers: usize, max: Option<usize>) -> Option<String> {
    match max.map(|max| max.min(MOST_READERS)) {
        _ if readers == 0 => None,
        None => Some("no policy names its readers".into()),
        Some(max) => {
            (readers > max).then(|| format!("it has {readers} readers now, and may have {max}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_allows_so_many_readers_and_aws_fifteen() {
        assert_eq!(too_many(0, None), None);
        assert!(too_many(1, None).is_some());
        assert_eq!(too_many(2, Some(2)), None);
        assert!(too_many(3, Some(2)).is_some());
        assert_eq!(too_many(15, Some(40)), None);
        assert!(too_many(16, Some(40)).is_some());
    }
}
