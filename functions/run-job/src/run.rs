//! One invocation: what is seen, what is decided, what became of it, and what the team is told.

mod door;
mod gate;
mod halt;
mod hand;
mod kinds;
mod notes;
mod plan;
mod postscript;
mod rows;
mod see;
mod tell;
mod until;
mod work;

use aurora_model::words::moment as slot;
use aurora_model::{Choice, Decision, Plan, Report};
use handler::{Answer, Cause, Error, Invocation, Mode};
use jiff::Timestamp;
use jobs::Job;
use tokio::time::Instant;

use self::{door::Door, halt::Halt, see::Known};
use crate::{
    NAME, Policy, Tools,
    database::Database,
    decide::{self, Decided, Seen, Woken},
    report::Deed,
};

pub(crate) use self::work::Start;

/// One invocation under way.
pub(crate) struct Visit<'a, D> {
    tools: Tools<'a, D>,
    call: &'a Invocation<Policy>,
    woken: Woken,
    spec: String,
    began: Instant,
}

/// Answers one trigger.
///
/// # Errors
/// When something could not be read, and nothing in the ledger says that the schedule fired.
pub(crate) async fn answer<'a, D: Database>(
    tools: Tools<'a, D>,
    call: &Invocation<Policy>,
    woken: Woken,
) -> Result<Answer<'a>, Error> {
    let visit = Visit {
        tools,
        call,
        woken,
        spec: jobs::spec(&call.policy),
        began: Instant::now(),
    };
    let (door, known) = match visit.seen().await {
        Ok(seen) => seen,
        Err(halt) => return visit.halted(halt).map(Into::into),
    };
    let decided = visit.decided(&known);
    match call.mode {
        Mode::Plan => Ok(plan::looked(&visit, known, decided).await.into()),
        Mode::Apply => Ok(tell::applied(&visit, tools, door, known, decided).await),
    }
}

impl<'a, D: Database> Visit<'a, D> {
    async fn seen(&self) -> Result<(Door<'a, D>, Known<D::Session>), Halt> {
        let door = Door::find(self.tools, self.call).await?;
        let known = see::see(self, &door).await?;
        Ok((door, known))
    }

    fn decided(&self, known: &Known<D::Session>) -> Decided {
        decide::turn(&Seen {
            job: self.job(),
            spec: &self.spec,
            woken: self.woken,
            now: self.call.now,
            standing: &known.standing,
            event: known.event,
            locked: known.locked,
        })
    }

    /// The report of an invocation that decided nothing.
    fn halted(&self, halt: Halt) -> Result<Report, Error> {
        let scheduled = matches!(self.woken, Woken::Schedule(_));
        let (choice, reason) = halt.said::<Deed>(scheduled)?;
        let decisions = vec![self.decision(choice, reason)];
        let plan = Plan {
            decisions,
            ..Plan::empty()
        };
        Ok(self.report(plan, vec![]))
    }

    /// The report of `plan`, whose actions had these outcomes.
    fn report(&self, plan: Plan<Deed>, outcomes: Vec<aurora_model::Outcome>) -> Report {
        let (mode, trigger) = (self.call.mode.as_str(), self.call.trigger.reference());
        let mut report = Report::new(NAME, mode, trigger, plan, outcomes);
        report.headline = crate::report::headline(&report, self.job());
        report
    }
}

impl<D> Visit<'_, D> {
    const fn job(&self) -> &Job {
        &self.call.policy
    }

    /// The job's user, as sentences name it.
    fn who(&self) -> String {
        format!("the user of the secret {}", self.job().secret)
    }

    /// The trigger's time.
    const fn slot(&self) -> Timestamp {
        match self.woken {
            Woken::Schedule(at) | Woken::Tick(at) => at,
        }
    }

    fn decision(&self, choice: Choice<Deed>, reason: impl Into<String>) -> Decision<Deed> {
        let Job { cluster, job, .. } = self.job();
        Decision::new(cluster, job.as_str(), choice, reason)
    }

    /// The time by the clock that was read when the invocation began.
    fn moment(&self) -> Timestamp {
        let (now, passed) = (self.call.now, self.began.elapsed());
        now.checked_add(passed).unwrap_or(now)
    }
}

/// What a trigger means to a job.
///
/// # Errors
/// When it is no schedule.
pub(crate) fn woken(call: &Invocation<Policy>) -> Result<Woken, Error> {
    // The ledger keeps milliseconds.
    let time = call.trigger.time;
    let time = Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time);
    match call.trigger.cause {
        Cause::Schedule => Ok(Woken::Schedule(time)),
        Cause::Tick => Ok(Woken::Tick(time)),
        _ => Err(call
            .trigger
            .unexpected("the job's schedule or a tick")
            .into()),
    }
}
