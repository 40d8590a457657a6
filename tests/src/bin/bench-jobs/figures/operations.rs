//! What the application felt.

use std::ops::Range;

use super::whole;
use crate::foreground::{Kind, Operation, RATE};

/// What the application felt, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Felt {
    /// Operations that were begun.
    pub operations: u64,
    /// Half of them took no longer.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// The longest update of a row that goes.
    pub old_max: f64,
    /// Error 1205: waited for a lock until the time was up.
    pub lock_waits: u64,
    /// Error 1213: a deadlock, and this one was rolled back.
    pub deadlocks: u64,
    /// Other errors.
    pub other_errors: u64,
    /// Operations that were due, and for which no session was free.
    pub not_begun: u64,
}

impl Felt {
    /// Of the operations that were due in this time.
    pub fn of(operations: &[Operation], span: Range<f64>) -> Self {
        let due: Vec<&Operation> = operations
            .iter()
            .filter(|it| span.contains(&it.due))
            .collect();
        let times = |wanted: &dyn Fn(&Operation) -> bool| {
            let mut times: Vec<f64> = due.iter().filter(|it| wanted(it)).map(|it| it.ms).collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let errors = |wanted: &dyn Fn(u16) -> bool| {
            count(due.iter().filter(|it| it.error.is_some_and(wanted)).count())
        };
        let (all, old) = (times(&|_| true), times(&|it| it.kind == Kind::UpdateOld));
        Self {
            operations: count(due.len()),
            p50: percentile(&all, 50),
            p99: percentile(&all, 99),
            max: percentile(&all, 100),
            old_max: percentile(&old, 100),
            lock_waits: errors(&|code| code == 1205),
            deadlocks: errors(&|code| code == 1213),
            other_errors: errors(&|code| code != 1205 && code != 1213),
            not_begun: not_begun(&due, &span),
        }
    }

    /// All errors.
    pub const fn errors(&self) -> u64 {
        self.lock_waits + self.deadlocks + self.other_errors
    }
}

fn not_begun(due: &[&Operation], span: &Range<f64>) -> u64 {
    let missing = |kind: Kind| {
        let begun = due.iter().filter(|it| it.kind == kind).count();
        // The span's ends lie between two beats.
        let beats = ((span.end - span.start) * RATE - 1.0).max(0.0);
        (beats - whole(count(begun))).max(0.0)
    };
    let missing: f64 = Kind::ALL.map(missing).iter().sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    let missing = missing as u64;
    missing
}

/// The value that `percent` of 100 do not exceed, of values in order, by the nearest rank.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The 99th percentile over time, each over `width` seconds.
pub fn p99s(operations: &[Operation], until: f64, width: f64) -> Vec<(f64, f64)> {
    let mut points = vec![];
    let mut from = 0.0;
    while from + width <= until {
        let felt = Felt::of(operations, from..from + width);
        if felt.operations > 0 {
            points.push((from + width / 2.0, felt.p99));
        }
        from += width;
    }
    points
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these are exact")]
mod tests {
    use super::*;

    fn operation(kind: Kind, due: f64, ms: f64, error: Option<u16>) -> Operation {
        Operation {
            kind,
            due,
            ms,
            error,
        }
    }

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        let of = |percent| percentile(&hundred, percent).to_string();
        assert_eq!([of(50), of(99), of(100)], ["50", "99", "100"]);
        assert_eq!(percentile(&[7.0], 99).to_string(), "7");
        assert_eq!(percentile(&[], 99).to_string(), "0");
    }

    #[test]
    fn only_what_was_due_while_the_contender_worked_counts() {
        let all = [
            operation(Kind::Read, 0.5, 900.0, None),
            operation(Kind::Read, 1.5, 10.0, None),
            operation(Kind::UpdateOld, 1.6, 40.0, Some(1205)),
            operation(Kind::UpdateNew, 1.7, 50.0, Some(1213)),
            operation(Kind::Insert, 1.8, 20.0, Some(1290)),
            operation(Kind::Read, 2.0, 900.0, None),
        ];
        let felt = Felt::of(&all, 1.0..2.0);
        assert_eq!((felt.operations, felt.errors()), (4, 3));
        assert_eq!(
            (felt.lock_waits, felt.deadlocks, felt.other_errors),
            (1, 1, 1)
        );
        assert_eq!([felt.p50, felt.max, felt.old_max], [20.0, 50.0, 40.0]);
    }

    #[test]
    fn operations_that_found_no_session_are_told() {
        // Fifteen a second of each kind are due, and of reads there are none.
        let busy =
            |kind| (0..30).map(move |beat| operation(kind, f64::from(beat) / 15.0, 1.0, None));
        let all: Vec<_> = Kind::ALL[1..].iter().flat_map(|kind| busy(*kind)).collect();
        assert_eq!(Felt::of(&all, 0.0..2.0).not_begun, 29);
    }

    #[test]
    fn each_point_over_time_is_of_its_own_operations() {
        let all = [
            operation(Kind::Read, 0.5, 3.0, None),
            operation(Kind::Read, 1.5, 8.0, None),
            operation(Kind::Read, 3.5, 9.0, None),
        ];
        assert_eq!(p99s(&all, 4.0, 2.0), [(1.0, 8.0), (3.0, 9.0)]);
    }
}
