//! The command line.

use std::{path::PathBuf, time::Duration};

use simulator::FUNCTIONS;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Play many seeds.
    Search,
    /// Play one and show it.
    Replay {
        /// Which.
        seed: u64,
        /// Whether to show the shortest script with the same defect instead.
        shrink: bool,
    },
}

/// The command line, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What is to be done.
    pub command: Command,
    /// The functions to try hardest, one after the other.
    pub functions: Vec<&'static str>,
    /// The first seed; by default one that the clock gives.
    pub first: Option<u64>,
    /// So many seeds for each function.
    pub runs: u64,
    /// What `tests/infra/roles.py` prints: each call is held against its function's role.
    pub roles: Option<PathBuf>,
    /// No script is begun after this long, for each function.
    pub time: Option<Duration>,
}

impl Options {
    /// Reads the arguments.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments;
        let mut options = Self {
            command: match arguments.next().as_deref() {
                Some("search") => Command::Search,
                Some("replay") => Command::Replay {
                    seed: 0,
                    shrink: false,
                },
                other => return Err(format!("expected search or replay, got {other:?}")),
            },
            functions: FUNCTIONS.to_vec(),
            first: None,
            runs: 1000,
            roles: None,
            time: None,
        };
        let mut seed = None;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--function" => options.functions = vec![function(&value()?)?],
                "--first" => options.first = Some(number(&argument, &value()?)?),
                "--runs" => options.runs = number(&argument, &value()?)?,
                "--seconds" => {
                    options.time = Some(Duration::from_secs(number(&argument, &value()?)?));
                }
                "--roles" => options.roles = Some(value()?.into()),
                "--shrink" => options.shrink()?,
                other => seed = Some(number("the seed", other)?),
            }
        }
        options.with_seed(seed)
    }

    /// The one function of a replay.
    pub fn function(&self) -> &'static str {
        self.functions.first().copied().unwrap_or(FUNCTIONS[0])
    }

    fn shrink(&mut self) -> Result<(), String> {
        match &mut self.command {
            Command::Replay { shrink, .. } => *shrink = true,
            Command::Search => {
                return Err("--shrink goes with replay; a search shrinks by itself".into());
            }
        }
        Ok(())
    }

    fn with_seed(mut self, given: Option<u64>) -> Result<Self, String> {
        match (&mut self.command, given) {
            (Command::Replay { seed, .. }, Some(given)) if self.functions.len() == 1 => {
                *seed = given;
            }
            (Command::Replay { .. }, _) => {
                return Err("replay needs --function NAME and a seed".into());
            }
            (Command::Search, Some(_)) => return Err("a search takes --first SEED".into()),
            (Command::Search, None) => {}
        }
        Ok(self)
    }
}

fn function(name: &str) -> Result<&'static str, String> {
    let known = FUNCTIONS.iter().find(|known| **known == name).copied();
    known.ok_or_else(|| {
        format!(
            "--function: expected one of {}, got {name:?}",
            FUNCTIONS.join(", ")
        )
    })
}

fn number(name: &str, text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("{name}: expected a whole number, got {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_replay_names_its_function_and_its_seed() {
        let options = read("replay --function prune-snapshots 7 --shrink").unwrap();
        assert_eq!(
            options.command,
            Command::Replay {
                seed: 7,
                shrink: true
            }
        );
        assert_eq!(options.function(), "prune-snapshots");
        assert!(read("replay 7").is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(
            read("search --runs many").unwrap_err(),
            "--runs: expected a whole number, got \"many\""
        );
        assert!(
            read("search --function burn")
                .unwrap_err()
                .starts_with("--function: expected one of take-snapshot")
        );
        assert_eq!(read("search --runs").unwrap_err(), "--runs needs a value");
    }
}
