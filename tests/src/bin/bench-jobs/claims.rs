//! What is claimed of run-job, and whether this run bears it out.

use std::fmt;

use crate::{
    contender::{Contender, Fixed},
    figures::{Figures, median, rate_within},
    output::Results,
    run::Run,
};

/// How many times as many rows as pt-archiver at the same limit.
const FASTER: f64 = 1.3;
/// The limit of the replica lag, in seconds.
const LIMIT: f64 = 1.0;
/// The lag behind an EVENT's single DELETE against the time that took: how long both are depends on
/// the machine, this does not.
const EVENT_LAG: f64 = 0.8;
/// The last tenth against the first.
const TENTHS: f64 = 0.8;

const OURS: Contender = Contender::Ours { limited: true };
const THEIRS: Contender = Contender::Archiver { limited: true };

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed, with what was measured.
    pub text: String,
    /// Whether it holds.
    pub verdict: Verdict,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Pass,
    /// It does not, or a run that it needs failed.
    Fail,
    /// A run that it needs was not asked for.
    Open,
}

impl Verdict {
    /// Whether the program may end well.
    pub const fn is_fine(self) -> bool {
        matches!(self, Self::Pass | Self::Open)
    }

    const fn of(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Fail }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "FAIL",
            Self::Open => "not judged",
        })
    }
}

/// All claims, in the order of the issue.
pub fn judge(results: &Results) -> Vec<Claim> {
    let judges = [
        faster, gentle, no_errors, lag, event_lag, history, steady, fastest,
    ];
    judges
        .iter()
        .map(|judge| judge(results).unwrap_or_else(Missing::claim))
        .collect()
}

/// A claim that lacks a run.
struct Missing {
    claim: &'static str,
    contender: Contender,
    failed: bool,
}

impl Missing {
    fn claim(self) -> Claim {
        let (why, verdict) = if self.failed {
            ("failed", Verdict::Fail)
        } else {
            ("did not run", Verdict::Open)
        };
        let text = format!("{}: {} {why}", self.claim, self.contender.name());
        Claim { text, verdict }
    }
}

/// The rounds of a contender; all must have gone well.
fn rounds<'a>(
    results: &'a Results,
    claim: &'static str,
    contender: Contender,
) -> Result<Vec<(&'a Run, &'a Figures)>, Missing> {
    let rounds: Vec<_> = results.of(contender).collect();
    let failed = rounds.iter().any(|(run, _)| run.failed.is_some());
    if failed || rounds.is_empty() {
        return Err(Missing {
            claim,
            contender,
            failed,
        });
    }
    Ok(rounds)
}

fn middle(rounds: &[(&Run, &Figures)], of: impl Fn(&Figures) -> f64) -> f64 {
    median(rounds.iter().map(|(_, figures)| of(figures)))
}

fn claim(claim: &str, measured: &str, holds: bool) -> Claim {
    Claim {
        text: format!("{claim}: {measured}"),
        verdict: Verdict::of(holds),
    }
}

fn faster(results: &Results) -> Result<Claim, Missing> {
    let name = "at the lag limit of 1 s at least 1.3 times as many rows per second as pt-archiver";
    let (ours, theirs) = (rounds(results, name, OURS)?, rounds(results, name, THEIRS)?);
    let ratio = middle(&ours, |it| it.rate) / middle(&theirs, |it| it.rate);
    Ok(claim(name, &format!("{ratio:.2} times"), ratio >= FASTER))
}

fn gentle(results: &Results) -> Result<Claim, Missing> {
    let name = "the application's p99 no worse than under pt-archiver at the same limit";
    let (ours, theirs) = (rounds(results, name, OURS)?, rounds(results, name, THEIRS)?);
    let (ours, theirs) = (
        middle(&ours, |it| it.felt.p99),
        middle(&theirs, |it| it.felt.p99),
    );
    Ok(claim(
        name,
        &format!("{ours:.1} ms and {theirs:.1} ms"),
        ours <= theirs,
    ))
}

