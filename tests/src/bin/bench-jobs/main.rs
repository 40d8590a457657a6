//! `make bench-jobs`: how fast a purge goes, and how gently, beside other ways to do the same.
//!
//! A table of logs, of which 60 % are older than 30 days, on a writer with a replica, both durable.
//! One after another, each from the same copy of the same data, the contenders delete those rows,
//! while an application goes on with 60 operations a second. Measured are the rows per second, what
//! the application feels, how far the replica is behind, and the history list of `InnoDB`.
//!
//! | variable | default | meaning |
//! |---|---|---|
//! | `ROWS` | 5000000 | rows of the table |
//! | `ROUNDS` | 3 | how often run-job and pt-archiver take turns at the limit of 1 s |
//! | `CAP` | 60 | seconds after which the contenders stop that are not run to the end; 0 runs all to the end |
//! | `ONLY` | | contenders whose name has one of these words, with commas between |
//! | `UPDATE_README` | | writes the table into README.md, and the picture to docs/ |
//! | `NIGHTSHIFT_RUN_JOB`, `NIGHTSHIFT_PT_ARCHIVER` | | the programs |
//!
//! The table, the picture and all figures as JSON are left in `target/bench-jobs/`. The program
//! ends with 1 if a claim fails, after everything is written.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a program for people, outside the functions: what cannot be set up ends it"
)]

mod claims;
mod contender;
mod figures;
mod foreground;
mod json;
mod output;
mod run;
mod stage;
mod svg;
mod table;
mod watch;
mod wish;

use std::{env, process::ExitCode, sync::Arc};

use tokio::signal::unix::{SignalKind, signal};

use crate::{contender::Turn, output::Results, run::Run, stage::Stage, wish::Wish};

fn main() -> ExitCode {
    let wish = match Wish::of(|name| env::var(name).ok().filter(|it| !it.is_empty())) {
        Ok(wish) => wish,
        Err(problem) => {
            eprintln!("bench-jobs: {problem}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    // All that was started ends with what `play` holds.
    runtime.block_on(async {
        tokio::select! {
            code = play(&wish) => code,
            () = interrupted() => {
                eprintln!("interrupted; the servers and their data are taken away");
                ExitCode::from(130)
            }
        }
    })
}

async fn interrupted() {
    let mut terminated = signal(SignalKind::terminate()).expect("signals can be heard");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

async fn play(wish: &Wish) -> ExitCode {
    let turns: Vec<Turn> = wish.turns();
    println!("{} rows, {} runs", table::thousands(wish.rows), turns.len());
    let stage = Arc::new(Stage::set(wish).await);
    let mut runs: Vec<Run> = vec![];
    for turn in turns {
        println!("{} …", turn.name());
        let run = run::measure(&stage, turn).await;
        println!("  {}", table::line(&run));
        runs.push(run);
    }
    let results = Results::new(stage.about().await, runs);
    output::write(wish, &results);
    if results.claims.iter().all(|claim| claim.verdict.is_fine()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
