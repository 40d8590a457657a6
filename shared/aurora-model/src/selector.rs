//! Which clusters a policy is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cluster, ScheduleName, tags};

/// Which clusters a policy is about: those named, or those that carry a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Selector {
    /// The clusters with these identifiers.
    Ids(Vec<String>),
    /// The clusters that carry this tag.
    Tag {
        /// The tag's key.
        key: String,
        /// The tag's value, compared exactly.
        value: String,
    },
}

impl Selector {
    /// The default: clusters whose tag `nightshift:snapshot` names the schedule.
    #[must_use]
    pub fn by_schedule(schedule: &ScheduleName) -> Self {
        Self::Tag {
            key: tags::SNAPSHOT.into(),
            value: schedule.to_string(),
        }
    }

    /// Whether `cluster` is meant. Identifiers are compared as RDS does, without regard to case.
    #[must_use]
    pub fn selects(&self, cluster: &Cluster) -> bool {
        match self {
            Self::Ids(_) => self.names(&cluster.id),
            Self::Tag { key, value } => cluster.tags.get(key) == Some(value),
        }
    }

    /// Whether the policy names this identifier itself, so that even a cluster which no longer
    /// exists is meant.
    #[must_use]
    pub fn names(&self, id: &str) -> bool {
        self.ids()
            .iter()
            .any(|named| named.eq_ignore_ascii_case(id))
    }

    /// The identifiers the policy names; none when it selects by tag.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        match self {
            Self::Ids(ids) => ids,
            Self::Tag { .. } => &[],
        }
    }

    /// The identifiers the policy names and that `known` does not know: most likely misspelt.
    /// In lower case, each once, in order.
    #[must_use]
    pub fn unknown(&self, known: impl Fn(&str) -> bool) -> Vec<String> {
        let ids = self.ids().iter().map(|id| id.to_ascii_lowercase());
        let mut unknown: Vec<String> = ids.filter(|id| !known(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// What is wrong with it, as `(field, expected, got)`.
    ///
    /// # Errors
    /// An empty list, an empty identifier, or an empty key selects nothing that was meant.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        match self {
            Self::Ids(ids) if ids.is_empty() => {
                Err(("ids", "expected at least one cluster identifier, got none"))
            }
            Self::Ids(ids) if ids.iter().any(|id| !legal_id(id)) => Err((
                "ids",
                "expected DB cluster identifiers (1 to 63 letters, digits and hyphens), got another text",
            )),
            Self::Tag { key, .. } if key.is_empty() => {
                Err(("tag.key", "expected a tag key, got an empty text"))
            }
            _ => Ok(()),
        }
    }
}

fn legal_id(id: &str) -> bool {
    (1..=63).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
