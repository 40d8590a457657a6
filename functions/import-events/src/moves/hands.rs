//! The steps of a move, taken one after the other with the EVENT's lock in hand.

mod event;
mod schedule;

use std::time::Duration;

use aurora_model::{Outcome, Span};
use aurora_sql::SqlError;
use handler::Invocation;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use super::{
    Step,
    look::{Seen, on},
};
use crate::{
    Tools,
    database::{Database, Session},
    policy::Policy,
    writer::{Door, Writer},
};

/// Which way an EVENT is moved, and how long may be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To its job; for the end of an execution of the EVENT.
    Over(Span),
    /// To the database; for the end of an invocation of the job.
    Back(Span),
}

/// What is kept of the function's time to take back what cannot be gone through with.
const TAKING_BACK: Duration = Duration::from_secs(10);

/// How a step ends that does not come off.
enum Trouble {
    /// With an error of the database.
    Sql(SqlError),
    /// With this.
    Ended(Outcome),
}

impl From<SqlError> for Trouble {
    fn from(error: SqlError) -> Self {
        Self::Sql(error)
    }
}

impl Trouble {
    /// A person must look.
    fn person(detail: impl Into<String>) -> Self {
        Self::Ended(Outcome::Failed {
            detail: detail.into(),
            retry: false,
        })
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Sql(error) => Outcome::Failed {
                detail: error.to_string(),
                retry: error.retryable(),
            },
            Self::Ended(outcome) => outcome,
        }
    }
}

/// A step for which there was no time left.
fn cut_off() -> Outcome {
    Outcome::Failed {
        detail:
            "cut off when the function's time was up; whether it took effect, the next run will see"
                .into(),
        retry: true,
    }
}

/// What there is to act with, and what has been done with it.
pub(crate) struct Hands<'a, D: Database> {
    tools: &'a Tools<'a, D>,
    call: &'a Invocation<Policy>,
    door: Door<'a, D>,
    seen: Seen,
    way: Way,
    /// When the steps must be over, so that there is time to take them back.
    until: Instant,
    state: Mutex<State<D::Session>>,
}

struct State<S> {
    /// The session with the locks; none once it was lost.
    writer: Option<Writer<S>>,
    done: Vec<Step>,
    failed: bool,
    /// Whether the schedule may be enabled although that step did not come off.
    unsure: bool,
}

impl<'a, D: Database> Hands<'a, D> {
    pub(crate) fn new(
        tools: &'a Tools<'a, D>,
        call: &'a Invocation<Policy>,
        door: Door<'a, D>,
        writer: Writer<D::Session>,
        seen: Seen,
        way: Way,
    ) -> Self {
        let state = Mutex::new(State {
            writer: Some(writer),
            done: Vec::new(),
            failed: false,
            unsure: false,
        });
        let left = call.deadline.left();
        Self {
            tools,
            call,
            door,
            seen,
            way,
            until: Instant::now() + left.saturating_sub(TAKING_BACK.min(left / 4)),
            state,
        }
    }

    /// Takes a step, unless one before it did not come off.
    pub(crate) async fn take(&self, step: Step) -> Outcome {
        let mut state = self.state.lock().await;
        if state.failed {
            return Outcome::Left {
                detail: "the step before it did not come off".into(),
            };
        }
        // So that a step which is cut off counts as one that did not come off.
        state.failed = true;
        let taken = timeout_at(self.until, self.step(&mut state, step)).await;
        let outcome = taken.unwrap_or_else(|_| cut_off());
        if outcome == Outcome::Done {
            state.done.push(step);
        }
        state.failed = !matches!(outcome, Outcome::Done | Outcome::AlreadyDone);
        outcome
    }

    async fn step(&self, state: &mut State<D::Session>, step: Step) -> Outcome {
        if step == Step::EnableSchedule
            && let Way::Over(wait) = self.way
            && let Err(trouble) = self.quiet(state, wait).await
        {
            return trouble.outcome();
        }
        match step {
            Step::DisableEvent => self.alter(state, false).await,
            Step::EnableEvent => self.alter(state, true).await,
            Step::EnableSchedule => {
                // Also where the time cuts it off.
                state.unsure = true;
                let put = self.enable_schedule().await;
                state.unsure = put.unsure;
                put.outcome
            }
            Step::DisableSchedule => self.switch(self.seen.schedule.as_ref(), false).await,
            Step::EnableTick => self.switch(self.seen.tick.as_ref(), true).await,
            Step::DisableTick => self.switch(self.seen.tick.as_ref(), false).await,
        }
    }

