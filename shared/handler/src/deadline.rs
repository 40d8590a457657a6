//! The time a run has left, passed down as a value.

use std::{future::Future, time::Duration};

use tokio::time::Instant;

/// Kept back at the end of every run for the report, the log line and the mail.
const MARGIN: Duration = Duration::from_secs(8);
/// Lambda's longest time-out, for runtimes that give none.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Duration = Duration::from_mins(15);

/// Kept back of the margin, so that the runtime gets the answer while Lambda still listens.
const LAST: Duration = Duration::from_millis(500);

/// The moment by which a run must have stopped acting: Lambda's deadline less a margin in which
/// it reports itself.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    acting: Instant,
    reporting: Instant,
}

/// The deadline came before the work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the function's time was up before it was answered; AWS throttled every try or was not reached"
)]
pub struct DeadlineExceeded;

impl Deadline {
    /// The deadline of an invocation that Lambda ends in `left` from now. A quarter of a short
    /// time is kept back instead of the whole margin.
    #[must_use]
    pub fn in_(left: Duration) -> Self {
        let now = Instant::now();
        Self {
            acting: now + left.saturating_sub(MARGIN.min(left / 4)),
            reporting: now + left.saturating_sub(LAST.min(left / 8)),
        }
    }

    /// The deadline of an invocation that began at `now` and ends at `end`, both in
    /// milliseconds since 1970. Some local runtimes pass a moment in 1970; for them it is
    /// Lambda's longest time-out.
    #[must_use]
    pub fn of_lambda(now_ms: u64, end_ms: u64) -> Self {
        const YEAR_MS: u64 = 366 * 86_400_000;
        let left = if end_ms < YEAR_MS {
            LONGEST
        } else {
            Duration::from_millis(end_ms.saturating_sub(now_ms))
        };
        Self::in_(left.min(LONGEST))
    }

    /// How long there still is.
    #[must_use]
    pub fn left(self) -> Duration {
        self.acting.saturating_duration_since(Instant::now())
    }

    /// Whether something that may take `needed` still fits.
    #[must_use]
    pub fn has(self, needed: Duration) -> bool {
        self.left() > needed
    }

    /// What `work` gives, if it does so in time. Work that is cut off may have had its effect.
    ///
    /// # Errors
    /// When the deadline comes first.
    pub async fn within<T>(self, work: impl Future<Output = T>) -> Result<T, DeadlineExceeded> {
        tokio::time::timeout_at(self.acting, work)
            .await
            .map_err(|_| DeadlineExceeded)
    }

    /// The same for the report itself, which has the margin to be sent in.
    pub(crate) async fn within_margin<T>(
        self,
        work: impl Future<Output = T>,
    ) -> Result<T, DeadlineExceeded> {
        tokio::time::timeout_at(self.reporting, work)
            .await
            .map_err(|_| DeadlineExceeded)
    }
}

#[cfg(test)]
mod tests;
