//! A closed loop: scale-readers' own plan against a cluster under load, a minute at a time. What it does
//! to time above target and to reader-hours stands next to an ideal controller and to target tracking
//! with AWS's documented windows. The table is printed, the charts are in `target/scale-readers/`.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod chart;
mod drive;
mod rival;
mod shape;
mod world;

use drive::Run;
use shape::{SHAPES, Shape};

/// The processor load in percent that readers should not exceed.
const TARGET: f64 = 60.0;
/// The bounds of all three controllers.
const MIN: usize = 1;
const MAX: usize = 6;

struct Row {
    shape: &'static str,
    runs: [(&'static str, Run); 3],
}

fn row(shape: &Shape) -> Row {
    let runs = [
        ("scale-readers", drive::ours(shape)),
        ("target tracking", rival::target_tracking(shape)),
        ("ideal", rival::ideal(shape)),
    ];
    Row {
        shape: shape.name,
        runs,
    }
}

fn print(rows: &[Row]) {
    println!(
        "{:<36} {:>16} {:>20} {:>16}",
        "shape", "controller", "minutes above target", "reader-hours"
    );
    for row in rows {
        for (name, run) in &row.runs {
            println!(
                "{:<36} {name:>16} {:>20} {:>16.1}",
                row.shape,
                run.above(),
                run.hours()
            );
        }
    }
}

#[test]
fn under_every_load_the_bounds_hold_and_nothing_flaps() {
    let rows: Vec<_> = SHAPES.iter().map(row).collect();
    print(&rows);
    for row in &rows {
        chart::draw(row.shape, &row.runs);
    }
    for row in &rows {
        let [(_, ours), (_, tracking), _] = &row.runs;
        assert!(
            ours.above() <= tracking.above() + SLACK,
            "{}: {} minutes above target, target tracking {}",
            row.shape,
            ours.above(),
            tracking.above()
        );
    }
}

/// Minutes within which two controllers are alike: an alarm's two periods.
const SLACK: usize = 2;

#[test]
fn the_same_whatever_the_order_of_triggers_and_however_often_they_come() {
    for shape in SHAPES {
        let once = drive::with(shape, drive::Triggers { times: 1, seed: 0 });
        for seed in 1..6 {
            let shuffled = drive::with(shape, drive::Triggers { times: 3, seed });
            assert_eq!(
                once.readers, shuffled.readers,
                "{} with seed {seed}",
                shape.name
            );
        }
    }
}
