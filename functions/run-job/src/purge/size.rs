//! How long a stretch the next step takes, how many rows it may take away, and how long to rest.

use std::time::Duration;

use jobs::policy::Chunk;

/// Where few of a stretch's rows go, a stretch may be so many times longer than what a step may take
/// away.
const STRETCH: u64 = 20;

/// Of the room that the last step's share of old rows leaves, so much is used: the next may have more.
const CAUTION: (u64, u64) = (4, 5);

/// The length of the next stretch, in entries of the index: from 1 to 20 times `chunk.most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size(u32);

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Did {
    /// Rows and children that it took away.
    pub gone: u64,
    /// How long it took, the boundary included.
    pub took: Duration,
}

impl Size {
    /// The first, or the one at which the run stopped the last time (0 where it is new).
    pub const fn begin(chunk: &Chunk, place: u32) -> Self {
        let rows = if place == 0 { chunk.first } else { place };
        Self::within(chunk, rows as u64)
    }

    pub const fn rows(self) -> u32 {
        self.0
    }

    /// After a step that was done: towards the time it is to take. It grows halfway and at most to
    /// the double, so that one quick step decides nothing; it shrinks at once.
    pub fn after(self, chunk: &Chunk, did: Did) -> Self {
        let rows = u64::from(self.0);
        let took = u64::try_from(did.took.as_micros())
            .unwrap_or(u64::MAX)
            .max(1);
        let target = u64::from(chunk.target_ms).saturating_mul(1_000);
        let ideal = rows.saturating_mul(target) / took;
        let next = if ideal < rows {
            ideal
        } else {
            (rows + ideal.min(rows.saturating_mul(3))).div_ceil(2)
        };
        Self::within(chunk, next.min(room(chunk, rows, did.gone)))
    }

    /// After a stretch with more rows than a step may take away.
    pub fn narrowed(self, chunk: &Chunk) -> Self {
        Self::within(chunk, u64::from(self.0) / 2)
    }

    /// After others were in the way: we are who steps back.
    pub fn stepped_back(self, chunk: &Chunk) -> Self {
        let most = u64::from(chunk.most);
        Self::within(chunk, (u64::from(self.0) / 2).min(most))
    }

    const fn within(chunk: &Chunk, rows: u64) -> Self {
        let most = (chunk.most as u64).saturating_mul(STRETCH);
        let rows = if rows > most { most } else { rows };
        let rows = if rows > u32::MAX as u64 {
            u32::MAX as u64
        } else {
            rows
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it was held against the most"
        )]
        let rows = rows as u32;
        Self(if rows == 0 { 1 } else { rows })
    }
}

/// The longest stretch that, with the last one's share of old rows, holds no more than a step may
/// take away. One of that many entries never holds more.
fn room(chunk: &Chunk, rows: u64, gone: u64) -> u64 {
    let most = u64::from(chunk.most);
    if gone == 0 {
        return most.saturating_mul(STRETCH);
    }
    let (part, of) = CAUTION;
    let room = most.saturating_mul(rows) / gone;
    (room.saturating_mul(part) / of).max(most)
}

