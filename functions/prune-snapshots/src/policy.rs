//! What a team wants of prune-snapshots.

use aurora_model::{ScheduleName, Selector, Span, Zone, tags};
use handler::{Mode, PolicyError, policy};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// Which snapshots of which clusters to keep; the others of the schedule are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The schedule whose snapshots are pruned, as in the policy of take-snapshot.
    pub schedule: ScheduleName,
    /// The clusters. When absent, those whose tag `nightshift:snapshot` names the schedule.
    pub clusters: Option<Selector>,
    /// What to keep: a snapshot that any of these rules keeps stays. At least one is needed.
    pub keep: Keep,
    /// A run that would leave a cluster fewer good snapshots than this is refused for it.
    #[serde(default = "min_keep")]
    #[schemars(range(min = 1))]
    pub min_keep: u32,
    /// A run that would delete more snapshots than this is refused.
    #[serde(default = "max_deletes")]
    pub max_deletes: u32,
    /// A run that would delete a larger share of the snapshots that take part, in percent, is
    /// refused: for a cluster where it is that cluster's share, as a whole where it is the run's.
    #[serde(default = "max_delete_percent", deserialize_with = "percent")]
    #[schemars(range(min = 0, max = 100))]
    pub max_delete_percent: u8,
    /// When a cluster's newest good snapshot is older than this, backups are broken, and nothing
    /// of the cluster is pruned. The default suits a nightly schedule; a weekly one needs `8d`.
    #[serde(default = "rpo")]
    pub rpo: Span,
    /// While a snapshot carries a tag of this key, whatever its value, it is left alone.
    #[serde(default = "hold_tag")]
    #[schemars(length(min = 1))]
    pub hold_tag: String,
    /// The zone whose hours, days, weeks, months and years the rules mean.
    #[serde(default)]
    pub time_zone: Zone,
    /// A trigger older than this is not acted on.
    #[serde(default = "expire_after")]
    pub expire_after: Span,
    /// `plan` decides and reports but touches nothing. The deployment's mode, where stricter, wins.
    pub mode: Option<Mode>,
}

/// The retention rules. Each keeps what it keeps, whatever the others say; 0 switches one off.
///
/// A calendar rule keeps the newest snapshot of each of the last so many hours, days, weeks,
/// months or years that have one. While there are fewer of these, it also keeps the oldest
/// snapshot there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// The newest so many snapshots.
    pub last: u32,
    /// All snapshots of this long before the newest one.
    pub within: Span,
    /// The newest snapshot of each of so many hours.
    pub hourly: u32,
    /// The newest snapshot of each of so many days.
    pub daily: u32,
    /// The newest snapshot of each of so many ISO weeks, which begin on Monday.
    pub weekly: u32,
    /// The newest snapshot of each of so many months.
    pub monthly: u32,
    /// The newest snapshot of each of so many years.
    pub yearly: u32,
}

/// No rule at all, which is not a valid policy: the base for one that has some.
impl Default for Keep {
    fn default() -> Self {
        Self {
            last: 0,
            within: Span::seconds(0),
            hourly: 0,
            daily: 0,
            weekly: 0,
            monthly: 0,
            yearly: 0,
        }
    }
}

impl Keep {
    /// Whether no rule would keep anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Policy {
    /// Which clusters are meant.
    #[must_use]
    pub fn selector(&self) -> Selector {
        self.clusters
            .clone()
            .unwrap_or_else(|| Selector::by_schedule(&self.schedule))
    }
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        let Self {
            schedule: _,
            clusters,
            keep,
            min_keep,
            max_deletes: _,
            max_delete_percent: _,
            rpo,
            hold_tag,
            time_zone: _,
            expire_after,
            mode: _,
        } = self;
        let wrong = |field: &str, problem: String| {
            Err(PolicyError::new(format!("policy.{field}"), problem))
        };
        policy::check_clusters(clusters.as_ref())?;
        if keep.is_empty() {
            return wrong(
                "keep",
                "expected at least one rule such as \"daily\": 7, got none: every snapshot would be deleted".into(),
            );
        }
        if *min_keep == 0 {
            return wrong(
                "min_keep",
                "expected a whole number of at least 1, got 0".into(),
            );
        }
        policy::check_above_zero("rpo", *rpo)?;
        policy::check_above_zero("expire_after", *expire_after)?;
        // Every snapshot that takes part has these tags: as hold tag, one would hold them all.
        if hold_tag.is_empty()
            || [tags::MANAGED_BY, tags::SCHEDULE, tags::TAKEN_FOR].contains(&hold_tag.as_str())
        {
            return wrong(
                "hold_tag",
                format!("expected a tag key that only held snapshots carry, got {hold_tag:?}"),
            );
        }
        Ok(())
    }
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let number = u64::deserialize(deserializer)?;
    u8::try_from(number)
        .ok()
        .filter(|percent| *percent <= 100)
        .ok_or_else(|| {
            de::Error::custom(format_args!(
                "expected a whole number from 0 to 100, got {number}"
            ))
        })
}

