//! A run in hand: begun, taken up, worked on, ended. Every stage can be done again after the
//! connection was lost in it: the ledger says how far it came.

use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    Visit,
    door::{Door, Inside},
    halt::Halt,
    kinds,
    work::{How, Start, Turned, broken},
};
use crate::{
    database::{Begun, Database, End, Holder, Ledger, NewRun, Run, RunId, Standing, State, Tally},
    decide,
    report::{REPLACED, log_as},
    turn::Ended,
};

/// Where the work is.
#[derive(Clone)]
enum Stage {
    /// The run for this time is to be begun.
    Begin(Timestamp),
    /// This run is to go on.
    Go(RunId),
    /// This run is to be ended, and then one for this time begun.
    End(RunId, End, Option<Timestamp>),
}

/// A run in hand.
pub(super) struct Hand<'a, D> {
    pub(super) visit: &'a Visit<'a, D>,
    pub(super) door: &'a Door<'a, D>,
    stage: Stage,
    holders: u32,
    turns: u32,
    before: Option<Tally>,
    /// When to stop, in time for the ledger, and what ends then, in words.
    pub(super) until: Instant,
    pub(super) ends: String,
    /// Whether the function's own time ends it.
    pub(super) whole: bool,
    pub(super) turned: Turned,
}

impl<'a, D: Database> Hand<'a, D> {
    pub(super) fn new(visit: &'a Visit<'a, D>, door: &'a Door<'a, D>, start: &Start) -> Self {
        let (until, ends, whole) = visit.until();
        let mut hand = Self {
            visit,
            door,
            stage: Stage::Begin(visit.call.now),
            holders: 0,
            turns: 0,
            before: None,
            until,
            ends,
            whole,
            turned: Turned::default(),
        };
        hand.stage = match *start {
            Start::Continue(run) => Stage::Go(run),
            Start::Begin(slot) => Stage::Begin(slot),
            Start::Replace(run, then) => Stage::End(run, hand.replaced(), then),
        };
        hand
    }

    /// Goes one stage on: whether there is another one.
    pub(super) async fn stage(&mut self, inside: &mut Inside<D::Session>) -> Result<bool, Halt> {
        match self.stage.clone() {
            Stage::Begin(slot) => self.begin(inside, slot).await,
            Stage::Go(run) => self.go(inside, run).await,
            Stage::End(run, end, then) => self.end(inside, run, &end, then).await,
        }
    }

    async fn begin(
        &mut self,
        inside: &mut Inside<D::Session>,
        slot: Timestamp,
    ) -> Result<bool, Halt> {
        let new = NewRun {
            slot,
            at: self.visit.moment(),
            spec: self.visit.spec.clone(),
            holder: self.holder(),
        };
        let run = match inside.session.begin(&self.visit.job().job, &new).await? {
            Begun::New(run) => run,
            // The answer to an earlier try was lost.
            Begun::There(run) if run.slot == slot && run.state == State::Running => run,
            Begun::There(run) if run.state == State::Running => {
                return Ok(self.over(How::Elsewhere));
            }
            Begun::There(run) => return Ok(self.over(How::Already(run))),
        };
        self.stage = Stage::Go(run.id);
        Ok(true)
    }

    async fn go(&mut self, inside: &mut Inside<D::Session>, id: RunId) -> Result<bool, Halt> {
        let holder = self.holder();
        let ours = inside.session.take_up(id, &holder).await?;
        let standing = self.standing(inside).await?;
        let open = standing.open.clone().filter(|open| ours && open.id == id);
        let Some(run) = open else {
            return Ok(self.found(&standing, id, None));
        };
        self.before.get_or_insert(run.tally);
        self.turns += 1;
        let (run, ended) = kinds::turn(self, inside, run, holder).await?;
        self.ended(run, ended, standing.failures)
    }

