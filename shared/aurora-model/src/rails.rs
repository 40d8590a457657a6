//! The safety rails that more than one function holds its plan against.

use std::fmt;

use serde::Serialize;

use crate::words::count;

/// A rule no plan may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rail {
    /// More deletions than `max_deletes` in one run.
    MaxDeletes,
    /// A larger share deleted than `max_delete_percent` in one run.
    MaxDeletePercent,
    /// Fewer good ones left than `min_keep`.
    MinKeep,
    /// The newest good one would go.
    NewestGood,
    /// The newest one that passed a restore drill would go.
    NewestDrilled,
    /// Backups are broken: the newest good one is older than `rpo`.
    RecoveryPoint,
    /// Something that Nightshift did not make would go.
    Ownership,
}

impl fmt::Display for Rail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MaxDeletes => "max-deletes",
            Self::MaxDeletePercent => "max-delete-percent",
            Self::MinKeep => "min-keep",
            Self::NewestGood => "newest-good",
            Self::NewestDrilled => "newest-drilled",
            Self::RecoveryPoint => "recovery-point",
            Self::Ownership => "ownership",
        })
    }
}

/// A rail that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// Which rail.
    pub rail: Rail,
    /// The cluster whose actions it forbids; all of the run's when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// What the plan would have done.
    pub sentence: String,
    /// How a person lets it pass.
    pub lift: String,
}

impl Breach {
    /// Whether actions on `cluster` are forbidden.
    #[must_use]
    pub fn covers(&self, cluster: &str) -> bool {
        self.cluster
            .as_deref()
            .is_none_or(|covered| covered == cluster)
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[{}] {} To lift it: {}",
            self.rail, self.sentence, self.lift
        )
    }
}

/// How much one run may delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlastRadius {
    /// At most this many.
    pub max_deletes: u32,
    /// At most this share of what takes part, in percent.
    pub max_delete_percent: u8,
}

impl BlastRadius {
    /// The breaches of a run that would delete `deletes` out of `total` things called `noun`.
    #[must_use]
    pub fn breaches(self, deletes: usize, total: usize, noun: &str) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if deletes > self.max_deletes as usize {
            breaches.push(Breach {
                rail: Rail::MaxDeletes,
                cluster: None,
                sentence: format!(
                    "This run would delete {}; the policy allows {}.",
                    count(deletes, noun),
                    self.max_deletes
                ),
                lift: format!("read the plan, and if it is right set policy.max_deletes to {deletes} for one run."),
            });
        }
        if deletes * 100 > total * usize::from(self.max_delete_percent) {
            let percent = (deletes * 100).div_ceil(total.max(1));
            breaches.push(Breach {
                rail: Rail::MaxDeletePercent,
                cluster: None,
                sentence: format!(
                    "This run would delete {percent} % of {}; the policy allows {} %.",
                    count(total, noun),
                    self.max_delete_percent
                ),
                lift: format!(
                    "read the plan, and if it is right set policy.max_delete_percent to {percent} for one run."
                ),
            });
        }
        breaches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RADIUS: BlastRadius = BlastRadius {
        max_deletes: 20,
        max_delete_percent: 50,
    };

    fn rails(deletes: usize, total: usize) -> Vec<Rail> {
        RADIUS
            .breaches(deletes, total, "snapshot")
            .into_iter()
            .map(|breach| breach.rail)
            .collect()
    }

    #[test]
    fn the_limits_themselves_are_allowed() {
        assert_eq!(rails(20, 40), []);
        assert_eq!(rails(0, 0), []);
        assert_eq!(rails(21, 100), [Rail::MaxDeletes]);
        assert_eq!(rails(2, 3), [Rail::MaxDeletePercent]);
        assert_eq!(rails(30, 31), [Rail::MaxDeletes, Rail::MaxDeletePercent]);
    }

    #[test]
    fn the_sentence_says_how_to_lift_it() {
        insta::assert_snapshot!(RADIUS.breaches(2, 3, "snapshot")[0], @"[max-delete-percent] This run would delete 67 % of 3 snapshots; the policy allows 50 %. To lift it: read the plan, and if it is right set policy.max_delete_percent to 67 for one run.");
    }
}
