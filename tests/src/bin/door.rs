//! The door test, whole: `make door`.
//!
//! An application logs in every 20 ms, on a writer and on its replica, with whatever `AWSCURRENT`
//! says. It caches the secret, as AWS's clients do. Meanwhile its password is rotated, again and
//! again, and the function is killed at every single message it sends to a server and at every
//! single API call, before it and after it. The rotation goes on by a retry of the same step, and
//! by a new rotation after a person gave the old one up. Then the same with every step taken by two
//! execution environments at once, of which both are killed, or one. And then nobody goes on: the
//! doctor comes to what was left, is killed at every message and call of his own, and comes again,
//! until no version is left in `AWSPENDING` and, past its grace, no old password opens the door.
//! What comes out is one line for each strategy, then how many cases and logins there were of each
//! kind, and in which steps and at which API calls the function died:
//!
//! ```text
//! strategy           messages calls  cases not killed     tried  refused  refused for (max, median) seconds
//! dual-password-own        66    31     16          6      3053        0  -                             104
//! ```
//!
//! - *messages*, *calls*: what one undisturbed rotation sends. A statement is a message or two: a
//!   driver may prepare it first. Nothing is decrypted.
//! - *not killed*: cases whose moment did not come, for a rotation sent less than the one that was
//!   counted.
//! - *tried*: logins. *refused*: those of them that were answered with error 1045. Of `single-user`
//!   some must be; the time from the first to the last of a case is measured.
//! - *seconds*: of all stages together; `--stages` of them, 2 by default, play at once.
//!
//! The program ends with 1 if a login was refused that should not have been, if a rotation did not
//! succeed in the end or the doctor left something, if `AWSCURRENT` does not open a door in the
//! end, or if a password or a stored hash is found in what the function printed, answered, mailed
//! or called.
//!
//! # Another function
//!
//! `make door FUNCTION=path [STRATEGY=single-user]` plays the same matrix with any program that
//! speaks the Lambda Runtime API, such as AWS's own rotation function in Python behind a runtime
//! client (`python3 -m awslambdaric lambda_function.lambda_handler`). Refused logins are printed
//! and not held against it, and no doctor comes. To a function like AWS's for a single user
//! `single-user-own` is the fair match, to that for several `alternating-users-one-account`. The program is started with Lambda's variables and these:
//!
//! | variable | value |
//! |---|---|
//! | `SECRETS_MANAGER_ENDPOINT`, `AWS_ENDPOINT_URL` | the simulated Secrets Manager, RDS and SNS |
//! | `EXCLUDE_CHARACTERS` | the characters that AWS's functions leave out |
//! | `NIGHTSHIFT_DOOR_CA` | a file with the authority that signed the servers' certificates |
//! | `POLICY`, `MODE`, `INBOX_TOPIC_ARN` | ours |
//!
//! A script may stand before it, to set more or to put that authority where the function looks for
//! Amazon's. It must `exec` the program: only the process itself is killed.
//!
//! The secret has `engine`, `host`, `port`, `username`, `password`, `dbname` and
//! `dbClusterIdentifier`, and `masterarn` for the strategies whose name does not end in `-own`; host and port
//! lead to the writer. Where the name ends in `-own` there is one account, which may alter itself,
//! and one where it ends in `-one-account`; else there are two, `'%'` and `'127.0.0.1'`, and the application logs in to both.
//!
//! # Options
//!
//! `door [--function PATH] [--strategy NAME] [--only WORDS] [--most N] [--stages N] [--cache MS] [--settle S]`.
//! `NIGHTSHIFT_DOOR_FUNCTION` and `NIGHTSHIFT_DOOR_STRATEGY` say the same. `--only` plays the cases
//! whose description has these words, such as `--only "after message 21 to the writer"`; `--most`
//! plays an evenly spread sample of the matrix of each strategy.
#![allow(
    clippy::disallowed_methods,
    reason = "a program for people, outside the functions: its environment is its own"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use nightshift_tests::door::{Asked, Pace, Played, Strategy, Table, run};
use tokio::time::Instant;

const USAGE: &str = "usage: door [--function PATH] [--strategy NAME] [--only WORDS] [--most N] [--stages N] [--cache MS] [--settle S]";

fn main() -> ExitCode {
    let wish = Wish::of(std::env::args().skip(1), |name| std::env::var(name).ok());
    let wish = match wish {
        Ok(wish) => wish,
        Err(problem) => {
            eprintln!("door: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(play(wish)),
        Err(error) => {
            eprintln!("door: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the arguments and the environment ask for.
struct Wish {
    asked: Asked,
    strategies: Vec<Strategy>,
}

impl Wish {
    fn of(
        mut arguments: impl Iterator<Item = String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut wish = Self {
            asked: Asked {
                function: None,
                pace: Pace::default(),
                only: String::new(),
                most: usize::MAX,
                percent: 50,
                stages: 2,
            },
            strategies: Strategy::ALL.to_vec(),
        };
        for (name, option) in [
            ("NIGHTSHIFT_DOOR_FUNCTION", "--function"),
            ("NIGHTSHIFT_DOOR_STRATEGY", "--strategy"),
        ] {
            if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
                wish.take(option, &value)?;
            }
        }
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .ok_or_else(|| format!("{option} needs a value"))?;
            wish.take(&option, &value)?;
        }
        Ok(wish)
    }

    fn take(&mut self, option: &str, value: &str) -> Result<(), String> {
        let number = || {
            value
                .parse::<u32>()
                .map_err(|_| format!("{option}: {value} is no number"))
        };
        match option {
            "--function" => self.asked.function = Some(PathBuf::from(value)),
            "--strategy" => {
                let named = Strategy::named(value);
                self.strategies = vec![named.ok_or_else(|| unknown(value))?];
            }
            "--only" => value.clone_into(&mut self.asked.only),
            "--most" => self.asked.most = number()? as usize,
            "--stages" => self.asked.stages = number()?.max(1) as usize,
            "--cache" => self.asked.pace.cache = Duration::from_millis(number()?.into()),
            "--settle" => self.asked.pace.settle = Duration::from_secs(number()?.into()),
            _ => return Err(format!("{option} is no option")),
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    let all = Strategy::ALL.map(|strategy| strategy.to_string());
    format!("{name} is no strategy; there are {}", all.join(", "))
}

async fn play(wish: Wish) -> ExitCode {
    let began = Instant::now();
    let (mut table, mut faults) = (Table::default(), vec![]);
    for strategy in wish.strategies {
        let told = move |played: &Played| tell(strategy, played);
        let (count, totals) = run(&wish.asked, strategy, told).await;
        faults.extend(totals.faults.clone());
        table.0.push((strategy, count, totals));
    }
    println!("\n{table}\n{} s in all", began.elapsed().as_secs());
    if faults.is_empty() || wish.asked.function.is_some() {
        return ExitCode::SUCCESS;
    }
    println!("\n{} faults:\n{}", faults.len(), faults.join("\n"));
    ExitCode::FAILURE
}

/// A case that went well is a dot's worth; one that did not is told at once.
fn tell(strategy: Strategy, played: &Played) {
    let faults = played.faults(strategy);
    let during = match played.during.as_str() {
        "" => String::new(),
        during => format!(" ({during})"),
    };
    let verdict = if faults.is_empty() { "" } else { "  <<<" };
    println!(
        "{strategy}: {}{during}: {} logins tried, {} refused, {} ms{verdict}",
        played.case,
        played.tally.tried(),
        played.tally.refused.len(),
        played.took.as_millis()
    );
    for fault in faults {
        println!("  {fault}");
    }
}
