//! The real plan, woken as AWS wakes it: by alarms that change and by a tick every five minutes, each
//! once or several times, in any order, and on what was seen before another run acted.

use aurora_model::Choice;
use scale_readers::{
    Policy,
    plan::{Occasion, plan},
};
use serde_json::json;

use super::{
    MAX, MIN, TARGET,
    shape::Shape,
    world::{World, at},
};

/// What a controller made of a load, a minute at a time.
#[derive(Default)]
pub struct Run {
    /// Readers that take reads.
    pub readers: Vec<usize>,
    /// Their processor load in percent.
    pub cpu: Vec<f64>,
    /// What was asked of them.
    pub load: Vec<f64>,
}

impl Run {
    pub fn see(&mut self, load: f64, cpu: f64, readers: usize) {
        self.load.push(load);
        self.cpu.push(cpu);
        self.readers.push(readers);
    }

    /// Minutes above the target.
    pub fn above(&self) -> usize {
        self.cpu.iter().filter(|cpu| **cpu > TARGET).count()
    }

    /// Hours of readers that take reads.
    pub fn hours(&self) -> f64 {
        f64::from(u32::try_from(self.readers.iter().sum::<usize>()).unwrap()) / 60.0
    }
}

/// How often each trigger comes, and in which order.
#[derive(Clone, Copy)]
pub struct Triggers {
    pub times: usize,
    pub seed: u64,
}

const FLAP_LIMIT: usize = 6;

fn policy() -> Policy {
    let json = json!({
        "cluster": "orders", "min": MIN, "max": MAX,
        "out_alarms": ["busy"], "in_alarms": ["idle"],
        "step_out": 2, "cooldown_in": "10m", "stabilise": "10m",
        "drain": {"max_wait": "15m", "below_connections": 5},
        "flap_limit": FLAP_LIMIT,
    });
    handler::policy::parse(&json).unwrap()
}

pub fn ours(shape: &Shape) -> Run {
    with(shape, Triggers { times: 2, seed: 7 })
}

pub fn with(shape: &Shape, triggers: Triggers) -> Run {
    let policy = policy();
    let mut dice = fastrand::Rng::with_seed(triggers.seed);
    let mut world = World::new(shape);
    let mut run = Run::default();
    for minute in 0..shape.minutes {
        let changed = world.pass(minute);
        run.see(world.load(), world.cpu(), world.serving());
        let woken = changed + usize::from(minute % 5 == 0);
        wake(
            &policy,
            &mut world,
            minute,
            woken * triggers.times,
            &mut dice,
        );
    }
    assert!(
        world.most_changes() <= FLAP_LIMIT,
        "{}: {} changes within an hour",
        shape.name,
        world.most_changes()
    );
    run
}

/// Some of the invocations have looked before the others acted.
fn wake(
    policy: &Policy,
    world: &mut World<'_>,
    minute: u32,
    invocations: usize,
    dice: &mut fastrand::Rng,
) {
    let mut plans = Vec::new();
    let occasion = Occasion {
        now: at(minute),
        request_id: "a-request",
        daily: false,
    };
    for _ in 0..invocations {
        plans.push(plan(policy, &world.observe(), occasion));
        if dice.bool() {
            act(world, &mut plans, dice);
        }
    }
    act(world, &mut plans, dice);
}

fn act(
    world: &mut World<'_>,
    plans: &mut Vec<aurora_model::Plan<scale_readers::change::Change>>,
    dice: &mut fastrand::Rng,
) {
    dice.shuffle(plans);
    for plan in plans.drain(..) {
        for decision in &plan.decisions {
            if let Choice::Act(change) = &decision.choice {
                world.apply(decision, change);
            }
        }
    }
}