    /// What comes of a turn.
    fn ended(&mut self, run: Run, ended: Ended, failures: u32) -> Result<bool, Halt> {
        self.counted(&run);
        let id = run.id;
        let how = match ended {
            Ended::Away(error) => return Err(error.into()),
            Ended::Through => return Ok(self.ending(id, State::Done, None, failures)),
            Ended::Stopped(why) => return Ok(self.ending(id, State::Stopped, Some(why), failures)),
            Ended::Failed(why) => return Ok(self.ending(id, State::Failed, Some(why), failures)),
            Ended::Left(why) => How::Left(why),
            Ended::Critical(why) => How::Critical(why),
            Ended::Paused(pause) => How::Paused(pause),
            Ended::NotOurs => How::Elsewhere,
        };
        self.turned.going = Some(run);
        Ok(self.over(how))
    }

    fn ending(&mut self, run: RunId, state: State, error: Option<String>, failures: u32) -> bool {
        let job = self.visit.job();
        let failed = state == State::Failed;
        let end = End {
            state,
            error,
            at: self.visit.moment(),
            pause: failed.then(|| decide::pauses(job, failures)).flatten(),
            log_as: log_as(job).to_owned(),
        };
        self.stage = Stage::End(run, end, None);
        true
    }

    async fn end(
        &mut self,
        inside: &mut Inside<D::Session>,
        id: RunId,
        end: &End,
        then: Option<Timestamp>,
    ) -> Result<bool, Halt> {
        let holder = self.holder();
        if inside.session.take_up(id, &holder).await? {
            inside.session.end(id, &holder, end).await?;
        }
        let standing = self.standing(inside).await?;
        self.turned.paused.clone_from(&end.pause);
        Ok(self.found(&standing, id, then))
    }

    /// What the ledger says of a run that is not in hand any more.
    fn found(&mut self, standing: &Standing, id: RunId, then: Option<Timestamp>) -> bool {
        let over = standing.untold.iter().chain(&standing.last);
        let Some(run) = over.into_iter().find(|run| run.id == id) else {
            return self.over(How::Elsewhere);
        };
        self.counted(run);
        self.turned.ended.push(run.clone());
        self.turned.going = None;
        match then {
            Some(slot) => {
                self.stage = Stage::Begin(slot);
                self.before = None;
                true
            }
            None => self.over(How::Over),
        }
    }

    /// The work is over, for this reason.
    fn over(&mut self, how: How) -> bool {
        self.turned.how = how;
        false
    }

    /// No other login helps, or there is no time for it. A schedule whose run is not begun is in no
    /// other place: Lambda tries it again.
    pub(super) fn given_up(mut self, halt: &Halt) -> Turned {
        let unbegun = matches!(self.stage, Stage::Begin(_));
        self.turned.how = if halt.passes() && !unbegun {
            How::Left(halt.to_string())
        } else {
            How::Broken(broken(halt), halt.passes())
        };
        self.turned
    }

    fn counted(&mut self, run: &Run) {
        let (Some(before), now) = (self.before, run.tally) else {
            return;
        };
        self.turned.did.rows =
            (now.rows + now.children).saturating_sub(before.rows + before.children);
        self.turned.did.busy_ms = now.busy_ms.saturating_sub(before.busy_ms);
    }

    async fn standing(&self, inside: &mut Inside<D::Session>) -> Result<Standing, Halt> {
        let standing = inside.session.standing(&self.visit.job().job).await?;
        standing.ok_or_else(|| Halt::Alert("the ledger is gone".to_owned()))
    }

    /// Whether this is the first turn of the invocation.
    pub(super) const fn fresh(&self) -> bool {
        self.turns <= 1
    }

    /// A text that nobody has held a run by: Lambda's own retries share the request's id, and come
    /// later.
    fn holder(&mut self) -> Holder {
        self.holders += 1;
        let call = self.visit.call;
        let now = call.now.as_millisecond();
        Holder(format!("{} {now} {}", call.request_id, self.holders))
    }

    fn replaced(&self) -> End {
        End {
            state: State::Stopped,
            error: Some(REPLACED.to_owned()),
            at: self.visit.moment(),
            pause: None,
            log_as: log_as(self.visit.job()).to_owned(),
        }
    }
}
