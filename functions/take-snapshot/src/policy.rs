//! What the team wants of take-snapshot.

use std::collections::BTreeMap;

use aurora_model::{ScheduleName, Selector, Span, Zone, tags};
use handler::{Mode, PolicyError, policy};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which clusters get a snapshot, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The schedule's name; it becomes part of each snapshot's name and a tag.
    pub schedule: ScheduleName,
    /// Which clusters. Default: those whose tag `nightshift:snapshot` is the schedule's name.
    pub clusters: Option<Selector>,
    /// The time zone whose calendar dates the names. Default: UTC.
    #[serde(default)]
    pub time_zone: Zone,
    /// Whether the cluster's own tags are copied to the snapshot. Default: true.
    #[serde(default = "yes")]
    pub copy_tags: bool,
    /// The recovery point objective: how old the newest good snapshot may be. Default: 26h.
    #[serde(default = "default_rpo")]
    pub rpo: Span,
    /// From which use of the account's quota of manual cluster snapshots on to warn, in percent.
    /// Default: 80.
    #[serde(default = "default_quota_warn_percent")]
    #[schemars(range(min = 1, max = 100))]
    pub quota_warn_percent: u32,
    /// How old a trigger may be and still be acted on. Default: 6h.
    #[serde(default = "default_expire_after")]
    pub expire_after: Span,
    /// Further tags for every snapshot.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Whether the schedule runs more than once a day, so that names carry the time too.
    /// Default: false, and all triggers of one day are for the same snapshot.
    #[serde(default)]
    pub several_a_day: bool,
    /// `plan` to decide and report only. Default: what the deployment says.
    pub mode: Option<Mode>,
}

const fn yes() -> bool {
    true
}

const fn default_rpo() -> Span {
    Span::hours(26)
}

const fn default_quota_warn_percent() -> u32 {
    80
}

const fn default_expire_after() -> Span {
    Span::hours(6)
}

/// Room for Nightshift's own tags among the 50 that RDS allows.
const MAX_EXTRA_TAGS: usize = 40;
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;

impl Policy {
    /// Which clusters are meant.
    #[must_use]
    pub fn selector(&self) -> Selector {
        self.clusters
            .clone()
            .unwrap_or_else(|| Selector::by_schedule(&self.schedule))
    }

    fn check_tags(&self) -> Result<(), PolicyError> {
        if self.tags.len() > MAX_EXTRA_TAGS {
            let problem = format!(
                "expected at most {MAX_EXTRA_TAGS} tags, got {}",
                self.tags.len()
            );
            return Err(PolicyError::new("policy.tags", problem));
        }
        for (key, value) in &self.tags {
            let path = format!("policy.tags.{key}");
            if tags::reserved(key) {
                return Err(PolicyError::new(
                    path,
                    "keys that begin with aws:, rds: or nightshift: are reserved",
                ));
            }
            if tags::reserved_by_rds(value) {
                let problem =
                    format!("RDS takes no value that begins with aws: or rds:, got {value:?}");
                return Err(PolicyError::new(path, problem));
            }
            if key.is_empty() || key.chars().count() > MAX_KEY || value.chars().count() > MAX_VALUE
            {
                let problem = format!(
                    "expected a key of 1 to {MAX_KEY} and a value of at most {MAX_VALUE} characters"
                );
                return Err(PolicyError::new(path, problem));
            }
            if let Some(odd) = key
                .chars()
                .chain(value.chars())
                .find(|c| !tag_character(*c))
            {
                let problem =
                    format!("expected letters, digits, spaces and any of _.:/=+-@, got {odd:?}");
                return Err(PolicyError::new(path, problem));
            }
        }
        Ok(())
    }
}

fn tag_character(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c)
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        policy::check_clusters(self.clusters.as_ref())?;
        if !(1..=100).contains(&self.quota_warn_percent) {
            let problem = format!(
                "expected a whole number from 1 to 100, got {}",
                self.quota_warn_percent
            );
            return Err(PolicyError::new("policy.quota_warn_percent", problem));
        }
        policy::check_above_zero("rpo", self.rpo)?;
        policy::check_above_zero("expire_after", self.expire_after)?;
        self.check_tags()
    }
}
