//! Tags, and the keys by which Nightshift recognises what it made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Marks what Nightshift made; only such things are ever deleted.
pub const MANAGED_BY: &str = "nightshift:managed-by";
/// The value of [`MANAGED_BY`].
pub const NIGHTSHIFT: &str = "nightshift";
/// The schedule a snapshot was taken for.
pub const SCHEDULE: &str = "nightshift:schedule";
/// The trigger's time a snapshot was taken for, RFC 3339 in UTC.
pub const TAKEN_FOR: &str = "nightshift:taken-for";
/// The request that created a snapshot, by which a run whose call was answered twice or not at
/// all recognises its own work.
pub const TAKEN_BY: &str = "nightshift:taken-by";
/// On a snapshot: when a restore drill with it last succeeded, RFC 3339.
pub const DRILL_PASSED: &str = "nightshift:drill-passed";
/// On a cluster: the schedule by which its snapshots are taken and pruned.
pub const SNAPSHOT: &str = "nightshift:snapshot";
/// On a snapshot: while present, whatever its value, the snapshot is not pruned.
pub const HOLD: &str = "nightshift:hold";

/// On a reader: since when what it was created for has been wanted, RFC 3339; `min` for the policy's
/// `min`.
pub const CREATED_FOR: &str = "nightshift:created-for";
/// On a reader: the request that created it, by which a run whose call was answered twice or not at
/// all recognises its own work.
pub const CREATED_BY: &str = "nightshift:created-by";
/// On a reader: when it was asked for, RFC 3339. RDS tells nothing of the kind until a creation is over.
pub const CREATED_AT: &str = "nightshift:created-at";
/// On a reader that is to go: since when, RFC 3339.
pub const DRAINING_SINCE: &str = "nightshift:draining-since";
/// On a reader that is to go, followed by `/` and a custom endpoint: it was taken out of that one.
pub const DRAINED_FROM: &str = "nightshift:drained-from";
/// On a cluster: when readers were added, and behind the word `gone` when they were removed, RFC 3339 with
/// blanks between.
pub const READER_CHANGES: &str = "nightshift:reader-changes";
/// On a cluster: what the team has been told about its readers that lasts, as numbers.
pub const READERS_TOLD: &str = "nightshift:readers-told";

/// On a cluster: what the team has been told of its alarms.
pub const EPISODE: &str = "nightshift:episode";
/// On a cluster: when sessions or statements were last ended on it, RFC 3339.
pub const REMEDIED: &str = "nightshift:remedied";
/// On a cluster: when remedy-alarm asked scale-readers for a reader, RFC 3339.
pub const READER_ASKED: &str = "nightshift:reader-asked";

/// RDS allows at most 50 tags on a resource.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
pub const MAX_TAGS: usize = 50;

/// The tags of one RDS resource, ordered by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    /// The value of `key`, if the resource carries it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Whether the resource carries `key` with any value.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Whether Nightshift made the resource.
    #[must_use]
    pub fn managed(&self) -> bool {
        self.get(MANAGED_BY) == Some(NIGHTSHIFT)
    }

    /// How many tags there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All tags, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Adds a tag, or replaces the one of this key.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// These tags and as many of `others` as RDS's limit leaves room for, in the order of their
    /// keys. Ours win; `aws:` and `rds:` keys are reserved by AWS and `nightshift:` keys mean
    /// something else on another resource, so neither is copied. The second value names the keys
    /// that found no room.
    #[must_use]
    pub fn filled_from(self, others: &Self) -> (Self, Vec<String>) {
        self.filled_up_to(MAX_TAGS, others)
    }

    /// The same, up to `most` tags in all.
    #[must_use]
    pub fn filled_up_to(mut self, most: usize, others: &Self) -> (Self, Vec<String>) {
        let mut left_out = Vec::new();
        for (key, value) in others.iter().filter(|(key, _)| !reserved(key)) {
            if self.has(key) {
                continue;
            }
            if self.len() < most {
                self.0.insert(key.into(), value.into());
            } else {
                left_out.push(key.into());
            }
        }
        (self, left_out)
    }
}

/// Whether AWS or Nightshift keeps keys like this one to itself.
#[must_use]
pub fn reserved(key: &str) -> bool {
    reserved_by_rds(key) || begins(key, "nightshift:")
}

/// Whether RDS refuses tags with such a key, or such a value.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html>
#[must_use]
pub fn reserved_by_rds(text: &str) -> bool {
    begins(text, "aws:") || begins(text, "rds:")
}

fn begins(text: &str, with: &str) -> bool {
    let start = text.get(..with.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(with))
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        Self(
            tags.into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_win_and_reserved_keys_are_not_copied() {
        let ours = Tags::from_iter([("team", "night")]);
        let theirs = Tags::from_iter([
            ("team", "day"),
            ("aws:cloudformation:stack-name", "s"),
            ("rds:owner", "s"),
            (HOLD, "yes"),
            ("a", "1"),
        ]);
        let (merged, left_out) = ours.filled_from(&theirs);
        assert_eq!(merged, Tags::from_iter([("team", "night"), ("a", "1")]));
        assert!(left_out.is_empty());
    }

    #[test]
    fn at_most_fifty_and_the_rest_is_named() {
        let ours = Tags::from_iter([(MANAGED_BY, NIGHTSHIFT)]);
        let theirs = (0..50).map(|n| (format!("k{n:02}"), "v")).collect();
        let (merged, left_out) = ours.filled_from(&theirs);
        assert_eq!(merged.len(), MAX_TAGS);
        assert!(merged.managed());
        assert_eq!(left_out, ["k49"]);
    }
}
