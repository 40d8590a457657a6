//! pt-archiver, as its manual has it.
//! <https://docs.percona.com/percona-toolkit/pt-archiver.html>

use std::{process::Command, time::Duration};

use nightshift_tests::process::{Group, Process};
use tokio::time::timeout;

use super::LIMIT;
use crate::stage::{PASSWORD, Stage, USER};

/// What of its options one run has.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    bulk: bool,
    limited: bool,
}

/// A thousand rows in one DELETE, each in a transaction of its own.
pub const fn bulk(limited: bool) -> Options {
    Options {
        bulk: true,
        limited,
    }
}

/// A DELETE for each row, a thousand in a transaction.
pub const fn row_by_row() -> Options {
    Options {
        bulk: false,
        limited: false,
    }
}

/// Runs it until the rows are gone, or for `cap`.
pub async fn work(stage: &Stage, options: Options, cap: Option<Duration>) -> Result<(), String> {
    let mut command = Command::new(stage.archiver());
    command.args(arguments(options, cap, &stage.cutoff(), stage.ports()));
    // It may be a script that starts another program.
    let process = Process::start("pt-archiver", command, Group::Own);
    let handle = process.handle();
    match timeout(LIMIT, handle.ended()).await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{status}: {}", process.output().trim())),
        Err(_) => Err(format!(
            "not through after {} minutes",
            LIMIT.as_secs() / 60
        )),
    }
}

fn arguments(
    options: Options,
    cap: Option<Duration>,
    cutoff: &str,
    ports: [u16; 2],
) -> Vec<String> {
    let login = |port: u16| format!("h=127.0.0.1,P={port},u={USER},p={PASSWORD}");
    let mut arguments = vec![
        "--source".to_owned(),
        format!("{},D=shop,t=access_logs", login(ports[0])),
        "--where".to_owned(),
        format!("created_at < '{cutoff}'"),
        "--purge".to_owned(),
        "--limit=1000".to_owned(),
        "--commit-each".to_owned(),
        // MariaDB's client names the same set in another way.
        "--no-check-charset".to_owned(),
    ];
    if options.bulk {
        arguments.push("--bulk-delete".to_owned());
    }
    if options.limited {
        arguments.extend([
            "--max-lag=1".to_owned(),
            "--check-replica-lag".to_owned(),
            login(ports[1]),
        ]);
    }
    arguments.extend(cap.map(|cap| format!("--run-time={}", cap.as_secs())));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_those_of_the_issue() {
        let cap = Some(Duration::from_mins(1));
        let said = arguments(bulk(true), cap, "2026-10-01", [1, 2]).join(" ");
        assert!(said.contains("--limit=1000 --commit-each"), "{said}");
        let end = "--bulk-delete --max-lag=1 --check-replica-lag h=127.0.0.1,P=2,u=bench,p=bench-and-nothing-else --run-time=60";
        assert!(said.ends_with(end), "{said}");
        let said = arguments(row_by_row(), None, "2026-10-01", [1, 2]).join(" ");
        assert!(!said.contains("bulk") && !said.contains("lag"), "{said}");
    }
}
