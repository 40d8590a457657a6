//! The steps that change a schedule.

use aurora_model::Outcome;
use scheduler::{Changed, Schedule, State};

use super::Hands;
use crate::database::Database;

/// What became of a schedule that was to be changed, and whether it may be changed all the same.
pub(super) struct Put {
    pub(super) outcome: Outcome,
    pub(super) unsure: bool,
}

impl<D: Database> Hands<'_, D> {
    /// Enables the job's schedule. Once it fires no more it goes as the EVENT would have gone.
    pub(super) async fn enable_schedule(&self) -> Put {
        let event = self.seen.event.as_ref();
        let goes = event.is_some_and(|event| event.passes_away && event.until.is_some());
        let as_put = |now: Schedule| if goes { now.deleted_once_over() } else { now };
        self.put(self.seen.schedule.as_ref(), State::Enabled, as_put)
            .await
    }

    /// Enables or disables a schedule, if it is still the one that was decided about.
    pub(super) async fn switch(&self, planned: Option<&Schedule>, enabled: bool) -> Outcome {
        let state = if enabled {
            State::Enabled
        } else {
            State::Disabled
        };
        self.put(planned, state, |now| now).await.outcome
    }

    async fn put(
        &self,
        planned: Option<&Schedule>,
        state: State,
        as_put: impl Fn(Schedule) -> Schedule,
    ) -> Put {
        let now = match self.still(planned).await {
            Ok(now) => as_put(now),
            Err(outcome) => return sure(outcome),
        };
        let scheduler = self.tools.scheduler;
        match scheduler.set_state(&now, state, self.call.now).await {
            Ok(Changed::Done) => sure(Outcome::Done),
            Ok(Changed::AlreadyThere) => sure(Outcome::AlreadyDone),
            Err(error) => Put {
                outcome: failed(error.to_string(), error.retryable()),
                unsure: error.unsure(),
            },
        }
    }

    /// Disables the job's schedule whatever a look at it says: it may be enabled, and a look may show
    /// how it was before.
    pub(super) async fn disable_for_sure(&self) -> Outcome {
        let now = match self.still(self.seen.schedule.as_ref()).await {
            Ok(now) => now,
            Err(outcome) => return outcome,
        };
        let scheduler = self.tools.scheduler;
        match scheduler.put(&now, State::Disabled, self.call.now).await {
            Ok(()) if now.state == State::Enabled => Outcome::Done,
            Ok(()) => Outcome::AlreadyDone,
            Err(error) => failed(error.to_string(), error.retryable()),
        }
    }

    /// The schedule as it is now, if it starts what it started.
    async fn still(&self, planned: Option<&Schedule>) -> Result<Schedule, Outcome> {
        let planned = planned.ok_or_else(|| failed("there is no schedule", false))?;
        let now = match self.tools.scheduler.schedule(&planned.name).await {
            Ok(now) => now.ok_or_else(|| failed("the schedule is not there any more", false))?,
            Err(error) => return Err(failed(error.to_string(), error.retryable())),
        };
        if (&now.target, &now.input) == (&planned.target, &planned.input) {
            return Ok(now);
        }
        let detail = "somebody has changed what the schedule starts: look at it and call again";
        Err(failed(detail, false))
    }
}

const fn sure(outcome: Outcome) -> Put {
    Put {
        outcome,
        unsure: false,
    }
}

fn failed(detail: impl Into<String>, retry: bool) -> Outcome {
    let detail = detail.into();
    Outcome::Failed { detail, retry }
}
