//! What Secrets Manager says of a secret without showing it.

use std::collections::{BTreeMap, BTreeSet};

use aurora_model::Tags;
use jiff::Timestamp;

/// The label of the version that applications log in with.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version>
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the version that a rotation is preparing.
pub const PENDING: &str = "AWSPENDING";
/// The label of the version that was current before.
pub const PREVIOUS: &str = "AWSPREVIOUS";

/// A secret without its values. Times that Secrets Manager leaves out are none.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Whether rotation is on; none if it has never been set up.
    pub rotation_enabled: Option<bool>,
    /// The function that rotates it.
    pub rotation_lambda: Option<String>,
    /// When it is to be rotated.
    pub rotation_rules: Option<RotationRules>,
    /// The service that owns it, and alone may change it.
    pub owning_service: Option<String>,
    /// Its tags.
    pub tags: Tags,
    /// The versions that carry labels, and which. Others may exist: [`crate::Secrets::versions`].
    pub versions: BTreeMap<String, BTreeSet<String>>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When anything about it was last changed.
    pub changed: Option<Timestamp>,
    /// When a rotation last succeeded.
    pub last_rotated: Option<Timestamp>,
    /// By when the next rotation is to have happened. It stays in the past as long as rotations
    /// fail. None if rotation is off.
    pub next_rotation: Option<Timestamp>,
    /// When it was marked for deletion. Its values cannot be read any more.
    pub deleted: Option<Timestamp>,
}

/// When a secret is to be rotated.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationRules {
    /// Every so many days, 1 to 1000; none with a schedule.
    pub after_days: Option<u16>,
    /// `rate(…)` or `cron(…)`, in UTC.
    pub schedule: Option<String>,
    /// How long a rotation may begin after the schedule's time: `3h`.
    pub window: Option<String>,
}

impl Described {
    /// The version that carries `stage`. Only one can.
    #[must_use]
    pub fn holder(&self, stage: &str) -> Option<&str> {
        let mut versions = self.versions.iter();
        let holder = versions.find(|(_, stages)| stages.contains(stage));
        holder.map(|(id, _)| id.as_str())
    }

    /// Whether `version` carries `stage`.
    #[must_use]
    pub fn holds(&self, version: &str, stage: &str) -> bool {
        let stages = self.versions.get(version);
        stages.is_some_and(|stages| stages.contains(stage))
    }

    /// Since when a rotation is overdue at `now`, if one is.
    #[must_use]
    pub fn overdue_since(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.next_rotation.filter(|next| *next < now)?;
        (self.rotation_enabled == Some(true)).then_some(next)
    }
}

/// A version of a secret without its value.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The version.
    pub id: String,
    /// Its labels; none for one that Secrets Manager may delete.
    pub stages: BTreeSet<String>,
    /// When it was created.
    pub created: Option<Timestamp>,
}
