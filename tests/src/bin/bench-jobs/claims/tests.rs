use std::time::Duration;

use super::*;
use crate::{
    contender::Turn,
    foreground::{Kind, Operation},
    output::About,
    run::Run,
    watch::{Position, Seen, State},
};

/// A run of `seconds` at an even rate, felt as `ms`, with `lag` seconds at the worst.
fn run(contender: Contender, rate: u32, ms: f64, lag: f64) -> Run {
    let seconds = 100_u32;
    let state = |at: u32| State {
        at: at.into(),
        deleted: u64::from(at * rate),
        history: 20,
    };
    let operation = |at: u32| Operation {
        kind: Kind::Read,
        due: at.into(),
        ms,
        error: None,
    };
    let look = |at: f64, number| Position {
        asked: at,
        answered: at,
        number,
    };
    Run {
        turn: Turn {
            contender,
            round: 1,
            cap: None,
        },
        failed: None,
        began: 0.0,
        ended: seconds.into(),
        caught_up: Some(f64::from(seconds) + 1.0),
        operations: (0..seconds).map(operation).collect(),
        seen: Seen {
            writer: vec![look(0.0, 1), look(1.0, 2)],
            replica: vec![look(1.0 + lag, 1), look(1.5 + lag, 2)],
            states: (0..=seconds).map(state).collect(),
        },
    }
}

/// All contenders that a claim is about, and run-job as it should be.
fn good() -> Vec<Run> {
    let mut runs = vec![
        run(Contender::Event, 3_000, 100.0, 90.0),
        run(OURS, 2_000, 50.0, 0.9),
        run(THEIRS, 1_500, 60.0, 1.5),
        run(Contender::Ours { limited: false }, 4_000, 90.0, 30.0),
    ];
    runs.extend(Fixed::ALL.map(|fixed| run(Contender::Fixed(fixed), 3_500, 90.0, 30.0)));
    runs
}

fn verdicts(runs: Vec<Run>) -> Vec<Verdict> {
    let about = About {
        rows: 200_000,
        told: String::new(),
    };
    Results::new(about, runs)
        .claims
        .iter()
        .map(|claim| claim.verdict)
        .collect()
}

/// The verdicts with something made worse.
fn after(spoil: impl Fn(&mut Run)) -> Vec<Verdict> {
    let mut runs = good();
    runs.iter_mut().for_each(spoil);
    verdicts(runs)
}

const PASS: Verdict = Verdict::Pass;
const FAIL: Verdict = Verdict::Fail;
const OPEN: Verdict = Verdict::Open;

#[test]
fn a_good_run_bears_everything_out() {
    assert_eq!(verdicts(good()), [PASS; 8]);
}

#[test]
fn each_claim_fails_by_its_own_figure() {
    let ours = |run: &Run| run.turn.contender == OURS;
    let slow = after(|it| {
        if it.turn.contender == THEIRS {
            *it = run(THEIRS, 1_600, 60.0, 1.5);
        }
    });
    assert_eq!(slow[0], FAIL, "1.25 times");
    let rough = after(|it| {
        if ours(it) {
            *it = run(OURS, 2_000, 61.0, 0.9);
        }
    });
    assert_eq!((rough[1], rough[0]), (FAIL, PASS));
    let wrong = after(|it| {
        if ours(it) {
            it.operations[3].error = Some(1213);
        }
    });
    assert_eq!(wrong[2], FAIL);
    let behind = after(|it| {
        if ours(it) {
            *it = run(OURS, 2_000, 50.0, 1.2);
        }
    });
    assert_eq!(behind[3], FAIL);
    let kept_up = after(|it| {
        if it.turn.contender == Contender::Event {
            *it = run(Contender::Event, 3_000, 100.0, 70.0);
        }
    });
    assert_eq!(kept_up[4], FAIL, "70 s behind a DELETE of 100 s");
}

#[test]
fn a_history_that_grows_and_a_purge_that_tires_are_told() {
    let grown = after(|it| {
        let states = it.seen.states.iter_mut();
        states.for_each(|state| state.history = state.deleted / 10);
    });
    assert_eq!(grown[5], FAIL);
    let tired = after(|it| {
        for state in &mut it.seen.states {
            let most = state.deleted.min(150_000);
            state.deleted = most + (state.deleted - most) / 2;
        }
    });
    assert_eq!((tired[6], tired[5]), (FAIL, PASS));
}

const FREE: Contender = Contender::Ours { limited: false };

/// The last claim, with something changed.
fn last(change: impl Fn(&mut Run)) -> (String, Verdict) {
    let mut runs = good();
    runs.iter_mut().for_each(change);
    let (rows, told) = (200_000, String::new());
    let mut claims = Results::new(About { rows, told }, runs).claims;
    let last = claims.pop().unwrap();
    let (_, measured) = last.text.rsplit_once(": ").unwrap();
    (measured.to_owned(), last.verdict)
}

#[test]
fn a_static_variant_counts_until_its_replica_is_through_and_is_told_for_the_writer_alone() {
    let behind = last(|it| {
        if it.turn.contender == Contender::Fixed(Fixed::ALL[4]) {
            *it = run(it.turn.contender, 5_000, 90.0, 30.0);
            it.caught_up = Some(160.0);
        }
    });
    let told = "1.14 times as fast as DELETE … LIMIT 1000 (0.80 times as fast as walk, 1000, READ \
                COMMITTED until they are gone from the writer)";
    assert_eq!(behind, (told.to_owned(), PASS));
    let ours_behind = last(|it| {
        if it.turn.contender == FREE {
            it.caught_up = Some(130.0);
        }
    });
    assert_eq!(ours_behind.1, FAIL, "{}", ours_behind.0);
}

#[test]
fn a_static_variant_that_was_stopped_is_compared_over_its_own_time() {
    // run-job began with 3,000 rows a second and was faster later.
    let (told, verdict) = last(|it| {
        if it.turn.contender == FREE {
            for state in &mut it.seen.states {
                state.deleted -= state.deleted.min(40_000) / 4;
            }
        }
        if matches!(it.turn.contender, Contender::Fixed(_)) {
            it.turn.cap = Some(Duration::from_secs(10));
            (it.ended, it.caught_up) = (10.0, Some(11.0));
            it.seen.states.truncate(11);
        }
    });
    assert_eq!(verdict, PASS, "{told}");
    assert!(
        told.contains("(0.86 times as fast as DELETE … LIMIT 1000 until"),
        "{told}"
    );
}

#[test]
fn a_run_that_failed_fails_its_claims_and_one_that_was_not_asked_for_leaves_them_open() {
    let failed = after(|it| {
        if it.turn.contender == OURS {
            it.failed = Some("does not start".to_owned());
        }
    });
    assert_eq!(failed[..4], [FAIL; 4]);
    assert_eq!(failed[7], PASS);
    assert_eq!(
        verdicts(vec![run(OURS, 2_000, 50.0, 0.9)])[..2],
        [OPEN, OPEN]
    );
}