    /// Takes back what was done where the rest did not come off and nobody would run the job: the
    /// steps with their reasons and outcomes. What was seen comes back too.
    pub(crate) async fn undo(self) -> (Vec<(Step, String, Outcome)>, Seen) {
        let mut state = self.state.lock().await;
        let steps = self.steps_back(&state);
        let undone = self.take_back(&mut state, steps).await;
        if let Some(writer) = state.writer.take() {
            writer.session.close().await;
        }
        drop(state);
        (undone, self.seen)
    }

    /// A schedule that may be enabled is disabled before the EVENT has its place again.
    fn steps_back(&self, state: &State<D::Session>) -> Vec<Step> {
        if !state.failed {
            return Vec::new();
        }
        let mut steps = self.back(&state.done);
        if state.unsure && !steps.is_empty() {
            steps.insert(0, Step::DisableSchedule);
        }
        steps
    }

    async fn take_back(
        &self,
        state: &mut State<D::Session>,
        steps: Vec<Step>,
    ) -> Vec<(Step, String, Outcome)> {
        let (mut undone, deadline) = (Vec::new(), self.call.deadline);
        if steps.is_empty() || deadline.within(self.nobody_runs_it(state)).await != Ok(true) {
            return undone;
        }
        for step in steps {
            let back = deadline.within(self.step_back(state, step)).await;
            let outcome = back.unwrap_or_else(|_| cut_off());
            let came_off = matches!(outcome, Outcome::Done | Outcome::AlreadyDone);
            undone.push((step, self.reason_back(step), outcome));
            if !came_off {
                break;
            }
        }
        undone
    }

    async fn step_back(&self, state: &mut State<D::Session>, step: Step) -> Outcome {
        match step {
            Step::EnableEvent => self.alter(state, true).await,
            Step::EnableTick => self.switch(self.seen.tick.as_ref(), true).await,
            Step::DisableSchedule => self.disable_for_sure().await,
            _ => self.switch(self.seen.schedule.as_ref(), true).await,
        }
    }

    /// The opposite of what was done, as far as it took the work from who had it.
    fn back(&self, done: &[Step]) -> Vec<Step> {
        // A read that shows an earlier state must not undo what this very call has seen done.
        let arrived = match self.way {
            Way::Over(_) => Step::EnableSchedule,
            Way::Back(_) => Step::EnableEvent,
        };
        if done.contains(&arrived) {
            return Vec::new();
        }
        let opposite = |step: &Step| match (step, self.way) {
            (Step::DisableEvent, Way::Over(_)) if self.seen.event_on() => Some(Step::EnableEvent),
            (Step::DisableSchedule, Way::Back(_)) => Some(Step::EnableSchedule),
            (Step::DisableTick, Way::Back(_)) => Some(Step::EnableTick),
            _ => None,
        };
        done.iter().rev().filter_map(opposite).collect()
    }

    fn reason_back(&self, step: Step) -> String {
        let why = match self.way {
            Way::Over(_) if step == Step::DisableSchedule => {
                "whether it is enabled is not known, and the EVENT is to have its place again"
            }
            Way::Over(_) => "the schedule was not enabled, so the EVENT has its place again",
            Way::Back(_) => "the EVENT was not enabled, so the job has its place again",
        };
        why.to_owned()
    }

    /// Whether neither the EVENT nor the schedule is enabled now. Where it cannot be read, nothing is
    /// taken back: the next call finds what there is. A schedule of which nobody knows is disabled
    /// before all else, and is not asked.
    async fn nobody_runs_it(&self, state: &mut State<D::Session>) -> bool {
        let Some(schedule) = &self.seen.schedule else {
            return false;
        };
        if !state.unsure {
            let schedule = self.tools.scheduler.schedule(&schedule.name).await;
            let Ok(schedule) = schedule else { return false };
            if on(schedule.as_ref()) {
                return false;
            }
        }
        let event = self.event_now(state).await;
        matches!(event, Ok(event) if !event.on())
    }
}
