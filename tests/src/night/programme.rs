//! What happens in the night, in the order of its hours: the deployed schedules, and between
//! them what RDS and people do.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Mode;
use super::expect::id;
use super::import::Hand;
use super::past::{BILLING, ORDERS};
use super::readers;
use super::stage::{NIGHTSHIFT, Stage};
use super::tonight::Tonight;
use super::trouble;
use crate::stack::Schedule;

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
            _ => false,
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
    /// A schedule's hour comes while it is disabled.
    Sleeps(Schedule),
    /// A person asks a function for something.
    ByHand(Hand),
    /// A person deploys the job that import-events has written.
    Deploys,
    /// Something happens to the readers of a cluster.
    Readers(readers::Event),
    /// Trouble on one of the clusters begins, is seen, or is over.
    Trouble(trouble::Event),
}

/// The whole night.
///
/// In mode `plan` it is the schedules, what people ask for, and trouble, alone: nothing is made that RDS could
/// finish, and nothing is left undone that a tick could do.
#[must_use]
pub fn of(stage: &Stage, mode: Mode) -> Vec<Happening> {
    let mut night = by_hand(&stage.tonight);
    night.extend(trouble(&stage.tonight));
    if mode == Mode::Apply {
        night.extend(world(stage));
    }
    add(&mut night, stage, &stage.schedules, mode);
    night
}

/// Adds what these schedules will do.
pub fn add(night: &mut Vec<Happening>, stage: &Stage, new: &[Schedule], mode: Mode) {
    night.extend(schedules(stage, new, mode));
    night.sort_by_key(|happening| happening.time);
}

/// An EVENT changes hands in the evening, and in the morning somebody looks.
fn by_hand(tonight: &Tonight) -> Vec<Happening> {
    let evening = |minute| tonight.moment(tonight.ago(1), 18, minute, 0);
    let night = [
        (evening(0), What::ByHand(Hand::Plan)),
        (evening(20), What::Deploys),
        (evening(25), What::ByHand(Hand::Prove)),
        (evening(30), What::ByHand(Hand::CutOver)),
        (tonight.at(5, 45, 0), What::ByHand(Hand::Status)),
    ];
    night.map(|(time, what)| Happening { time, what }).into()
}

/// A report forgets its transaction.
fn trouble(tonight: &Tonight) -> [Happening; 3] {
    use trouble::Event;
    let night = [
        (tonight.at(1, 10, 12), Event::Begins),
        (tonight.at(2, 25, 0), Event::Rings),
        (tonight.at(2, 33, 0), Event::Over),
    ];
    night.map(|(time, event)| Happening {
        time,
        what: What::Trouble(event),
    })
}

fn schedules<'a>(
    stage: &'a Stage,
    all: &'a [Schedule],
    mode: Mode,
) -> impl Iterator<Item = Happening> + 'a {
    let wanted = move |schedule: &&Schedule| mode == Mode::Apply || !schedule.is_tick();
    all.iter().filter(wanted).flat_map(move |schedule| {
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
            let due = stage.tonight.when(&schedule.zone, *hour, *minute);
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
    let readers = |hour, minute, second, event| Happening {
        time: tonight.at(hour, minute, second),
        what: What::Readers(event),
    };
    vec![
        readers(1, 12, 0, readers::Event::Busy),
        readers(1, 21, 38, readers::Event::Comes),
        readers(3, 45, 0, readers::Event::Idle),
        readers(4, 31, 16, readers::Event::Goes),
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
