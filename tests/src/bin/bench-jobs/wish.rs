//! What the environment asks for.

use std::{path::PathBuf, time::Duration};

use nightshift_tests::repo;

use crate::contender::{self, Turn};

/// The fewest rows of which a run can be told from a start.
const FEWEST: u64 = 10_000;

/// What the environment asks for.
#[derive(Debug)]
pub struct Wish {
    /// Rows of the table.
    pub rows: u64,
    /// How often the two contenders at the limit of 1 s take turns.
    pub rounds: u32,
    /// After how long a contender stops that is not run to the end; `None`: all are run to the end.
    pub cap: Option<Duration>,
    /// Words of which a contender's name must have one; all contenders if empty.
    pub only: Vec<String>,
    /// Whether to write README.md anew.
    pub update_readme: bool,
    /// The function's binary.
    pub run_job: PathBuf,
    /// pt-archiver.
    pub archiver: PathBuf,
}

impl Wish {
    /// Reads the variables, of which `variable` has the values.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let number = |name: &str, default: u64| match variable(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<u64>()
                .map_err(|_| format!("{name}={text}: expected a whole number")),
        };
        let rows = number("ROWS", 5_000_000)?;
        if rows < FEWEST {
            return Err(format!("ROWS={rows}: expected at least {FEWEST}"));
        }
        let rounds = number("ROUNDS", 3)?;
        let rounds = u32::try_from(rounds)
            .ok()
            .filter(|it| (1..=100).contains(it));
        let cap = Duration::from_secs(number("CAP", 60)?);
        let only = variable("ONLY").unwrap_or_default();
        let path = |name: &str, default: PathBuf| variable(name).map_or(default, PathBuf::from);
        Ok(Self {
            rows,
            rounds: rounds.ok_or("ROUNDS: expected 1 to 100")?,
            cap: (!cap.is_zero()).then_some(cap),
            only: only
                .split(',')
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            update_readme: variable("UPDATE_README").is_some(),
            run_job: path("NIGHTSHIFT_RUN_JOB", repo::profile_dir().join("run-job")),
            archiver: path(
                "NIGHTSHIFT_PT_ARCHIVER",
                repo::root().join(".local/percona/pt-archiver"),
            ),
        })
    }

    /// The runs, in their order.
    pub fn turns(&self) -> Vec<Turn> {
        let mut turns = contender::order(self.rounds, self.cap);
        turns.retain(|turn| {
            self.only.is_empty() || self.only.iter().any(|word| turn.name().contains(word))
        });
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(variables: &[(&str, &str)]) -> Result<Wish, String> {
        let find = |name: &str| variables.iter().find(|(it, _)| *it == name);
        Wish::of(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn without_a_word_it_is_the_set_up_of_the_issue() {
        let wish = wish(&[]).unwrap();
        assert_eq!((wish.rows, wish.rounds), (5_000_000, 3));
        assert_eq!(wish.cap, Some(Duration::from_mins(1)));
    }

    #[test]
    fn a_wrong_value_is_told_with_its_name() {
        let of = |name, value| wish(&[(name, value)]).unwrap_err();
        assert_eq!(of("ROWS", "5m"), "ROWS=5m: expected a whole number");
        assert_eq!(of("ROWS", "12"), "ROWS=12: expected at least 10000");
        assert_eq!(of("ROUNDS", "0"), "ROUNDS: expected 1 to 100");
    }

    #[test]
    fn only_the_named_contenders_run_and_a_cap_of_nothing_is_none() {
        let wish = wish(&[("ONLY", "EVENT,somebody"), ("CAP", "0")]).unwrap();
        let names: Vec<_> = wish.turns().iter().map(Turn::name).collect();
        assert_eq!((names.join(", ").as_str(), wish.cap), ("EVENT", None));
    }
}
