//! The past: two clusters with 400 nights behind them, and what else lies about in an account.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::tonight::Tonight;

/// The cluster whose first prune the team has prepared.
pub const ORDERS: &str = "tech-n-ai-aurora-cluster";
/// The cluster that is pruned under the default rails.
pub const BILLING: &str = "billing-aurora-cluster";
/// How far back the past goes.
pub const NIGHTS: i64 = 400;

/// One cluster, its past, and what is odd in it. Nights are counted back from tonight.
pub struct Cluster {
    /// Its identifier.
    pub id: &'static str,
    /// The value of its tag `team`.
    pub team: &'static str,
    /// Nights without a snapshot, besides New Year's.
    missed: &'static [i64],
    /// The night whose snapshot failed at RDS, and was there at the second try.
    failed: i64,
    /// The night whose snapshot somebody holds, and why.
    held: (i64, &'static str),
    /// The night after which a person made a snapshot by hand, and its name.
    foreign: (i64, &'static str),
    /// Whether last night's is still being made, and the cluster still backing up.
    stuck: bool,
}

/// The two clusters.
pub const CLUSTERS: [Cluster; 2] = [
    Cluster {
        id: BILLING,
        team: "billing",
        missed: &[5, 61, 62, 63, 64, 190, 322],
        failed: 38,
        held: (91, "tax-audit"),
        foreign: (17, "billing-before-new-tariffs"),
        stuck: true,
    },
    Cluster {
        id: ORDERS,
        team: "tech-n-ai",
        missed: &[9, 47, 48, 101, 150, 233, 234, 235, 310, 366],
        failed: 3,
        held: (143, "incident-2291"),
        foreign: (60, "tech-n-ai-before-upgrade"),
        stuck: false,
    },
];

/// What the account holds when the night of `tonight` begins, as the local cloud is seeded.
#[must_use]
pub fn seed(tonight: &Tonight) -> Value {
    let clusters: Vec<Value> = CLUSTERS.iter().map(|each| each.seed(tonight)).collect();
    let snapshots: Vec<Value> = CLUSTERS
        .iter()
        .flat_map(|each| each.past(tonight))
        .collect();
    json!({"clusters": clusters, "snapshots": snapshots})
}

impl Cluster {
    fn seed(&self, tonight: &Tonight) -> Value {
        json!({
            "id": self.id,
            "status": if self.stuck { "backing-up" } else { "available" },
            "tags": {
                "nightshift:snapshot": "nightly",
                "team": self.team, "environment": "production",
            },
            "instances": [self.instance(tonight, 1), self.instance(tonight, 2)],
        })
    }

    /// The first is the writer.
    fn instance(&self, tonight: &Tonight, number: u8) -> Value {
        json!({
            "id": format!("{}-{number}", self.id), "class": "db.r7g.large", "writer": number == 1,
            "created": tonight.due(tonight.ago(NIGHTS)).to_string(), "tags": {"team": self.team},
        })
    }

    fn past(&self, tonight: &Tonight) -> Vec<Value> {
        let mut past: Vec<Value> = (1..=NIGHTS)
            .filter(|ago| !self.was_missed(tonight, *ago))
            .flat_map(|ago| self.of_night(tonight, ago))
            .collect();
        past.push(self.by_hand(tonight));
        past.extend((0..7).map(|ago| self.automated(tonight, tonight.ago(ago))));
        past
    }

    fn was_missed(&self, tonight: &Tonight, ago: i64) -> bool {
        let day = tonight.ago(ago);
        // Nobody worked on New Year's Day; but the last nights are the same in every season.
        let new_year = ago > 7 && (day.month(), day.day()) == (1, 1);
        self.missed.contains(&ago) || new_year
    }

    /// The night itself, or the next older one that was not missed.
    fn at_or_before(&self, tonight: &Tonight, ago: i64) -> i64 {
        let mut nights = ago..NIGHTS;
        let found = nights.find(|ago| !self.was_missed(tonight, *ago));
        found.expect("most nights have a snapshot")
    }

    /// The snapshot of one night; two, where the first try failed.
    fn of_night(&self, tonight: &Tonight, ago: i64) -> Vec<Value> {
        let is = |special| self.at_or_before(tonight, special) == ago;
        let tries = if is(self.failed) { 2 } else { 1 };
        let taken = |attempt| {
            let day = tonight.ago(ago);
            let mut tags = json!({
                "nightshift:managed-by": "nightshift", "nightshift:schedule": "nightly",
                "nightshift:taken-for": tonight.due(day).to_string(),
                "team": self.team, "environment": "production",
            });
            if is(self.held.0) {
                tags["nightshift:hold"] = self.held.1.into();
            }
            // No two nights take equally long to begin; a second try comes with the tick.
            let seconds = 20 + ago * 7 % 40 + 1200 * i64::from(attempt - 1);
            let status = match attempt {
                _ if attempt < tries => "failed",
                _ if self.stuck && ago == 1 => "creating",
                _ => "available",
            };
            json!({
                "id": tonight.name(self.id, day, attempt), "cluster": self.id, "type": "manual",
                "created": (tonight.due(day) + SignedDuration::from_secs(seconds)).to_string(),
                "status": status, "tags": tags,
            })
        };
        (1..=tries).map(taken).collect()
    }

    fn by_hand(&self, tonight: &Tonight) -> Value {
        let (ago, id) = self.foreign;
        let afternoon = tonight.due(tonight.ago(ago)) + SignedDuration::from_mins(13 * 60 + 17);
        json!({
            "id": id, "cluster": self.id, "type": "manual", "status": "available",
            "created": afternoon.to_string(), "tags": {"made-by": "maria"},
        })
    }

    /// RDS's own daily snapshot, within the cluster's backup retention period.
    fn automated(&self, tonight: &Tonight, day: Date) -> Value {
        let created = tonight.due(day) - SignedDuration::from_mins(113);
        json!({
            "id": format!("rds:{}-{}", self.id, created.strftime("%Y-%m-%d-%H-%M")),
            "cluster": self.id, "type": "automated",
            "created": created.to_string(), "status": "available",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_past_is_the_same_every_time_and_no_name_comes_twice() {
        let start: Timestamp = "2026-01-01T06:00:00Z".parse().expect("a time");
        // Some of a year, and every day around the next one's beginning.
        for day in (0..355).step_by(23).chain(355..375) {
            let tonight = Tonight::before(start + SignedDuration::from_hours(24 * day));
            let seed = seed(&tonight);
            assert_eq!(seed, super::seed(&tonight));
            let snapshots = seed["snapshots"].as_array().expect("a list");
            let ids = snapshots.iter().filter_map(|each| each["id"].as_str());
            assert_eq!(ids.collect::<BTreeSet<_>>().len(), snapshots.len());
            let with =
                |key: &str, value: &str| snapshots.iter().filter(|each| each[key] == value).count();
            assert_eq!(
                (with("status", "failed"), with("status", "creating")),
                (2, 1)
            );
            assert_eq!(with("type", "automated"), 14);
        }
    }
}
