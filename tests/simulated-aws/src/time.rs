//! Simulated time: tokio's paused clock, seen as a moment of the calendar.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_smithy_async::time::TimeSource;
use jiff::Timestamp;
use tokio::time::Instant;

/// The time of a runtime whose clock is paused: it stands still while anything can go on, and
/// leaps to the next timer when nothing can.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedTime {
    began: Timestamp,
    epoch: Instant,
}

impl SimulatedTime {
    /// Time that begins at `began`, now.
    #[must_use]
    pub fn from(began: Timestamp) -> Self {
        Self {
            began,
            epoch: Instant::now(),
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.began + Instant::now().duration_since(self.epoch)
    }

    /// The runtime's instant at `time`; the beginning for times before it.
    #[must_use]
    pub fn instant(&self, time: Timestamp) -> Instant {
        let since = time.duration_since(self.began);
        self.epoch + Duration::try_from(since).unwrap_or_default()
    }

    /// The same for the SDK.
    #[must_use]
    pub fn source(&self) -> Arc<dyn TimeSource> {
        Arc::new(*self)
    }
}

impl TimeSource for SimulatedTime {
    fn now(&self) -> SystemTime {
        SystemTime::from(Self::now(self))
    }
}
