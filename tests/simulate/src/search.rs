//! Searching, and telling what was found.

use std::{
    collections::BTreeMap,
    thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use simulator::{
    FUNCTIONS, Function, INVARIANTS, Script,
    search::{Limits, Tally},
    shrink::shrink,
};

use crate::{TRIES, options::Options, roles, show, table};

/// Searches as `options` say, and tells whether every invariant held.
pub fn search(options: &Options, functions: &[&dyn Function]) -> bool {
    let first = options.first.unwrap_or_else(fresh);
    let mut all = Tally::default();
    let (mut fine, mut fewest) = (true, u64::MAX);
    for focus in &options.functions {
        let tally = one(first, focus, options, functions);
        fine &= tally.found.is_empty();
        fewest = fewest.min(tally.scripts);
        explain(focus, &tally, functions);
        all.join(tally);
    }
    println!("\n{}", table::of(&all));
    let every = options.functions.len() == FUNCTIONS.len();
    let missing = table::missing(&all, if every { fewest } else { 0 });
    if !missing.is_empty() {
        println!("NEVER ANSWERED: {}", missing.join(", "));
        fine = false;
    }
    let denied = options
        .roles
        .as_ref()
        .map(|roles| roles::denied(roles, &all));
    match &denied {
        None => {}
        Some(denied) if denied.is_empty() => {
            println!(
                "every call is allowed by its function's role ({} shapes of calls)",
                all.samples.len()
            );
        }
        Some(denied) => println!("NOT ALLOWED:\n{}", denied.join("\n")),
    }
    fine && denied.is_none_or(|denied| denied.is_empty())
}

fn one(first: u64, focus: &'static str, options: &Options, functions: &[&dyn Function]) -> Tally {
    let limits = Limits {
        first,
        scripts: options.runs,
        time: options.time,
        threads: thread::available_parallelism().map_or(1, usize::from),
        stop: false,
    };
    #[expect(clippy::disallowed_methods, reason = "how fast the search is")]
    let began = Instant::now();
    let tally = simulator::search::search(limits, focus, functions);
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let pace = tally.steps as f64 / seconds * 60.0 / 1e6;
    println!(
        "{focus:16} seeds {first} to {}: {} steps, {} calls, {} runs in {seconds:.0} s ({pace:.2} million steps a minute); {} invariants after each; {}",
        first + tally.scripts.saturating_sub(1),
        tally.steps,
        tally.calls,
        tally.runs,
        INVARIANTS.len(),
        if tally.found.is_empty() {
            "all hold"
        } else {
            "NOT ALL HOLD"
        },
    );
    tally
}

/// Of each invariant that does not hold, the seeds and the shortest script.
fn explain(focus: &'static str, tally: &Tally, functions: &[&dyn Function]) {
    let mut by_name = BTreeMap::<&str, Vec<u64>>::new();
    for (seed, invariant) in &tally.found {
        by_name.entry(invariant).or_default().push(*seed);
    }
    for (invariant, seeds) in by_name {
        println!(
            "\n{invariant} does not hold for {} seeds, the first {:?}",
            seeds.len(),
            &seeds[..seeds.len().min(5)]
        );
        println!(
            "again: make simulate FUNCTION={focus} SEED={}; made as short as can be:\n",
            seeds[0]
        );
        if let Some(shrunk) = shrink(Script::of(seeds[0], focus), TRIES, functions) {
            show(&shrunk.played);
        }
    }
}

/// A seed that no search had before.
#[expect(
    clippy::disallowed_methods,
    reason = "a fresh seed must come from somewhere, and is printed"
)]
fn fresh() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis().try_into().unwrap_or(0))
}
