//! The clusters of the account.

use crate::{dice::Dice, script::Policies};

/// A cluster at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its identifier.
    pub id: String,
    /// Its status.
    pub status: String,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// How many readers it has besides its writer.
    pub readers: usize,
    /// How many readers the policy for its readers allows; none where no policy names them, and
    /// none does today.
    pub max_readers: Option<usize>,
}

impl Cluster {
    /// The names of its instances, the writer first.
    pub fn instances(&self) -> impl Iterator<Item = String> {
        // Names of instances are no longer than those of clusters, which differ at their ends.
        let end = &self.id[self.id.len().saturating_sub(40)..];
        (0..=self.readers).map(move |number| format!("db-{}-{number}", end.trim_matches('-')))
    }
}

/// Some names are as long as RDS allows, some begin alike.
const NAMES: [&str; 7] = [
    "orders",
    "orders-eu",
    "billing",
    "a",
    "customer-relationship-management-production-eu-central-1-main",
    "customer-relationship-management-production-eu-central-1-mail",
    "nightly",
];
const BUSY: [&str; 8] = [
    "backing-up",
    "modifying",
    "stopped",
    "failing-over",
    "upgrading",
    "starting",
    "inaccessible-encryption-credentials",
    "quantum-balancing",
];

pub(super) fn of(seed: u64, policies: &Policies) -> Vec<Cluster> {
    let (mut dice, mut readers) = (Dice::of(seed, "clusters"), Dice::of(seed, "readers"));
    let mut names = NAMES.to_vec();
    let count = dice.count(1, 3);
    (0..count)
        .map(|_| {
            let name = names.remove(dice.count(0, names.len() - 1));
            let status = if dice.chance(85) {
                "available"
            } else {
                *dice.pick(&BUSY)
            };
            Cluster {
                id: name.into(),
                status: status.into(),
                tags: tags(&mut dice, policies),
                readers: readers.count(0, 2),
                max_readers: None,
            }
        })
        .collect()
}

/// Two of them at most, with nothing that keeps them from answering.
pub(super) fn awake(clusters: &mut Vec<Cluster>) -> &[Cluster] {
    clusters.truncate(2);
    for cluster in &mut *clusters {
        "available".clone_into(&mut cluster.status);
        cluster.tags.clear();
    }
    clusters
}

fn tags(dice: &mut Dice, policies: &Policies) -> Vec<(String, String)> {
    let mut tags = vec![("team".to_owned(), "shop".to_owned())];
    if dice.chance(90) {
        tags.push(("nightshift:snapshot".into(), policies.schedule.clone()));
    }
    if dice.chance(15) {
        tags.push(("aws:cloudformation:stack-name".into(), "databases".into()));
    }
    // As many as RDS allows, so that not all can be copied.
    if dice.chance(10) {
        let more = 50 - tags.len();
        tags.extend((0..more).map(|n| (format!("cost:{n:02}"), "yes".to_owned())));
    }
    tags
}
