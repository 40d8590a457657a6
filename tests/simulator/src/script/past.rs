//! What happened before the beginning: the snapshots that are there.

use jiff::{SignedDuration, Timestamp};
use simulated_aws::rds::{Snapshot, Tags};

use crate::{
    dice::Dice,
    invariants::oracle,
    script::{Cluster, Policies},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn of(
    seed: u64,
    focus: &str,
    begins: Timestamp,
    clusters: &[Cluster],
    policies: &Policies,
) -> Vec<Snapshot> {
    let mut dice = Dice::of(seed, "past");
    let nights = match focus {
        "prune-snapshots" => *dice.pick(&[3, 8, 12, 25]),
        _ => *dice.pick(&[0, 1, 3, 8]),
    };
    let mut snapshots = Vec::new();
    for cluster in clusters {
        let mut past = Past {
            dice: &mut dice,
            cluster: &cluster.id,
            begins,
            policies,
        };
        snapshots.extend(past.nightly(nights));
        snapshots.extend(past.others());
    }
    if dice.chance(15) {
        let mut gone = Past {
            dice: &mut dice,
            cluster: "gone",
            begins,
            policies,
        };
        snapshots.extend(gone.nightly(4));
    }
    snapshots
}

/// How many manual snapshots the account may have: mostly plenty, sometimes just about none.
pub(super) fn quota(seed: u64, focus: &str, snapshots: &[Snapshot]) -> usize {
    let mut dice = Dice::of(seed, "quota");
    let manual = snapshots
        .iter()
        .filter(|snapshot| snapshot.kind == "manual")
        .count();
    let tight = focus == "take-snapshot" && dice.chance(15);
    if tight {
        manual + dice.count(0, 2)
    } else {
        manual + 100
    }
}

struct Past<'a> {
    dice: &'a mut Dice,
    cluster: &'a str,
    begins: Timestamp,
    policies: &'a Policies,
}

impl Past<'_> {
    /// One managed snapshot a night, with gaps, failures, holds and drills.
    fn nightly(&mut self, nights: i64) -> Vec<Snapshot> {
        let mut snapshots = Vec::new();
        let gap = self
            .dice
            .chance(20)
            .then(|| self.dice.between(0, nights.max(1)));
        for night in (1..=nights).rev() {
            if self.dice.chance(8) || gap.is_some_and(|gap| night <= gap) {
                continue;
            }
            let wanted = self.begins - DAY * i32::try_from(night).unwrap_or(0)
                + SignedDuration::from_hours(2);
            let created = wanted + self.dice.seconds(0, 1200);
            let mut snapshot = self.snapshot(&self.name(wanted), "manual", created);
            snapshot.tags = self.managed(wanted);
            if self.dice.chance(5) {
                snapshot.status = "failed".into();
            }
            snapshots.push(snapshot);
        }
        snapshots
    }

    /// As take-snapshot names it; it cuts long names in a way of its own.
    fn name(&self, wanted: Timestamp) -> String {
        let local = wanted.to_zoned(oracle::zone(self.policies));
        let form = if self.policies.several_a_day {
            "%Y%m%d-%H%M"
        } else {
            "%Y%m%d"
        };
        format!(
            "{}-{}-{}",
            short(self.cluster),
            self.policies.schedule,
            local.strftime(form)
        )
    }

    fn managed(&mut self, created: Timestamp) -> Tags {
        let mut tags = Tags::from([
            ("nightshift:managed-by".into(), "nightshift".into()),
            ("nightshift:schedule".into(), self.policies.schedule.clone()),
            ("nightshift:taken-for".into(), created.to_string()),
        ]);
        if self.dice.chance(4) {
            tags.insert("nightshift:hold".into(), "legal".into());
        }
        if self.dice.chance(8) {
            tags.insert("nightshift:drill-passed".into(), created.to_string());
        }
        tags
    }

    /// Those of people, of RDS itself, of AWS Backup, of other accounts and other schedules.
    fn others(&mut self) -> Vec<Snapshot> {
        let mut snapshots = Vec::new();
        for number in 0..self.dice.between(0, 3) {
            let created = self.begins - self.dice.seconds(60, 40 * 86_400);
            let what = self.dice.between(0, 5);
            let of = |id: String, kind: &str| self.snapshot(&id, kind, created);
            let cluster = short(self.cluster);
            snapshots.push(match what {
                0 => of(format!("before-upgrade-{cluster}-{number}"), "manual"),
                1 => of(format!("rds:{cluster}-{}", created.strftime("%Y-%m-%d-%H-%M")), "automated"),
                2 => of(format!("awsbackup:job-{cluster}-{number}"), "awsbackup"),
                3 => {
                    let name = format!("arn:aws:rds:eu-central-1:210987654321:cluster-snapshot:x-{cluster}-{number}");
                    of(name, "shared")
                }
                4 => {
                    let mut other = of(format!("{cluster}-monthly-2024010{number}"), "manual");
                    other.tags = self.managed(created);
                    other.tags.insert("nightshift:schedule".into(), "monthly".into());
                    other
                }
                _ => {
                    // Looks like ours by its name and one tag, and is not.
                    let mut like = of(format!("{cluster}-{}-2020010{number}", self.policies.schedule), "manual");
                    like.tags.insert("nightshift:managed-by".into(), "terraform".into());
                    like
                }
            });
        }
        snapshots
    }

    fn snapshot(&self, id: &str, kind: &str, created: Timestamp) -> Snapshot {
        let arn = if id.starts_with("arn:") {
            id.to_owned()
        } else {
            format!("arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:{id}")
        };
        Snapshot {
            id: id.into(),
            arn,
            cluster: self.cluster.into(),
            kind: kind.into(),
            status: "available".into(),
            percent: 100,
            created,
            engine: "aurora-mysql".into(),
            source: None,
            shared_with: Vec::new(),
            in_use: 0,
            tags: Tags::new(),
        }
    }
}

/// Names of snapshots have at most 255 characters, those of Nightshift 63. Long names of clusters
/// differ at their ends.
fn short(cluster: &str) -> &str {
    &cluster[cluster.len().saturating_sub(20)..]
}
