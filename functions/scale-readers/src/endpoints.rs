//! The custom endpoints of a cluster, without a reader and with it again.
//!
//! A custom endpoint leads to the instances of its static list, or, where it has none, to all but those
//! of its exclusion list.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html>

use aurora_model::{
    Tags,
    reader::{CustomEndpoint, DbInstance},
    tags,
};

use crate::fleet::{Fleet, Stand};

/// The endpoints that lead to `reader` and that it can be taken out of, as they are without it.
///
/// One that leads to every instance stays as it is: RDS takes an empty list as no change, so its
/// exclusion list, once it is not empty, could never be emptied again.
pub fn without(all: &[CustomEndpoint], reader: &str) -> Vec<CustomEndpoint> {
    let leading = all.iter().filter(|endpoint| leads_to(endpoint, reader));
    let leading = leading.filter(|endpoint| !everyone(endpoint));
    leading
        .map(|endpoint| taken_out(endpoint, reader))
        .collect()
}

/// An endpoint of `reader`, also one that it was taken out of, that would lead to nobody who answers
/// without it. RDS keeps an instance on the lists that is broken, or, of an endpoint for readers, that has
/// become the writer; and it takes a list that is empty as no change.
pub fn needing<'a>(
    all: &'a [CustomEndpoint],
    reader: &DbInstance,
    fleet: &Fleet<'_>,
) -> Option<&'a CustomEndpoint> {
    let others = fleet.those(|stand| stand == Stand::Serving);
    let others: Vec<_> = others.iter().map(|it| it.instance.id.as_str()).collect();
    let its = |endpoint: &&CustomEndpoint| {
        leads_to(endpoint, &reader.id) || reader.tags.has(&key(&endpoint.id))
    };
    let answered = |endpoint: &CustomEndpoint| {
        let writer = (!endpoint.readers_only).then_some(fleet.writer.id.as_str());
        let mut there = others.iter().copied().chain(writer);
        there.any(|id| id != reader.id && leads_to(endpoint, id))
    };
    let mut its = all.iter().filter(its);
    its.find(|endpoint| !everyone(endpoint) && !answered(endpoint))
}

/// Whether it leads to every instance, those that come too.
const fn everyone(endpoint: &CustomEndpoint) -> bool {
    endpoint.members.is_empty() && endpoint.excluded.is_empty()
}

/// The endpoints that `reader` was taken out of, by its tags, as they are with it again. One that is gone
/// since, or that somebody has given the reader back to, stays as it is.
pub fn with(all: &[CustomEndpoint], reader: &str, tags: &Tags) -> Vec<CustomEndpoint> {
    let named = |endpoint: &&CustomEndpoint| tags.has(&key(&endpoint.id));
    let lost = |endpoint: &&CustomEndpoint| !leads_to(endpoint, reader);
    let back = all.iter().filter(named).filter(lost);
    back.map(|endpoint| put_back(endpoint, reader)).collect()
}

/// `all` as they are once these have been given what they should have.
pub fn given(all: &[CustomEndpoint], changed: &[CustomEndpoint]) -> Vec<CustomEndpoint> {
    let now = |it: &CustomEndpoint| {
        let new = changed.iter().find(|new| new.id == it.id);
        new.unwrap_or(it).clone()
    };
    all.iter().map(now).collect()
}

/// The key of the tag by which a reader remembers a custom endpoint: a cluster has up to five, whose
/// names together are longer than one tag's value may be.
pub fn key(endpoint: &str) -> String {
    format!("{}/{endpoint}", tags::DRAINED_FROM)
}

/// The keys of all tags that say that a reader is to go.
pub fn keys(tags: &Tags) -> Vec<String> {
    let ours =
        |key: &&str| *key == tags::DRAINING_SINCE || key.strip_prefix(tags::DRAINED_FROM).is_some();
    let keys = tags.iter().map(|(key, _)| key);
    keys.filter(ours).map(Into::into).collect()
}

fn leads_to(endpoint: &CustomEndpoint, reader: &str) -> bool {
    let has = |list: &[String]| list.iter().any(|id| id == reader);
    if endpoint.members.is_empty() {
        !has(&endpoint.excluded)
    } else {
        has(&endpoint.members)
    }
}

fn taken_out(endpoint: &CustomEndpoint, reader: &str) -> CustomEndpoint {
    let mut endpoint = endpoint.clone();
    if endpoint.members.is_empty() {
        endpoint.excluded.push(reader.into());
    } else {
        endpoint.members.retain(|id| id != reader);
    }
    endpoint
}

fn put_back(endpoint: &CustomEndpoint, reader: &str) -> CustomEndpoint {
    let mut endpoint = endpoint.clone();
    if endpoint.members.is_empty() {
        endpoint.excluded.retain(|id| id != reader);
    } else {
        endpoint.members.push(reader.into());
    }
    endpoint
}
