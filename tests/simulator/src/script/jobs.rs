//! Jobs in databases: what the team wants, what the tables hold, and what people do meanwhile.

mod acts;
pub(super) mod policy;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Cluster, DatabaseWeather, Server, database};
use crate::{
    dice::Dice,
    store::{Part, Row, Store, Table},
};

pub use acts::ToStore;
pub(super) use acts::{moment, of as acts};

/// The schema that all jobs' tables are in.
pub const SCHEMA: &str = "shop";
/// The user of all jobs.
pub const USER: &str = "job";

/// Jobs, and the databases they work on.
#[derive(Clone, Debug, PartialEq)]
pub struct Jobs {
    /// The servers.
    pub servers: Vec<Server>,
    /// What is to be done.
    pub jobs: Vec<JobPlan>,
    /// What the databases hold at the beginning, by cluster.
    pub stores: Vec<(String, Store)>,
    /// What the servers and the way to them are like, until calm comes.
    pub weather: DatabaseWeather,
    /// Whether the policies say `plan`.
    pub plan_only: bool,
}

/// One job, as the invariants know it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobPlan {
    /// Its name.
    pub name: String,
    /// Its cluster.
    pub cluster: String,
    /// What it does.
    pub kind: JobKind,
    /// The most rows of one step.
    pub most: u32,
    /// The EVENT it takes the place of, as `schema.name`.
    pub event: Option<String>,
    /// The UTC hours between which it may work, if not always.
    pub hours: Option<(i8, i8)>,
    /// How late a schedule may be begun, in hours.
    pub catch_up_hours: i64,
    /// The policy.
    pub policy: Value,
}

/// What a job does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Deletes the rows of a table that are older than so many days.
    Purge {
        /// The table.
        table: String,
        /// The age.
        days: i64,
        /// Whether only marked rows go.
        marked: bool,
        /// The table whose rows belong to these rows.
        child: Option<String>,
        /// The table that takes the rows.
        into: Option<String>,
    },
    /// Keeps a table's partitions of one day.
    Partitions {
        /// The table.
        table: String,
        /// Those whose rows are all older than so many days go.
        days: i64,
        /// How many there are ahead.
        ahead: u32,
        /// Whether their rows are kept in tables of their own.
        exchange: bool,
    },
    /// Has the server do something by itself.
    Work {
        /// How long it takes, in seconds.
        takes: i64,
        /// How long it may take, in seconds.
        budget: i64,
        /// Whether it is one transaction with the ledger's note.
        noted: bool,
        /// Whether it may be done again when nobody knows.
        again: bool,
    },
}

impl Jobs {
    pub(super) fn of(seed: u64, begins: Timestamp, clusters: &[Cluster]) -> Self {
        let mut dice = Dice::of(seed, "jobs");
        let servers: Vec<Server> = clusters
            .iter()
            .map(|cluster| database::server(&mut dice, cluster))
            .collect();
        let (mut jobs, mut stores) = (Vec::new(), Vec::new());
        for server in &servers {
            let mut store = Store {
                may_create: dice.chance(90),
                ..Store::default()
            };
            if !store.may_create && dice.chance(80) {
                store.ledger = Some(crate::store::Ledger::default());
            }
            for number in 0..dice.count(1, 3) {
                jobs.push(policy::job(
                    &mut dice,
                    &server.cluster,
                    number,
                    begins,
                    &mut store,
                ));
            }
            stores.push((server.cluster.clone(), store));
        }
        let plan_only = dice.chance(8);
        let mut jobs = Self {
            servers,
            jobs,
            stores,
            weather: DatabaseWeather {
                busy: if dice.chance(40) {
                    *dice.pick(&[5, 30])
                } else {
                    0
                },
                ..database::weather(&mut dice)
            },
            plan_only,
        };
        if plan_only {
            for job in &mut jobs.jobs {
                job.policy["mode"] = "plan".into();
            }
        }
        jobs
    }

    /// The job of this name.
    #[must_use]
    pub fn job(&self, name: &str) -> Option<&JobPlan> {
        self.jobs.iter().find(|job| job.name == name)
    }
}

/// Jobs that each take the place of an EVENT, which is enabled at the beginning.
pub(super) fn of_events(dice: &mut Dice, begins: Timestamp, clusters: &[Cluster]) -> Jobs {
    let servers: Vec<Server> = clusters
        .iter()
        .map(|cluster| database::server(dice, cluster))
        .collect();
    let (mut jobs, mut stores) = (Vec::new(), Vec::new());
    for server in &servers {
        let mut store = Store::default();
        for number in 0..dice.count(1, 2) {
            let job = policy::of_event(dice, &server.cluster, number, begins, &mut store);
            jobs.push(job);
        }
        stores.push((server.cluster.clone(), store));
    }
    Jobs {
        servers,
        jobs,
        stores,
        weather: database::weather(dice),
        plan_only: false,
    }
}

/// A table of rows that are up to sixty days old, and some that are younger.
fn table(dice: &mut Dice, begins: Timestamp, most: usize) -> Table {
    let mut table = Table::default();
    let mut id = i64::from(*dice.pick(&[-3_i8, 1, 100]));
    for _ in 0..dice.count(0, most) {
        id += dice.between(1, 4);
        let at = begins - SignedDuration::from_mins(dice.between(-600, 60 * 24 * 60));
        let marked = dice.chance(50);
        let parent = None;
        table.rows.insert(id, Row { at, marked, parent });
    }
    table
}

/// Rows that belong to rows of `parents`.
fn children(dice: &mut Dice, parents: &Table, most: usize) -> Table {
    let mut table = Table::default();
    let mut id = 0;
    for (parent, row) in &parents.rows {
        for _ in 0..dice.count(0, most) {
            id += dice.between(1, 3);
            let child = Row {
                at: row.at,
                marked: false,
                parent: Some(*parent),
            };
            table.rows.insert(id, child);
        }
    }
    table
}

/// Partitions of one day each around the table's rows.
fn parts(dice: &mut Dice, begins: Timestamp) -> Vec<Part> {
    let utc = jiff::tz::TimeZone::UTC;
    let (first, last) = (dice.between(10, 58), dice.between(1, 3));
    (-first..=last)
        .map(|day| {
            let at = begins + SignedDuration::from_hours(24 * day);
            let below = utc.to_datetime(at);
            let name = format!("p{}", below.strftime("%Y%m%d"));
            Part { name, below }
        })
        .collect()
}
