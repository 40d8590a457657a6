//! How Lambda runs the functions, and when a process dies.

use crate::{
    dice::Dice,
    script::{IMPORTS, Policies, REMEDIES, ROTATES, RUNS, SCALES},
};

/// How Lambda runs the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lambda {
    /// When a run is ended, in seconds.
    pub timeout: u64,
    /// How many runs of one function there may be at a time.
    pub concurrency: usize,
    /// Whether the deployment says `plan`.
    pub plan_only: bool,
}

impl Lambda {
    pub(super) fn of(seed: u64, focus: &str, policies: &Policies) -> Self {
        let mut dice = Dice::of(seed, "lambda");
        let hurried = focus != "report-failure" && dice.chance(10);
        Self {
            timeout: if hurried {
                *dice.pick(shortest(focus))
            } else {
                300
            },
            // The templates reserve one; safety must not depend on it.
            concurrency: match focus {
                ROTATES | RUNS | IMPORTS | SCALES | REMEDIES => *dice.pick(&[1, 3, 3]),
                _ => *dice.pick(&[1, 1, 3]),
            },
            plan_only: policies.plan_only && dice.chance(50),
        }
    }
}

/// The shortest timeouts, in seconds: the first is the least that the function's template takes.
fn shortest(focus: &str) -> &'static [u64; 3] {
    match focus {
        ROTATES | RUNS => &[30, 40, 60],
        IMPORTS => &[60, 70, 90],
        _ => &[10, 20, 40],
    }
}

/// The death of a process: out of memory, a crash of the machine below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// Which run, counted from the first of all.
    pub run: u64,
    /// At which await of it, counted from 1.
    pub at_await: u32,
}

pub(super) fn deaths(seed: u64, focus: &str) -> Vec<Death> {
    let mut dice = Dice::of(seed, "deaths");
    let count = match focus {
        "report-failure" => *dice.pick(&[1, 3, 6, 9]),
        RUNS | IMPORTS | SCALES | REMEDIES => *dice.pick(&[0, 1, 3, 8, 16]),
        _ => *dice.pick(&[0, 0, 1, 2, 4]),
    };
    let (runs, most) = if [RUNS, IMPORTS, SCALES, REMEDIES].contains(&focus) {
        (30, 120)
    } else {
        (14, 40)
    };
    let death = |dice: &mut Dice| Death {
        run: u64::try_from(dice.between(1, runs)).unwrap_or(1),
        at_await: u32::try_from(dice.between(1, most)).unwrap_or(1),
    };
    (0..count).map(|_| death(&mut dice)).collect()
}
