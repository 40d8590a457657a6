//! When to stop.

use std::time::Duration;

use aurora_sql::Session;
use jobs::window::{Standing, open_until};
use tokio::time::Instant;

use super::Visit;

/// Kept back of the time for work, for the ledger's last word.
const KEPT_BACK: Duration = Duration::from_secs(5);

impl<D> Visit<'_, D> {
    /// When to stop working, what ends then in words, and whether that is the function's own time.
    pub(super) fn until(&self) -> (Instant, String, bool) {
        let now = Instant::now();
        let left = self.call.deadline.left();
        // The sessions end that much before the function must: a turn ends before they do.
        let kept_back = KEPT_BACK.min(left / 4).max(Session::ENDING);
        let deadline = now + left.saturating_sub(kept_back);
        let job = self.job();
        let at = self.moment();
        match open_until(&job.windows, &job.time_zone, at) {
            Standing::Open(Some(end)) => {
                let window = now + end.duration_since(at).unsigned_abs();
                let local = job.time_zone.local(end);
                let ends = format!(
                    "the window until {} ({})",
                    local.strftime("%H:%M"),
                    job.time_zone
                );
                if window < deadline {
                    return (window, ends, false);
                }
            }
            Standing::Shut(_) => return (now, "the window".to_owned(), false),
            Standing::Open(None) => {}
        }
        (deadline, "the function's time".to_owned(), true)
    }
}
