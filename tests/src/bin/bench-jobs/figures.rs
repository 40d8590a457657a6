//! From what was seen of a run to its figures. All pure.

mod deleted;
mod lag;
mod operations;

pub use self::{
    deleted::{rate_within, rates, tenths},
    lag::{Behind, lags},
    operations::{Felt, p99s},
};
use crate::run::Run;

/// A history list is short while it has fewer transactions than this: those that ended
/// within the last second or two.
const SHORT: u64 = 1_000;
/// A history list grows if it is longer than this in a run's second half than in its first.
const GROWTH: f64 = 1.5;

/// The figures of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Rows that the contender deleted.
    pub rows: u64,
    /// How long it worked, in seconds.
    pub seconds: f64,
    /// Rows per second.
    pub rate: f64,
    /// Rows per second until the replica was rid of them as well, if it came to that.
    pub through: Option<f64>,
    /// How the application felt while it worked.
    pub felt: Felt,
    /// How far the replica was behind at the worst, from the contender's start to the catching up.
    pub lag: Behind,
    /// Seconds from the contender's end until the replica had everything, if it came to that.
    pub catch_up: Option<f64>,
    /// The longest the history list was.
    pub history: u64,
    /// Whether the history list did not grow over the run.
    pub flat: bool,
    /// How fast the last tenth of the rows went, against the first tenth.
    pub tenths: Option<f64>,
}

impl Figures {
    /// The figures of a run.
    pub fn of(run: &Run) -> Self {
        let (states, span) = (&run.seen.states, run.began..run.ended);
        let rows = deleted::rows(states, run.began);
        let seconds = run.ended - run.began;
        let until = run.caught_up.unwrap_or(f64::INFINITY);
        let behind = lags(&run.seen.writer, &run.seen.replica).into_iter();
        let behind = behind.filter(|it| it.at >= run.began && it.at <= until);
        let history: Vec<u64> = states
            .iter()
            .filter(|state| span.contains(&state.at))
            .map(|state| state.history)
            .collect();
        Self {
            rows,
            seconds,
            rate: whole(rows) / seconds,
            through: run.caught_up.map(|at| whole(rows) / (at - run.began)),
            felt: Felt::of(&run.operations, span.clone()),
            lag: Behind::worst(behind),
            catch_up: run.caught_up.map(|at| at - run.ended),
            history: history.iter().copied().max().unwrap_or_default(),
            flat: is_flat(&history),
            tenths: tenths(states, run.began),
        }
    }
}

/// Whether a history list is no longer in the second half than in the first, or short all the time.
fn is_flat(history: &[u64]) -> bool {
    let (first, second) = history.split_at(history.len() / 2);
    let middle = |half: &[u64]| median(half.iter().map(|&it| whole(it)));
    middle(second) <= (GROWTH * middle(first)).max(whole(SHORT))
}

/// The middle value, or the mean of the two in the middle; 0 of nothing.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (Some(lower), Some(upper)) = (
        values.get(values.len().saturating_sub(1) / 2),
        values.get(values.len() / 2),
    ) else {
        return 0.0;
    };
    f64::midpoint(*lower, *upper)
}

/// A count as a number to reckon with: none here comes near 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^53")]
pub const fn whole(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()).to_string(), "2");
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()).to_string(), "2.5");
        assert_eq!(median(std::iter::empty()).to_string(), "0");
    }

    #[test]
    fn a_history_list_that_grows_is_not_flat() {
        assert!(is_flat(&[]));
        assert!(is_flat(&[0, 10, 999, 500]), "short");
        assert!(is_flat(&[5_000, 5_000, 6_000, 7_000]), "hardly longer");
        assert!(!is_flat(&[1_000, 2_000, 3_000, 4_000]));
    }
}
