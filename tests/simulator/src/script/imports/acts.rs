//! What people do to EVENTs, schedules and jobs, and when the EVENTs' times come.

use jiff::{SignedDuration, Timestamp};

use super::{Import, Imports};
use crate::{
    dice::Dice,
    script::{Act, ByHand, Deed, Delivery, Jobs, ToStore, jobs},
};

/// Until calm comes; then the pauses are lifted.
pub(in crate::script) fn of(
    seed: u64,
    (jobs, imports): (&Jobs, &Imports),
    rough: (Timestamp, Timestamp),
    deliveries: &[Delivery],
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "acts on EVENTs");
    let mut acts = Vec::new();
    let events = &imports.events;
    if !events.is_empty() {
        for _ in 0..*dice.pick(&[2, 4, 8]) {
            let at = before(&mut dice, rough, deliveries);
            let import = dice.pick(events).clone();
            acts.push(fires(&mut dice, &import, at));
        }
        for _ in 0..*dice.pick(&[0, 0, 2, 5]) {
            let at = jobs::moment(&mut dice, rough, deliveries);
            let import = dice.pick(events).clone();
            let deed = deed(&mut dice, &import);
            acts.push(Act { at, deed });
        }
    }
    let lifted = jobs.jobs.iter().map(|job| Act {
        at: rough.1,
        deed: paused(&job.cluster, &job.name, false),
    });
    acts.extend(lifted);
    acts.sort_by_key(|act| act.at);
    acts
}

/// Mostly a moment before a call arrives.
fn before(dice: &mut Dice, rough: (Timestamp, Timestamp), deliveries: &[Delivery]) -> Timestamp {
    let at = jobs::moment(dice, rough, deliveries);
    at - SignedDuration::from_secs(*dice.pick(&[0, 5, 30]))
}

fn fires(dice: &mut Dice, import: &Import, at: Timestamp) -> Act {
    let fire = ToStore::Fire {
        event: import.event.clone(),
        takes: *dice.pick(&[0, 5, 40, 300]),
    };
    let deed = Deed::ToStore(import.cluster.clone(), fire);
    Act { at, deed }
}

fn paused(cluster: &str, job: &str, paused: bool) -> Deed {
    let job = job.to_owned();
    Deed::ToStore(cluster.to_owned(), ToStore::Pause { job, paused })
}

fn deed(dice: &mut Dice, import: &Import) -> Deed {
    let cluster = import.cluster.clone();
    match dice.between(0, 9) {
        0..=3 => Deed::ByHand(ByHand::Failover { cluster }),
        4 => paused(&cluster, &import.job, dice.chance(60)),
        5..=6 => Deed::ToStore(
            cluster,
            ToStore::Event {
                event: import.event.clone(),
                enabled: dice.chance(50),
            },
        ),
        _ => Deed::Schedule {
            schedule: if dice.chance(70) {
                import.schedule.clone()
            } else {
                import.tick.clone()
            },
            enabled: dice.chance(50),
        },
    }
}
