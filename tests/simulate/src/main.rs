//! `make simulate`: searches seeds for a night that goes wrong, or replays one.
//!
//!     simulate search [--function NAME] [--first SEED] [--runs N] [--seconds S] [--roles FILE]
//!     simulate replay --function NAME SEED [--shrink]
//!
//! A search ends with 1 if an invariant does not hold, after showing the shortest script in which
//! it does not.

#![recursion_limit = "256"]

mod database;
mod events;
mod functions;
mod options;
mod remedies;
mod roles;
mod search;
mod stores;
mod table;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use simulator::{Function, Played, Script, play, shrink::shrink, trace};

use crate::options::{Command, Options};

/// A script is made shorter in at most so many tries.
const TRIES: usize = 600;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("simulate: {wrong}");
            return ExitCode::from(2);
        }
    };
    // A panic under test is a finding, and told as one.
    std::panic::set_hook(Box::new(|_| {}));
    let functions = functions::all();
    let functions: Vec<&dyn Function> = functions.iter().map(AsRef::as_ref).collect();
    let fine = match options.command {
        Command::Search => search::search(&options, &functions),
        Command::Replay { seed, shrink } => replay(options.function(), seed, shrink, &functions),
    };
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Shows what happens in the script of `seed`, step by step.
fn replay(focus: &'static str, seed: u64, shorter: bool, functions: &[&dyn Function]) -> bool {
    let script = Script::of(seed, focus);
    let shrunk = shorter
        .then(|| shrink(script.clone(), TRIES, functions))
        .flatten();
    let played = shrunk.map_or_else(|| play(script, functions), |shrunk| shrunk.played);
    show(&played);
    played.violation.is_none()
}

/// The steps, and what is wrong after the last one, if anything is.
fn show(played: &Played) {
    print!("{}", trace::of(&played.history));
    match &played.violation {
        None => println!(
            "every invariant holds after each of {} steps",
            played.history.steps.len()
        ),
        Some(violation) => {
            println!("\nBROKEN: {}", violation.invariant);
            println!("  promised: {}", violation.promise);
            println!("  but:      {}", violation.what);
        }
    }
}
