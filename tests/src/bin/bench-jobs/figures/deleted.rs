//! How the rows went.

use super::whole;
use crate::watch::State;

/// Rows deleted since `began`.
pub fn rows(states: &[State], began: f64) -> u64 {
    let last = states.last().map_or(0, |it| it.deleted);
    last.saturating_sub(before(states, began))
}

/// What the counter said at the last look before `began`.
fn before(states: &[State], began: f64) -> u64 {
    let before = states.iter().rev().find(|it| it.at <= began);
    before.or(states.first()).map_or(0, |it| it.deleted)
}

/// Rows per second in the first `seconds` from `began`, or in the whole run if it was shorter.
pub fn rate_within(states: &[State], began: f64, ended: f64, seconds: f64) -> f64 {
    let until = (began + seconds).min(ended);
    let base = whole(before(states, began));
    (at(states, until) - base) / (until - began)
}

/// The counter at a time between two looks, in proportion.
fn at(states: &[State], time: f64) -> f64 {
    let next = states.partition_point(|it| it.at <= time);
    match (
        next.checked_sub(1).and_then(|last| states.get(last)),
        states.get(next),
    ) {
        (Some(last), Some(next)) => {
            let part = (time - last.at) / (next.at - last.at);
            whole(last.deleted) + part * whole(next.deleted - last.deleted)
        }
        (Some(only), None) | (None, Some(only)) => whole(only.deleted),
        (None, None) => 0.0,
    }
}

/// When so many rows were gone, in proportion between two looks.
fn reached(states: &[State], rows: f64) -> Option<f64> {
    let next = states.partition_point(|it| whole(it.deleted) < rows);
    let (last, next) = (states.get(next.checked_sub(1)?)?, states.get(next)?);
    let part = (rows - whole(last.deleted)) / whole(next.deleted - last.deleted);
    Some(last.at + part * (next.at - last.at))
}

/// The rate of the last tenth of the rows, as a share of that of the first; `None` where too few
/// looks were taken to tell.
pub fn tenths(states: &[State], began: f64) -> Option<f64> {
    let base = whole(before(states, began));
    let rows = whole(rows(states, began));
    let states = states.get(
        states
            .partition_point(|it| it.at <= began)
            .saturating_sub(1)..,
    )?;
    // The first row is gone when the second look sees it; the tenths are taken of what is between.
    let when = |tenth: f64| reached(states, base + rows * tenth / 10.0);
    let first = when(1.0)? - began.max(when(0.001)?);
    let last = when(10.0)? - when(9.0)?;
    (rows > 0.0 && first > 0.0 && last > 0.0).then(|| first / last)
}

/// Rows per second over time, each over `width` seconds.
pub fn rates(states: &[State], width: f64) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (states.first(), states.last()) else {
        return vec![];
    };
    let mut rates = vec![];
    let mut from = first.at;
    while from + width <= last.at {
        let rate = (at(states, from + width) - at(states, from)) / width;
        rates.push((from + width / 2.0, rate));
        from += width;
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(deleted: &[u64]) -> Vec<State> {
        let state = |(second, &deleted): (u32, &u64)| State {
            at: f64::from(second),
            deleted,
            history: 0,
        };
        (0..).zip(deleted).map(state).collect()
    }

    #[test]
    fn rows_count_from_the_contenders_start() {
        assert_eq!(rows(&states(&[7, 7, 107, 207]), 1.5), 200);
        assert_eq!(rows(&[], 1.5), 0);
    }

    #[test]
    fn an_even_purge_ends_as_fast_as_it_began() {
        let even: Vec<u64> = (0..=100).map(|it| it * 100).collect();
        let share = tenths(&states(&even), 0.0).unwrap();
        assert!((share - 1.0).abs() < 0.01, "{share}");
    }

    #[test]
    fn a_purge_that_tires_is_seen_in_its_last_tenth() {
        // 100 rows a second, and half as many for the last tenth.
        let mut tired: Vec<u64> = (0..=90).map(|it| it * 100).collect();
        tired.extend((1..=20).map(|it| 9_000 + it * 50));
        let share = tenths(&states(&tired), 0.0).unwrap();
        assert!((share - 0.5).abs() < 0.01, "{share}");
    }

    #[test]
    fn of_too_few_looks_no_tenth_is_told() {
        assert_eq!(tenths(&states(&[0, 0, 0]), 0.0), None);
        assert_eq!(tenths(&[], 0.0), None);
    }

    #[test]
    fn a_rate_is_of_its_span() {
        let states = states(&[0, 0, 100, 200, 400]);
        assert_eq!(rate_within(&states, 1.0, 4.0, 2.0).to_string(), "100");
        assert_eq!(rate_within(&states, 1.0, 3.0, 60.0).to_string(), "100");
        assert_eq!(rates(&states, 2.0), [(1.0, 50.0), (3.0, 150.0)]);
    }
}
