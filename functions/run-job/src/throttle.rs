//! The throttle: whether the cluster bears another step now.

mod decide;
mod door;
mod gate;
mod look;
mod metrics;
mod pace;
mod words;

use std::time::Duration;

pub use self::{
    decide::{Reading, What, decide},
    gate::{Gate, Scope},
    look::Replica,
    metrics::Metrics,
};

/// What the throttle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Go,
    /// Not now: a soft limit is exceeded, or something cannot be read. Look again after this time.
    Wait {
        /// Which limits, with the readings, the gravest first.
        why: String,
        /// When to look again.
        again: Duration,
    },
    /// Not in this invocation: a critical limit is exceeded.
    Stop {
        /// Which limits, with the readings, the gravest first.
        why: String,
    },
}

/// What the throttle must know of the job's own session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its connection on the writer.
    pub connection: u32,
    /// How long a commit took, as the mean of the last ones; `None` before the first.
    pub commit: Option<Duration>,
}