/// How long to rest after a step.
pub(super) fn rest(chunk: &Chunk, took: Duration) -> Duration {
    let seconds = took.as_secs_f64() * chunk.nice_ratio;
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// How long to stay away when others were in the way so many times in a row: 100 ms, the double each
/// time, at most 5 s.
pub(super) fn away(times: u32) -> Duration {
    let doubled = 100_u64.saturating_mul(1 << times.saturating_sub(1).min(10));
    Duration::from_millis(doubled.min(5_000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunk(first: u32, most: u32) -> Chunk {
        Chunk {
            target_ms: 200,
            first,
            most,
            nice_ratio: 0.5,
        }
    }

    fn did(gone: u64, millis: u64) -> Did {
        Did {
            gone,
            took: Duration::from_millis(millis),
        }
    }

    #[test]
    fn a_run_begins_small_and_goes_on_where_it_stopped() {
        assert_eq!(Size::begin(&chunk(100, 500), 0).rows(), 100);
        assert_eq!(Size::begin(&chunk(100, 500), 350).rows(), 350);
        assert_eq!(Size::begin(&chunk(100, 1), 0).rows(), 20);
    }

    #[test]
    fn it_grows_at_most_to_the_double_and_shrinks_at_once() {
        let chunk = chunk(100, 10_000);
        let size = Size::begin(&chunk, 0);
        assert_eq!(size.after(&chunk, did(100, 1)).rows(), 200);
        assert_eq!(size.after(&chunk, did(100, 160)).rows(), 113);
        assert_eq!(size.after(&chunk, did(100, 2_000)).rows(), 10);
    }

    #[test]
    fn where_few_rows_are_old_the_stretch_is_longer_than_what_a_step_takes_away() {
        let chunk = chunk(100, 500);
        let size = Size::begin(&chunk, 500);
        assert_eq!(size.after(&chunk, did(500, 10)).rows(), 500);
        assert_eq!(size.after(&chunk, did(250, 10)).rows(), 800);
        assert_eq!(size.after(&chunk, did(0, 10)).rows(), 1_000);
        let long = Size::begin(&chunk, 10_000);
        assert_eq!(long.after(&chunk, did(0, 10)).rows(), 10_000);
    }

    #[test]
    fn we_step_back_further_each_time() {
        let millis = |times| away(times).as_millis();
        assert_eq!([1, 2, 3, 9].map(millis), [100, 200, 400, 5_000]);
        let chunk = chunk(100, 500);
        assert_eq!(Size::begin(&chunk, 8_000).stepped_back(&chunk).rows(), 500);
        assert_eq!(Size::begin(&chunk, 1).stepped_back(&chunk).rows(), 1);
    }

    #[test]
    fn the_rest_is_a_multiple_of_the_step() {
        let took = Duration::from_millis(200);
        assert_eq!(rest(&chunk(1, 1), took), Duration::from_millis(100));
    }

    proptest! {
        #[test]
        fn it_is_never_nothing_and_never_beyond_its_bounds(
            first in 1_u32..100_000,
            most in 1_u32..100_000,
            steps in prop::collection::vec((0_u64..200_000, 0_u64..10_000, 0..3), 0..40),
        ) {
            let chunk = chunk(first, most);
            let mut size = Size::begin(&chunk, 0);
            for (gone, millis, what) in steps {
                size = match what {
                    0 => size.narrowed(&chunk),
                    1 => size.stepped_back(&chunk),
                    _ => size.after(&chunk, did(gone, millis)),
                };
                prop_assert!((1..=most * 20).contains(&size.rows()));
            }
        }

        #[test]
        fn it_reaches_the_time_it_is_to_take_where_each_row_costs_the_same(
            first in 1_u32..5_000,
            micros in 20_u64..20_000,
        ) {
            let chunk = chunk(first, 100_000);
            let mut size = Size::begin(&chunk, 0);
            for _ in 0..60 {
                let took = Duration::from_micros(u64::from(size.rows()) * micros);
                size = size.after(&chunk, Did { gone: u64::from(size.rows()), took });
            }
            let ideal = 200_000 / micros;
            prop_assert!(u64::from(size.rows()).abs_diff(ideal) <= 1 + ideal / 50);
        }

        #[test]
        fn a_share_of_old_rows_that_stays_the_same_is_never_too_many(
            most in 1_u64..2_000,
            percent in 1_u64..=100,
        ) {
            let chunk = chunk(1, u32::try_from(most).unwrap());
            let mut size = Size::begin(&chunk, 0);
            for _ in 0..40 {
                let gone = u64::from(size.rows()) * percent / 100;
                prop_assert!(gone <= most.max(1), "{gone} of {}", size.rows());
                size = size.after(&chunk, did(gone, 1));
            }
        }

        #[test]
        fn narrowing_comes_to_one_row(rows in 1_u32..100_000) {
            let chunk = chunk(rows, 100_000);
            let mut size = Size::begin(&chunk, 0);
            for _ in 0..20 {
                size = size.narrowed(&chunk);
            }
            prop_assert_eq!(size.rows(), 1);
        }
    }
}
