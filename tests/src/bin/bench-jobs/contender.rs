//! Who deletes the rows, and in which order.

mod archiver;
mod event;
mod fixed;
mod ours;

use std::time::Duration;

use crate::stage::Stage;

pub use self::fixed::Fixed;

/// One way to delete the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Nobody: the application alone.
    Nobody,
    /// A single DELETE in an EVENT of the server's own scheduler.
    Event,
    /// `pt-archiver --bulk-delete --limit 1000 --commit-each`, with `--max-lag 1` or without.
    Archiver { limited: bool },
    /// pt-archiver, each row with a DELETE of its own.
    RowByRow,
    /// Steps of one size.
    Fixed(Fixed),
    /// run-job, with its limit of the replica lag at 1 s, or with none of any kind, no rests and larger steps.
    Ours { limited: bool },
}

/// One run of a contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who.
    pub contender: Contender,
    /// The how-manieth of its runs, from 1.
    pub round: u32,
    /// When to stop, if not at the end.
    pub cap: Option<Duration>,
}

/// How long the application is alone.
const ALONE: Duration = Duration::from_mins(1);
/// A purge of the whole table takes minutes; after this the run has failed.
pub const LIMIT: Duration = Duration::from_mins(15);

impl Contender {
    /// For tables and pictures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Event => "EVENT",
            Self::Archiver { limited: true } => "pt-archiver, lag limit 1 s",
            Self::Archiver { limited: false } => "pt-archiver, no lag limit",
            Self::RowByRow => "pt-archiver, row by row",
            Self::Fixed(fixed) => fixed.name(),
            Self::Ours { limited: true } => "run-job, lag limit 1 s",
            Self::Ours { limited: false } => "run-job, no limits",
        }
    }

    /// Whether it is ours.
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Ours { .. })
    }
}

impl Turn {
    /// The contender's name, and the round of those that have several.
    pub fn name(&self) -> String {
        match self.round {
            1 => self.contender.name().to_owned(),
            round => format!("{}, round {round}", self.contender.name()),
        }
    }

    /// Deletes the rows; returns when they are gone or the time is up.
    ///
    /// # Errors
    /// Why the contender failed.
    pub async fn work(&self, stage: &Stage) -> Result<(), String> {
        match self.contender {
            Contender::Nobody => {
                tokio::time::sleep(self.cap.unwrap_or(ALONE)).await;
                Ok(())
            }
            Contender::Event => event::work(stage).await,
            Contender::Archiver { limited } => {
                archiver::work(stage, archiver::bulk(limited), self.cap).await
            }
            Contender::RowByRow => archiver::work(stage, archiver::row_by_row(), self.cap).await,
            Contender::Fixed(fixed) => fixed.work(stage, self.cap).await,
            Contender::Ours { limited } => ours::work(stage, limited, self.cap).await,
        }
    }
}

/// All runs. The two whose rates are compared take turns, since a machine's disk has its moods, and
/// so do those without a limit stand side by side. What the issue asks to be whole runs to the end:
/// the EVENT, and the first round of the two and of run-job without a limit.
pub fn order(rounds: u32, cap: Option<Duration>) -> Vec<Turn> {
    let turn = |contender, round, cap| Turn {
        contender,
        round,
        cap,
    };
    let mut turns = vec![
        turn(
            Contender::Nobody,
            1,
            Some(cap.map_or(ALONE, |cap| cap.min(ALONE))),
        ),
        turn(Contender::Event, 1, None),
    ];
    for round in 1..=rounds {
        let cap = if round == 1 { None } else { cap };
        turns.push(turn(Contender::Ours { limited: true }, round, cap));
        turns.push(turn(Contender::Archiver { limited: true }, round, cap));
    }
    turns.push(turn(Contender::RowByRow, 1, Some(cap.unwrap_or(ALONE))));
    turns.push(turn(Contender::Archiver { limited: false }, 1, cap));
    turns.extend(Fixed::ALL.map(|fixed| turn(Contender::Fixed(fixed), 1, cap)));
    turns.push(turn(Contender::Ours { limited: false }, 1, None));
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_job_and_pt_archiver_take_turns() {
        let turns = order(2, Some(Duration::from_secs(30)));
        let limited: Vec<_> = turns
            .iter()
            .filter(|it| it.name().contains("lag limit 1 s"))
            .collect();
        let told: Vec<_> = limited
            .iter()
            .map(|it| (it.contender.is_ours(), it.round))
            .collect();
        assert_eq!(told, [(true, 1), (false, 1), (true, 2), (false, 2)]);
        let whole: Vec<_> = limited.iter().map(|it| it.cap.is_none()).collect();
        assert_eq!(whole, [true, true, false, false]);
    }

    #[test]
    fn no_two_runs_have_the_same_name() {
        let turns = order(3, None);
        let mut names: Vec<_> = turns.iter().map(Turn::name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), turns.len());
    }
}
