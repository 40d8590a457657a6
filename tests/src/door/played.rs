//! What a case came to, and many of them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::application::Tally;
use super::case::{Case, Moment};
use super::strategy::Strategy;

/// What a case came to.
#[derive(Clone, Debug)]
pub struct Played {
    /// The case.
    pub case: Case,
    /// Whether its moment came. A rotation after a disturbed one may send a little less than the
    /// one that was counted.
    pub died: bool,
    /// In which step it was, and at which API call, if it was at one.
    pub during: String,
    /// The function's API calls.
    pub calls: usize,
    /// Why the rotation did not succeed in the end, and how the accounts stood.
    pub stuck: Option<String>,
    /// Doors that `AWSCURRENT` did not open in the end.
    pub shut: Vec<String>,
    /// Secrets in what the function said: where, never what.
    pub leaks: Vec<String>,
    /// What the application has seen.
    pub tally: Tally,
    /// How long it took.
    pub took: Duration,
}

impl Played {
    /// What should not have been, in words.
    #[must_use]
    pub fn faults(&self, strategy: Strategy) -> Vec<String> {
        let mut faults = vec![];
        if let Some(stuck) = &self.stuck {
            faults.push(format!("does not succeed: {stuck}"));
        }
        faults.extend(
            self.shut
                .iter()
                .map(|shut| format!("AWSCURRENT is shut out in the end: {shut}")),
        );
        faults.extend(
            self.leaks
                .iter()
                .map(|leak| format!("a secret in the open: {leak}")),
        );
        faults.extend(
            self.tally
                .others
                .iter()
                .map(|other| format!("a login failed: {other}")),
        );
        if strategy.never_refuses() && !self.tally.refused.is_empty() {
            faults.push(self.refusals());
        }
        if self.tally.logins() == 0 {
            faults.push("the application has not logged in once".into());
        }
        faults
    }

    fn refusals(&self) -> String {
        let mut versions: Vec<_> = self
            .tally
            .refused
            .iter()
            .map(|it| (&it.version, &it.username, it.door.name()))
            .collect();
        versions.sort();
        versions.dedup();
        let window = self.tally.window().unwrap_or_default().as_millis();
        format!(
            "{} of {} logins refused over {window} ms: {versions:?}",
            self.tally.refused.len(),
            self.tally.tried()
        )
    }
}

/// Many cases of one strategy.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// How many cases.
    pub cases: usize,
    /// Those in which the function should have died and did not.
    pub missed: usize,
    /// Logins that were tried.
    pub tried: usize,
    /// Those of them that were refused.
    pub refused: usize,
    /// Of each case with refused logins, the time from the first to the last, sorted.
    pub windows: Vec<Duration>,
    /// How often the function died in which step, and at which API call if it was at one.
    pub deaths: BTreeMap<String, usize>,
    /// Of each [`Case::kind`]: cases, logins tried, logins refused.
    pub kinds: BTreeMap<&'static str, [usize; 3]>,
    /// What should not have been, each with its case.
    pub faults: Vec<String>,
    /// How long all took.
    pub took: Duration,
}

impl Totals {
    /// Adds a case.
    pub fn add(&mut self, strategy: Strategy, played: &Played) {
        self.cases += 1;
        self.missed += usize::from(played.case.moment != Moment::Never && !played.died);
        if played.died {
            *self.deaths.entry(played.during.clone()).or_default() += 1;
        }
        self.tried += played.tally.tried();
        self.refused += played.tally.refused.len();
        let kind = self.kinds.entry(played.case.kind()).or_default();
        kind[0] += 1;
        kind[1] += played.tally.tried();
        kind[2] += played.tally.refused.len();
        self.windows.extend(played.tally.window());
        self.windows.sort();
        let faults = played.faults(strategy).into_iter();
        self.faults.extend(
            faults.map(|fault| format!("{strategy}, {} ({}): {fault}", played.case, played.during)),
        );
        self.took += played.took;
    }

    /// The longest and the median window.
    #[must_use]
    pub fn window(&self) -> Option<(Duration, Duration)> {
        let longest = self.windows.last()?;
        Some((*longest, self.windows[self.windows.len() / 2]))
    }
}
