//! Sequences of calls to both sides, until they differ in a way that is not known.

use std::{collections::BTreeSet, fmt::Write, ops::ControlFlow};

use fastrand::Rng;

use crate::{
    compare::{Difference, differences},
    known::Known,
    sides::{Simulator, ThirdParty},
    step::{Outcome, Step},
};

/// The calls of a sequence, without those with which both sides may part at its end.
const CALLS: usize = 36;

/// How many calls are tried in search of one with which both sides part.
const TRIED: usize = 120;
/// How many of the differences that are not known are told with the shortest sequence.
const SHORTENED: usize = 2;

/// Both sides, and what was seen of them.
pub struct Bench<'a> {
    third: ThirdParty,
    known: Vec<&'a Known>,
    /// How often each known difference was seen.
    seen: Vec<usize>,
    /// What the simulator answered, by operation.
    outcomes: BTreeSet<(&'static str, String)>,
    found: Vec<Finding>,
    calls: usize,
}

/// A difference that is not known, and the calls that led to it.
struct Finding {
    seed: u64,
    steps: Vec<Step>,
    difference: Difference,
}

/// What makes a call to try next.
pub type Generator = fn(&mut Rng) -> Step;

impl<'a> Bench<'a> {
    /// A bench on which these differences are known.
    pub fn new(third: ThirdParty, known: &[&'a [Known]]) -> Self {
        let known: Vec<_> = known.iter().copied().flatten().collect();
        Self {
            third,
            seen: vec![0; known.len()],
            known,
            found: Vec::new(),
            outcomes: BTreeSet::new(),
            calls: 0,
        }
    }

    /// So many sequences, and further ones until each known difference was seen, at most three
    /// times as many. Each is `begin`, then what `generator` makes.
    pub fn run(&mut self, sequences: u64, begin: &[Step], generator: Generator) {
        for seed in 0..3 * sequences {
            let missing = self.seen.contains(&0) && self.found.is_empty();
            if seed >= sequences && !missing {
                return;
            }
            self.sequence(seed, begin, generator);
        }
    }

    /// A sequence of this seed. It ends early only with a difference that is not known.
    fn sequence(&mut self, seed: u64, begin: &[Step], generator: Generator) {
        let mut rng = Rng::with_seed(seed);
        let simulator = self.fresh(seed);
        let mut steps = Vec::new();
        let mut begin = begin.iter().cloned();
        while steps.len() < CALLS {
            let step = begin.next().unwrap_or_else(|| generator(&mut rng));
            let parts = |told: &Outcome| self.parts_at(&step, told).is_some();
            if let Some(ours) = simulator.send_unless(&step, parts) {
                steps.push(step);
                if self.take(seed, &steps, &ours).is_break() {
                    return;
                }
            }
        }
        if let Some(last) = self.parting(&simulator, &mut rng, generator) {
            let ours = simulator.send(&last);
            steps.push(last);
            let _ = self.take(seed, &steps, &ours);
        }
    }

    /// A step with which both sides part, if possible in the way that was seen least so far.
    fn parting(&self, simulator: &Simulator, rng: &mut Rng, generator: Generator) -> Option<Step> {
        let parting = self.known.iter().zip(&self.seen);
        let parting = parting.filter(|(known, _)| known.parts());
        let least = parting.map(|(_, seen)| *seen).min()?;
        let mut best: Option<(usize, Step)> = None;
        for _ in 0..TRIED {
            let step = generator(rng);
            if !self.known.iter().any(|known| known.may_part(&step)) {
                continue;
            }
            let mut known = None;
            simulator.send_unless(&step, |told| {
                known = self.parts_at(&step, told);
                true
            });
            let Some(known) = known else {
                continue;
            };
            let seen = self.seen[known];
            if best.as_ref().is_none_or(|(fewest, _)| seen < *fewest) {
                best = Some((seen, step));
            }
            if seen == least {
                break;
            }
        }
        best.map(|(_, step)| step)
    }

    /// The known difference with which both sides part at this step.
    fn parts_at(&self, step: &Step, told: &Outcome) -> Option<usize> {
        let mut known = self.known.iter();
        known.position(|known| known.parts_at(step, told))
    }

    /// Takes the last of `steps`, which the simulator has answered. After an outcome that differs, nothing that follows tells
    /// anything.
    fn take(&mut self, seed: u64, steps: &[Step], ours: &Outcome) -> ControlFlow<()> {
        let step = &steps[steps.len() - 1];
        let theirs = self.third.send(step);
        self.calls += 1;
        self.outcomes.insert((step.operation, ours.kind()));
        let mut go_on = ControlFlow::Continue(());
        for difference in differences(step, ours, &theirs) {
            if let Some(known) = self
                .known
                .iter()
                .position(|known| known.is(&difference, ours))
            {
                self.seen[known] += 1;
                continue;
            }
            if difference.at == "outcome" {
                go_on = ControlFlow::Break(());
            }
            let same = |found: &Finding| found.difference.is_like(&difference);
            if !self.found.iter().any(same) {
                let steps = steps.to_vec();
                self.found.push(Finding {
                    seed,
                    steps,
                    difference,
                });
            }
        }
        go_on
    }

    fn fresh(&self, seed: u64) -> Simulator {
        self.third.forget();
        Simulator::new(seed)
    }

    /// Drops steps one by one while the difference stays.
    fn shortened(&self, seed: u64, steps: &[Step], found: &Difference) -> Vec<Step> {
        let mut kept = steps.to_vec();
        for at in (0..steps.len() - 1).rev() {
            let mut fewer = kept.clone();
            fewer.remove(at);
            if self.differs(seed, &fewer, found) {
                kept = fewer;
            }
        }
        kept
    }

    /// Whether the last of `steps` still differs in the same way.
    fn differs(&self, seed: u64, steps: &[Step], found: &Difference) -> bool {
        let simulator = self.fresh(seed);
        let Some((last, before)) = steps.split_last() else {
            return false;
        };
        for step in before {
            simulator.send(step);
            self.third.send(step);
        }
        let (ours, theirs) = (simulator.send(last), self.third.send(last));
        differences(last, &ours, &theirs).contains(found)
    }

    /// What was compared.
    ///
    /// # Panics
    /// On differences that are not known, the first ones with the shortest sequence that leads to it;
    /// else when a known difference was not seen.
    pub fn end(self) {
        let operations: BTreeSet<_> = self
            .outcomes
            .iter()
            .map(|(operation, _)| operation)
            .collect();
        let (calls, operations) = (self.calls, operations.len());
        println!("{calls} calls of {operations} operations compared");
        for (operation, outcome) in &self.outcomes {
            println!("  {operation}: {outcome}");
        }
        for (known, times) in self.known.iter().zip(&self.seen) {
            println!("known, seen {times} times: {known}");
        }
        assert!(self.found.is_empty(), "{}", self.told());
        let gone = self.known.iter().zip(&self.seen);
        let gone = gone.filter(|(_, times)| **times == 0);
        let gone: Vec<_> = gone.map(|(known, _)| known.to_string()).collect();
        assert!(
            gone.is_empty(),
            "known, but seen no longer:\n{}",
            gone.join("\n")
        );
    }

    /// The differences that are not known.
    fn told(&self) -> String {
        let mut said = String::new();
        for (number, found) in self.found.iter().enumerate() {
            let Finding {
                seed,
                steps,
                difference,
            } = found;
            let _ = writeln!(said, "seed {seed}: not known:\n  {difference}");
            if number >= SHORTENED {
                continue;
            }
            let shortest = self.shortened(*seed, steps, difference);
            let _ = writeln!(said, "  the shortest sequence that leads to it:");
            for (number, step) in shortest.iter().enumerate() {
                let _ = writeln!(said, "  {:3} {step}", number + 1);
            }
        }
        said
    }
}