fn no_errors(results: &Results) -> Result<Claim, Missing> {
    let name = "no error in the application (1205, 1213 or any other)";
    let mut all = rounds(results, name, OURS)?;
    // Where it was asked for.
    all.extend(results.of(Contender::Ours { limited: false }));
    let errors: u64 = all.iter().map(|(_, it)| it.felt.errors()).sum();
    let operations: u64 = all.iter().map(|(_, it)| it.felt.operations).sum();
    Ok(claim(
        name,
        &format!("{errors} in {operations} operations"),
        errors == 0,
    ))
}

/// What the looks at the servers add is told, and not held against the job.
fn lag(results: &Results) -> Result<Claim, Missing> {
    let name = "replica lag within the limit of 1 s";
    let ours = rounds(results, name, OURS)?
        .into_iter()
        .map(|(_, figures)| figures.lag);
    let worst = crate::figures::Behind::worst(ours);
    let measured = format!(
        "{:.2} s at the most, measured to within {:.2} s",
        worst.least,
        worst.most - worst.least
    );
    Ok(claim(name, &measured, worst.least <= LIMIT))
}

fn event_lag(results: &Results) -> Result<Claim, Missing> {
    let name = "where behind the EVENT's DELETE it grows about as long as that takes";
    let events = rounds(results, name, Contender::Event)?;
    let behind = middle(&events, |it| it.lag.least);
    let took = middle(&events, |it| it.seconds);
    let measured = format!("{behind:.0} s behind {took:.0} s");
    Ok(claim(name, &measured, behind >= EVENT_LAG * took))
}

fn history(results: &Results) -> Result<Claim, Missing> {
    let name = "the history list stays flat";
    let ours = rounds(results, name, OURS)?;
    let longest = ours
        .iter()
        .map(|(_, it)| it.history)
        .max()
        .unwrap_or_default();
    let measured = format!("{longest} at the longest");
    Ok(claim(name, &measured, ours.iter().all(|(_, it)| it.flat)))
}

/// Of the rounds that ran to the end.
fn steady(results: &Results) -> Result<Claim, Missing> {
    let name = "the last tenth of the rows at least 80 % as fast as the first";
    let mut whole = rounds(results, name, OURS)?;
    whole.retain(|(run, _)| run.turn.cap.is_none());
    let share = middle(&whole, |it| it.tenths.unwrap_or_default());
    Ok(claim(
        name,
        &format!("{:.0} %", share * 100.0),
        share >= TENTHS,
    ))
}

/// A static variant that leaves its replica behind has the machine for itself meanwhile: judged is
/// when the rows are gone from both. What the writer alone comes to is told as well, over the time of
/// the static one, which may have been stopped.
fn fastest(results: &Results) -> Result<Claim, Missing> {
    let name = "with no limits at least as fast as the fastest static variant, until the rows are gone \
                from the replica as well";
    let free = Contender::Ours { limited: false };
    let (ours, ours_whole) = rounds(results, name, free)?[0];
    let mut whole = Least::new();
    let mut writer = Least::new();
    for fixed in Fixed::ALL {
        let (run, figures) = rounds(results, name, Contender::Fixed(fixed))?[0];
        let states = &ours.seen.states;
        let on_writer = rate_within(states, ours.began, ours.ended, run.ended - run.began);
        writer.see(on_writer / figures.rate, fixed);
        // One that never catches up is slower than any.
        let through = figures.through.map_or(f64::INFINITY, |theirs| {
            ours_whole.through.unwrap_or_default() / theirs
        });
        whole.see(through, fixed);
    }
    let measured = format!("{whole} ({writer} until they are gone from the writer)");
    Ok(claim(name, &measured, whole.ratio >= 1.0))
}

/// The least of some ratios, and which one has it.
struct Least {
    ratio: f64,
    fixed: Fixed,
}

impl Least {
    const fn new() -> Self {
        let fixed = Fixed::ALL[0];
        let ratio = f64::INFINITY;
        Self { ratio, fixed }
    }

    fn see(&mut self, ratio: f64, fixed: Fixed) {
        if ratio < self.ratio {
            *self = Self { ratio, fixed };
        }
    }
}

impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.2} times as fast as {}",
            self.ratio,
            self.fixed.name()
        )
    }
}

#[cfg(test)]
mod tests;
