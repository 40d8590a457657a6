//! What people do to jobs and their tables.

use jiff::{SignedDuration, Timestamp};

use super::{JobKind, Jobs};
use crate::{
    dice::Dice,
    script::{Act, ByHand, Deed, Delivery},
    store::{Ledger, Row, Store},
};

/// What a person does to what a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToStore {
    /// Inserts a row, or makes one as young as this.
    Put {
        /// The table.
        table: String,
        /// The row's number.
        id: i64,
        /// Its age from now on.
        at: Timestamp,
    },
    /// Pauses a job, or lifts its pause.
    Pause {
        /// The job.
        job: String,
        /// Whether it is paused.
        paused: bool,
    },
    /// Enables an EVENT, or disables it.
    Event {
        /// `schema.name`.
        event: String,
        /// Whether it is enabled.
        enabled: bool,
    },
    /// The time of an EVENT has come: the server executes it, if it is enabled.
    Fire {
        /// `schema.name`.
        event: String,
        /// How long that takes, in seconds.
        takes: i64,
    },
}

impl ToStore {
    /// Does it.
    pub fn done(&self, store: &mut Store, now: Timestamp) {
        match self {
            Self::Put { table, id, at } => {
                let table = store.table_mut(table);
                let marked = table.rows.get(id).is_none_or(|row| row.marked);
                let (at, parent) = (*at, None);
                table.rows.insert(*id, Row { at, marked, parent });
            }
            Self::Pause { job, paused } => {
                let ledger: Option<&mut Ledger> = store.ledger.as_mut();
                if let Some(ledger) = ledger {
                    let row = ledger.jobs.entry(job.clone()).or_default();
                    row.paused = paused.then(|| (now, "by hand".to_owned()));
                    row.failures = 0;
                }
            }
            Self::Event { event, enabled } => {
                store.events.insert(event.clone(), *enabled);
            }
            Self::Fire { event, takes } => {
                store.fire(event, now, now + SignedDuration::from_secs(*takes));
            }
        }
    }
}

/// What people do until calm comes, and what they put right then.
pub(in crate::script) fn of(
    seed: u64,
    jobs: &Jobs,
    (begins, calm): (Timestamp, Timestamp),
    deliveries: &[Delivery],
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "acts on jobs");
    let mut acts = Vec::new();
    for _ in 0..*dice.pick(&[0, 2, 6, 12]) {
        let at = moment(&mut dice, (begins, calm), deliveries);
        acts.extend(deed(&mut dice, jobs, at).map(|deed| Act { at, deed }));
    }
    // Whoever paused a job or enabled its EVENT puts it right.
    for job in &jobs.jobs {
        let lift = ToStore::Pause {
            job: job.name.clone(),
            paused: false,
        };
        let off = job.event.iter().map(|event| ToStore::Event {
            event: event.clone(),
            enabled: false,
        });
        acts.extend(std::iter::once(lift).chain(off).map(|deed| Act {
            at: calm,
            deed: Deed::ToStore(job.cluster.clone(), deed),
        }));
    }
    acts.sort_by_key(|act| act.at);
    acts
}

/// Any moment, or one in the middle of a run, when it hurts most.
pub(in crate::script) fn moment(
    dice: &mut Dice,
    (begins, calm): (Timestamp, Timestamp),
    deliveries: &[Delivery],
) -> Timestamp {
    let arrivals = deliveries.iter().flat_map(|delivery| &delivery.arrivals);
    let arrivals: Vec<Timestamp> = arrivals.filter(|at| **at < calm).copied().collect();
    if arrivals.is_empty() || dice.chance(20) {
        return dice.moment(begins, calm);
    }
    *dice.pick(&arrivals) + SignedDuration::from_millis(dice.between(10, 3_000))
}

fn deed(dice: &mut Dice, jobs: &Jobs, at: Timestamp) -> Option<Deed> {
    let job = dice.pick(&jobs.jobs);
    let to = |deed| Some(Deed::ToStore(job.cluster.clone(), deed));
    match dice.between(0, 9) {
        0..=1 => Some(Deed::ByHand(ByHand::Failover {
            cluster: job.cluster.clone(),
        })),
        2 => to(ToStore::Pause {
            job: job.name.clone(),
            paused: dice.chance(60),
        }),
        3 => to(ToStore::Event {
            event: job.event.clone()?,
            enabled: dice.chance(60),
        }),
        _ => {
            let (JobKind::Purge { table, .. } | JobKind::Partitions { table, .. }) = &job.kind
            else {
                return None;
            };
            let age = *dice.pick(&[0, 0, 20, 40]);
            to(ToStore::Put {
                table: table.clone(),
                id: dice.between(-10, 300),
                at: at - SignedDuration::from_hours(24 * age),
            })
        }
    }
}