const fn min_keep() -> u32 {
    3
}

const fn max_deletes() -> u32 {
    20
}

const fn max_delete_percent() -> u8 {
    50
}

const fn rpo() -> Span {
    Span::hours(30)
}

fn hold_tag() -> String {
    tags::HOLD.into()
}

const fn expire_after() -> Span {
    Span::hours(6)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn error(mut change: Value) -> String {
        let mut policy = json!({"schedule": "nightly", "keep": {"daily": 7}});
        let change = change.as_object_mut().unwrap();
        policy.as_object_mut().unwrap().append(change);
        handler::policy::parse::<Policy>(&policy)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_left_out_has_a_safe_default() {
        let json = json!({"schedule": "nightly", "keep": {"within": "48h", "daily": 7}});
        let policy: Policy = handler::policy::parse(&json).unwrap();
        assert_eq!(
            policy,
            Policy {
                schedule: ScheduleName::new("nightly").unwrap(),
                clusters: None,
                keep: Keep {
                    within: Span::hours(48),
                    daily: 7,
                    ..Keep::default()
                },
                min_keep: 3,
                max_deletes: 20,
                max_delete_percent: 50,
                rpo: Span::hours(30),
                hold_tag: "nightshift:hold".into(),
                time_zone: Zone::UTC,
                expire_after: Span::hours(6),
                mode: None,
            }
        );
        let Selector::Tag { key, value } = policy.selector() else {
            panic!("selects by tag");
        };
        assert_eq!(
            (key.as_str(), value.as_str()),
            ("nightshift:snapshot", "nightly")
        );
    }

    #[test]
    fn every_field_can_be_said() {
        let json = json!({
            "schedule": "nightly", "clusters": {"ids": ["orders"]},
            "keep": {"last": 1, "within": "2d", "hourly": 2, "daily": 3, "weekly": 4, "monthly": 5, "yearly": 6},
            "min_keep": 1, "max_deletes": 0, "max_delete_percent": 100, "rpo": "2d", "hold_tag": "legal",
            "time_zone": "Europe/Berlin", "expire_after": "1h", "mode": "apply",
        });
        let policy: Policy = handler::policy::parse(&json).unwrap();
        assert_eq!(policy.selector(), Selector::Ids(vec!["orders".into()]));
        assert_eq!(policy.max_delete_percent, 100);
        assert_eq!(policy.keep.yearly, 6);
    }

    #[test]
    fn a_policy_that_makes_no_sense_is_refused_by_field() {
        insta::assert_snapshot!(error(json!({"keep": {}})), @r#"policy.keep: expected at least one rule such as "daily": 7, got none: every snapshot would be deleted"#);
        insta::assert_snapshot!(error(json!({"keep": {"daily": 0, "within": "0s"}})), @r#"policy.keep: expected at least one rule such as "daily": 7, got none: every snapshot would be deleted"#);
        insta::assert_snapshot!(error(json!({"keep": {"daily": -1}})), @"policy.keep.daily: expected a whole number of at least 0, got -1");
        insta::assert_snapshot!(error(json!({"keep": {"dayly": 1}})), @"policy.keep.dayly: unknown field dayly; known here: last, within, hourly, daily, weekly, monthly, yearly");
        insta::assert_snapshot!(error(json!({"min_keep": 0})), @"policy.min_keep: expected a whole number of at least 1, got 0");
        insta::assert_snapshot!(error(json!({"max_delete_percent": 101})), @"policy.max_delete_percent: expected a whole number from 0 to 100, got 101");
        insta::assert_snapshot!(error(json!({"max_delete_percent": -1})), @"policy.max_delete_percent: expected a whole number of at least 0, got -1");
        insta::assert_snapshot!(error(json!({"rpo": "0s"})), @"policy.rpo: expected a length of time above 0s, got 0s");
        insta::assert_snapshot!(error(json!({"expire_after": "0s"})), @"policy.expire_after: expected a length of time above 0s, got 0s");
        insta::assert_snapshot!(error(json!({"hold_tag": ""})), @r#"policy.hold_tag: expected a tag key that only held snapshots carry, got """#);
        insta::assert_snapshot!(error(json!({"hold_tag": "nightshift:schedule"})), @r#"policy.hold_tag: expected a tag key that only held snapshots carry, got "nightshift:schedule""#);
        insta::assert_snapshot!(error(json!({"clusters": {"ids": []}})), @"policy.clusters.ids: expected at least one cluster identifier, got none");
        insta::assert_snapshot!(error(json!({"clusters": {"tag": {"key": "", "value": "x"}}})), @"policy.clusters.tag.key: expected a tag key, got an empty text");
        insta::assert_snapshot!(error(json!({"schedule": "Nightly"})), @r#"policy.schedule: expected a schedule name of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter, got "Nightly""#);
        insta::assert_snapshot!(error(json!({"max_delete": 3})), @"policy.max_delete: unknown field max_delete; known here: schedule, clusters, keep, min_keep, max_deletes, max_delete_percent, rpo, hold_tag, time_zone, expire_after, mode");
    }
}
