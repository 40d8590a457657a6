//! What happens in the night, in the order of its hours: the deployed schedules, and between
//! them what RDS and people do.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Mode;
use super::expect::id;
use super::past::{BILLING, ORDERS};
use super::stack::Schedule;
use super::stage::{NIGHTSHIFT, Stage};

/// Something that happens at its time.
pub struct Happening {
    /// When.
    pub time: Timestamp,
    /// What.
    pub what: What,
}

impl Happening {
    /// Whether it wakes rotate-secret.
    #[must_use]
    pub fn rotates(&self) -> bool {
        match &self.what {
            What::Rotates => true,
            What::Due { schedule, .. } => schedule.function == "rotate-secret",
            What::Finished { .. } | What::Deleted { .. } => false,
        }
    }

    /// The job whose tick it is.
    #[must_use]
    pub fn tick_of_job(&self) -> Option<&str> {
        match &self.what {
            What::Due { schedule, .. } if schedule.is_tick() => self.job(),
            _ => None,
        }
    }

    /// The job whose schedule or tick it is.
    #[must_use]
    pub fn job(&self) -> Option<&str> {
        match &self.what {
            What::Due { schedule, .. } if schedule.is_of_a_job() => Some(schedule.wakes()),
            _ => None,
        }
    }
}

/// The kinds of it.
pub enum What {
    /// A schedule is due.
    Due {
        /// The schedule.
        schedule: Schedule,
        /// Whether the trigger has been delivered before.
        again: bool,
        /// The time it names: when it was due.
        due: Timestamp,
    },
    /// RDS finishes a snapshot.
    Finished {
        /// The snapshot.
        id: String,
        /// Its cluster.
        cluster: &'static str,
    },
    /// The rotation of the application's secret is due.
    Rotates,
    /// A person deletes a snapshot.
    Deleted {
        /// The snapshot.
        id: String,
        /// Its cluster.
        cluster: &'static str,
    },
}

/// The whole night.
///
/// In mode `plan` it is the schedules alone: nothing is made that RDS could finish, and nothing
/// is left undone that a tick could do.
#[must_use]
pub fn of(stage: &Stage, mode: Mode) -> Vec<Happening> {
    let mut night: Vec<Happening> = schedules(stage, mode).collect();
    if mode == Mode::Apply {
        night.extend(world(stage));
    }
    night.sort_by_key(|happening| happening.time);
    night
}

fn schedules(stage: &Stage, mode: Mode) -> impl Iterator<Item = Happening> {
    let wanted = move |schedule: &&Schedule| mode == Mode::Apply || !schedule.is_tick();
    stage
        .schedules
        .iter()
        .filter(wanted)
        .flat_map(move |schedule| {
            // EventBridge delivers at least once: the main ones come twice.
            let ours = schedule.name.starts_with(NIGHTSHIFT) || schedule.is_of_a_job();
            let twice = mode == Mode::Apply && !schedule.is_tick() && ours;
            // A job's second one is late: its run is over by then.
            let late = SignedDuration::from_mins(if schedule.is_of_a_job() { 33 } else { 0 });
            let happening = move |time, again, due| Happening {
                time,
                what: What::Due {
                    schedule: schedule.clone(),
                    again,
                    due,
                },
            };
            schedule.times.iter().flat_map(move |(hour, minute)| {
                let due = stage.tonight.at(*hour, *minute, 0);
                let again = twice.then(|| happening(due + late, true, due));
                std::iter::once(happening(due, false, due)).chain(again)
            })
        })
}

fn world(stage: &Stage) -> Vec<Happening> {
    let tonight = &stage.tonight;
    let (today, yesterday) = (tonight.day, tonight.ago(1));
    let finished = |time, cluster, day| Happening {
        time,
        what: What::Finished {
            id: tonight.name(cluster, day, 1),
            cluster,
        },
    };
    vec![
        finished(stage.tonight.at(2, 9, 14), ORDERS, today),
        finished(stage.tonight.at(2, 12, 40), BILLING, yesterday),
        finished(stage.tonight.at(2, 31, 5), BILLING, today),
        Happening {
            time: stage.tonight.at(2, 50, 0),
            what: What::Rotates,
        },
        Happening {
            time: stage.tonight.at(3, 5, 7),
            what: What::Deleted {
                id: somebodys(&stage.before),
                cluster: BILLING,
            },
        },
    ]
}

/// A managed snapshot that a person will delete: one out of the middle.
fn somebodys(before: &Value) -> String {
    let snapshots = before["snapshots"].as_array().expect("a list");
    let tags = |each: &&Value| {
        each["tags"]["nightshift:managed-by"] == "nightshift"
            && each["tags"]["nightshift:hold"].is_null()
    };
    let managed: Vec<&Value> = snapshots
        .iter()
        .filter(|each| each["cluster"] == BILLING && each["status"] == "available")
        .filter(tags)
        .collect();
    id(managed[managed.len() / 2]).to_owned()
}
