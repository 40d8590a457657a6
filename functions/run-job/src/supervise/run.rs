//! One run of a procedure or a statement.

use std::time::Duration;

use aurora_model::Span;
use aurora_sql::Session;
use jobs::policy::{Kind, Lost};
use tokio::time::Instant;

use super::{
    end::{self, Sent},
    sql::{self, Way},
};
use crate::{
    database::{Ledger, Place, Run, Supervised, Tally, Work},
    turn::{Ended, Hand},
};

/// What is run, and how.
#[derive(Clone, Copy)]
struct Task<'a> {
    work: Work<'a>,
    way: Way,
    budget: Span,
    lost: Lost,
}

/// Whether the ledger says that the work is done: that is its only step.
pub(super) const fn is_done(run: &Run) -> bool {
    run.tally.steps > 0
}

/// Goes on with the run until it is through or its turn ends.
pub async fn run<S: Ledger + Supervised>(hand: &mut Hand<'_, S>) -> Ended {
    match work(hand).await {
        Ok(()) => Ended::Through,
        Err(ended) => ended,
    }
}

async fn work<S: Ledger + Supervised>(hand: &mut Hand<'_, S>) -> Result<(), Ended> {
    if is_done(hand.run) {
        return Ok(());
    }
    let task = task(hand)?;
    hand.may_go_on().await?;
    let budget = time_for(hand, task.budget)?;
    match task.way {
        Way::Noted => noted(hand, task, budget).await,
        Way::ByItself => by_itself(hand, task, budget).await,
    }
}

fn task<'h, S>(hand: &Hand<'h, S>) -> Result<Task<'h>, Ended> {
    let job = hand.job;
    match job.kind() {
        Some(Kind::Call(call)) => Ok(Task {
            work: Work::Call(&job.database, call),
            way: Way::ByItself,
            budget: call.budget,
            lost: call.lost,
        }),
        Some(Kind::Statement(sql)) => Ok(Task {
            work: Work::Statement(sql),
            way: sql::way(&sql.sql).map_err(|why| Ended::Failed(why.to_string()))?,
            budget: sql.budget,
            lost: sql.lost,
        }),
        _ => Err(Ended::Failed(
            "the job's policy has no call and no statement".to_owned(),
        )),
    }
}

/// How long it may work: its budget, and never beyond the turn's end. Less than its budget only where
/// no later turn would have more.
fn time_for<S>(hand: &Hand<'_, S>, budget: Span) -> Result<Duration, Ended> {
    let left = hand.until.saturating_duration_since(Instant::now());
    let left = left.saturating_sub(Session::ENDING);
    let wanted = budget.duration().unsigned_abs();
    if left >= wanted || (hand.longest && !left.is_zero()) {
        return Ok(left.min(wanted));
    }
    let ends = hand.ends;
    Err(Ended::Left(format!(
        "{ends} is up before its budget of {budget} would be"
    )))
}

/// It takes effect with the ledger's note, or not at all: whatever became of it, it can be run again.
async fn noted<S: Ledger + Supervised>(
    hand: &mut Hand<'_, S>,
    task: Task<'_>,
    budget: Duration,
) -> Result<(), Ended> {
    let began = Instant::now();
    let place = hand.run.place.clone();
    let worked = hand
        .session
        .work_noted(task.work, budget, hand.run.id, hand.holder, &place);
    match worked.await {
        Ok(Some(rows)) => hand.run.tally.add(&done(rows, began)),
        Ok(None) => return Err(Ended::NotOurs),
        Err(error) => return Err(end::of(error, Sent::Undone, task.budget)),
    }
    Ok(())
}

/// The ledger says that it is sent before it is, and that it is done afterwards.
async fn by_itself<S: Ledger + Supervised>(
    hand: &mut Hand<'_, S>,
    task: Task<'_>,
    budget: Duration,
) -> Result<(), Ended> {
    if let (Some(by), Lost::Report) = (&hand.run.place.sent, task.lost) {
        return Err(Ended::Failed(end::unknown(by)));
    }
    let sent = Some(hand.holder.0.clone());
    let place = Place {
        sent,
        ..hand.run.place.clone()
    };
    hand.put(place.clone()).await?;
    let began = Instant::now();
    let worked = hand.session.work(task.work, budget).await;
    let worked = match worked {
        Ok(worked) => worked,
        Err(error) if end::nothing_done(&error, task.work) => {
            return Err(take_back(hand, error, task.budget).await);
        }
        Err(error) => return Err(end::of(error, Sent::ByItself, task.budget)),
    };
    if worked.rolled_back {
        return Err(Ended::Failed(end::LEFT_OPEN.to_owned()));
    }
    hand.note(place, done(worked.rows, began)).await
}

/// It did nothing, and is not sent any more.
async fn take_back<S: Ledger + Supervised>(
    hand: &mut Hand<'_, S>,
    error: aurora_sql::SqlError,
    budget: Span,
) -> Ended {
    let place = Place {
        sent: None,
        ..hand.run.place.clone()
    };
    match hand.put(place).await {
        Ok(()) => end::of(error, Sent::Undone, budget),
        Err(ended) => ended,
    }
}

fn done(rows: u64, began: Instant) -> Tally {
    Tally {
        steps: 1,
        rows,
        busy_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..Tally::default()
    }
}
