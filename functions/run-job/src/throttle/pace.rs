//! When to look, and when to hold back before a limit is reached.
//!
//! A replica that applies more slowly than the job deletes goes on falling behind after the job has
//! stopped: what was sent within one second may take it two. So the job is held back before the lag is
//! at its limit: when it is heading there, and from a third of it on in any case.

use std::time::Duration;

/// From here on, as a part of the soft limit, the job is held back.
const NEAR: f64 = 1.0 / 3.0;
/// The least speed that a replica is believed to have, as a part of the speed that would keep up with
/// the writer: what seems to be slower is within what two looks can tell.
const SLOWEST: f64 = 0.1;
/// How often the lag is looked at: it changes faster than all else, and is asked of the replicas.
pub(super) const CLOSELY: Duration = Duration::from_millis(50);
/// How many times as long as between two looks a job is held back at most for a limit that is near but
/// not reached: where others keep the lag there, it goes on, slowly.
const LONGEST: u32 = 8;

/// How long to wait for what is above its limit: short at first, then longer, and never longer than
/// between two looks of a job that goes on.
pub(super) fn again(waits: u32, every: Duration) -> Duration {
    let longer = CLOSELY.saturating_mul(1 << waits.min(16));
    longer.min(every)
}

/// What the lag will come to once all that has been sent is applied, in milliseconds: it was `before`,
/// and is `lag` this much later. While the job writes without a pause, the lag grows by what the
/// replica does not get done.
pub(super) fn heading(before: f64, lag: f64, later: Duration) -> f64 {
    let later = later.as_secs_f64() * 1_000.0;
    if later <= 0.0 {
        return lag;
    }
    let speed = 1.0 - (lag - before) / later;
    lag / speed.clamp(SLOWEST, 1.0)
}

/// Whether a job is held back although the lag is within its soft limit.
pub(super) fn holds_back(lag: f64, heading: f64, soft: f64) -> bool {
    lag > NEAR * soft || heading > soft
}

/// For how long at most.
pub(super) fn longest(every: Duration) -> Duration {
    every.saturating_mul(LONGEST)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these are exact")]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(500);

    #[test]
    fn waits_grow_up_to_the_time_between_two_looks() {
        let waits = [0, 1, 2, 3, 4, 40, u32::MAX].map(|waits| again(waits, EVERY).as_millis());
        assert_eq!(waits, [50, 100, 200, 400, 500, 500, 500]);
        let small = Duration::from_millis(20);
        assert_eq!(again(0, small), small);
    }

    #[test]
    fn a_lag_that_grows_is_heading_for_more_the_slower_the_replica_is() {
        let in_100_ms = |before, lag| heading(before, lag, Duration::from_millis(100)).round();
        // It gets half of what is sent done, a quarter, nothing.
        assert_eq!(in_100_ms(100.0, 150.0), 300.0);
        assert_eq!(in_100_ms(100.0, 175.0), 700.0);
        assert_eq!(in_100_ms(100.0, 200.0), 2_000.0);
        // It keeps up, or catches up.
        assert_eq!(in_100_ms(100.0, 100.0), 100.0);
        assert_eq!(in_100_ms(100.0, 20.0), 20.0);
        assert_eq!(heading(100.0, 200.0, Duration::ZERO), 200.0);
    }

    #[test]
    fn a_job_is_held_back_before_the_lag_is_at_its_limit() {
        assert!(!holds_back(300.0, 900.0, 1_000.0));
        assert!(holds_back(340.0, 340.0, 1_000.0));
        assert!(holds_back(150.0, 1_100.0, 1_000.0));
        assert!(!holds_back(0.0, 0.0, 0.0));
    }
}
