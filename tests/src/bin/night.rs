//! One night of Nightshift in the local cloud, to be watched: `make night`.
#![allow(
    clippy::disallowed_methods,
    reason = "a program for people, outside the functions: its environment is its own"
)]

use std::process::ExitCode;

use nightshift_tests::night::{self, Mode};
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: night [--mode apply|plan]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mode = match *words {
        [] | ["--mode", "apply"] => Mode::Apply,
        ["--mode", "plan"] => Mode::Plan,
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(watch(mode)),
        Err(error) => {
            eprintln!("night: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Lets the night pass. Whatever ends it early ends what it started, too: the local cloud's
/// processes go with their owner.
async fn watch(mode: Mode) -> ExitCode {
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
        eprintln!("night: signals cannot be listened to");
        return ExitCode::FAILURE;
    };
    let stopped = tokio::select! {
        as_the_policy_says = night::pass(mode) => {
            return if as_the_policy_says { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        _ = interrupt.recv() => 2,
        _ = terminate.recv() => 15,
        _ = hangup.recv() => 1,
    };
    eprintln!("\nnight: stopped; nothing is left running");
    ExitCode::from(128 + stopped)
}
