//! The steps that change a schedule.

use aurora_model::Outcome;
use scheduler::{Changed, Schedule, State};

use super::Hands;
use crate::database::Database;

impl<D: Database> Hands<'_, D> {
    /// Enables the job's schedule. Once it fires no more it goes as the EVENT would have gone.
    pub(super) async fn enable_schedule(&self) -> Outcome {
        let event = self.seen.event.as_ref();
        let goes = event.is_some_and(|event| event.passes_away && event.until.is_some());
        let as_put = |now: Schedule| if goes { now.deleted_once_over() } else { now };
        self.put(self.seen.schedule.as_ref(), true, as_put).await
    }

    /// Enables or disables a schedule, if it is still the one that was decided about.
    pub(super) async fn switch(&self, planned: Option<&Schedule>, enabled: bool) -> Outcome {
        self.put(planned, enabled, |now| now).await
    }

    async fn put(
        &self,
        planned: Option<&Schedule>,
        enabled: bool,
        as_put: impl Fn(Schedule) -> Schedule,
    ) -> Outcome {
        let Some(planned) = planned else {
            return failed("there is no schedule", false);
        };
        let state = if enabled {
            State::Enabled
        } else {
            State::Disabled
        };
        let scheduler = self.tools.scheduler;
        let now = match scheduler.schedule(&planned.name).await {
            Ok(Some(now)) => now,
            Ok(None) => return failed("the schedule is not there any more", false),
            Err(error) => return failed(error.to_string(), error.retryable()),
        };
        if (&now.target, &now.input) != (&planned.target, &planned.input) {
            let detail = "somebody has changed what the schedule starts: look at it and call again";
            return failed(detail, false);
        }
        match scheduler
            .set_state(&as_put(now), state, self.call.now)
            .await
        {
            Ok(Changed::Done) => Outcome::Done,
            Ok(Changed::AlreadyThere) => Outcome::AlreadyDone,
            Err(error) => failed(error.to_string(), error.retryable()),
        }
    }
}

fn failed(detail: impl Into<String>, retry: bool) -> Outcome {
    let detail = detail.into();
    Outcome::Failed { detail, retry }
}
