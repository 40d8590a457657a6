//! When to look, and when to hold back before a limit is reached.
//!
//! A replica that applies more slowly than the job deletes goes on falling behind after the job has
//! stopped: what was sent in one second may take it two. So the job is braked from a third of the
//! soft limit on, which keeps a replica that is up to three times as slow within it.

use std::time::Duration;

/// From here on, as a part of the soft limit, the lag is looked at before each step.
const NEAR: f64 = 0.1;
/// From here on, as a part of the soft limit, the job is braked.
const BRAKE: f64 = 1.0 / 3.0;
/// How long the first wait is.
const FIRST: Duration = Duration::from_millis(50);
/// How often a braked job looks.
pub(super) const TOUCH: Duration = Duration::from_millis(25);

/// How long to wait for what is above its limit: short at first, then longer, and never longer than
/// between two looks of a job that goes on.
pub(super) fn again(waits: u32, every: Duration) -> Duration {
    let longer = FIRST.saturating_mul(1 << waits.min(16));
    longer.min(every)
}

/// How long the readings hold for a job that goes on, with the lag as a part of its limit.
pub(super) fn hold(lag: Option<f64>, every: Duration) -> Duration {
    if lag.is_some_and(|lag| lag > NEAR) {
        Duration::ZERO
    } else {
        every
    }
}

/// Whether a job that goes on is braked, with the lag as a part of its limit.
pub(super) fn brakes(lag: Option<f64>) -> bool {
    lag.is_some_and(|lag| lag > BRAKE)
}

#[cfg(test)]
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
    fn a_job_is_looked_after_more_closely_the_nearer_the_lag_comes_to_its_limit() {
        let told = [
            None,
            Some(0.0),
            Some(0.1),
            Some(0.11),
            Some(0.34),
            Some(2.0),
        ]
        .map(|lag| (hold(lag, EVERY) == EVERY, brakes(lag)));
        let (far, near, braked) = ((true, false), (false, false), (false, true));
        assert_eq!(told, [far, far, far, near, braked, braked]);
    }
}
