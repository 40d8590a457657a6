//! The steps of one turn.

use std::time::Duration;

use aurora_sql::SqlError;
use tokio::time::{Instant, sleep};

use super::size::{self, Did, Size};
use crate::{
    database::{Database, Done, Ledger as _, Place, Range, Readings as _, Step, Tables as _, Walk},
    throttle::{Own, Verdict},
    turn::{Ended, Turn},
};

/// The server closes a session that says nothing for a minute: it is asked something after this
/// time at the latest.
const SILENT: Duration = Duration::from_secs(20);

/// What a step may take at least; a shorter turn does nothing.
const LEAST: Duration = Duration::from_secs(1);

/// So many times in a row others were in the way, and the turn is given up.
const HINDERED: u32 = 10;

/// What is remembered from step to step.
struct Pace {
    size: Size,
    hindered: u32,
    took: Duration,
    commit: Option<Duration>,
    waiting_since: Option<Instant>,
}

/// What comes after a step.
enum Next {
    /// Another, after a rest.
    Step,
    /// The same stretch, or part of it, at once.
    Again,
    /// Nobody was let through: later, with less.
    Back(String),
    /// Nothing.
    End(Ended),
}

/// Takes steps until the run is through or the turn ends.
pub(super) async fn all<D: Database>(
    turn: &mut Turn<'_, D>,
    walk: &Walk<'_>,
) -> Result<Ended, SqlError> {
    let mut pace = Pace {
        size: Size::begin(&turn.job.chunk, turn.run.place.rows),
        hindered: 0,
        took: Duration::ZERO,
        commit: None,
        waiting_since: None,
    };
    loop {
        if let Some(ended) = barred(turn, &mut pace).await? {
            return Ok(ended);
        }
        let next = match one(turn, walk, &mut pace).await {
            Err(error @ (SqlError::Locked { .. } | SqlError::TimedOut { .. })) => {
                Next::Back(error.to_string())
            }
            other => other?,
        };
        if let Some(ended) = settle(turn, &mut pace, next).await? {
            return Ok(ended);
        }
    }
}

/// What a step's end means for the next.
async fn settle<D: Database>(
    turn: &mut Turn<'_, D>,
    pace: &mut Pace,
    next: Next,
) -> Result<Option<Ended>, SqlError> {
    let chunk = turn.job.chunk;
    match next {
        Next::End(ended) => return Ok(Some(ended)),
        Next::Again => {}
        Next::Step => {
            pace.hindered = 0;
            nap(turn, size::rest(&chunk, pace.took)).await?;
        }
        Next::Back(why) => {
            pace.hindered += 1;
            pace.size = pace.size.stepped_back(&chunk);
            if pace.hindered >= HINDERED {
                let why = format!("gave way to other sessions {HINDERED} times in a row: {why}");
                return Ok(Some(Ended::Left(why)));
            }
            nap(turn, size::away(pace.hindered)).await?;
        }
    }
    turn.run.place.rows = pace.size.rows();
    Ok(None)
}

/// Whether there must be no further step: waits while the throttle says so. The pause switch is
/// asked last, so that it works at once.
async fn barred<D: Database>(
    turn: &mut Turn<'_, D>,
    pace: &mut Pace,
) -> Result<Option<Ended>, SqlError> {
    loop {
        if let Some(ended) = over(turn, pace) {
            return Ok(Some(ended));
        }
        let verdict = turn.gate.pass(own(turn, pace)).await;
        if let Some(pause) = turn.session.paused(&turn.job.job).await? {
            return Ok(Some(Ended::Paused(pause)));
        }
        let (why, again) = match verdict {
            Verdict::Go => {
                pace.waiting_since = None;
                return Ok(None);
            }
            Verdict::Stop { why } => return Ok(Some(Ended::Critical(why))),
            Verdict::Wait { why, again } => (why, again),
        };
        if impatient(turn, pace) {
            return Ok(Some(Ended::Left(format!(
                "waited as long as throttle.patience allows: {why}"
            ))));
        }
        sleep(again.min(SILENT).min(left(turn))).await;
    }
}

fn own<D: Database>(turn: &Turn<'_, D>, pace: &Pace) -> Own {
    Own {
        connection: turn.session.connection(),
        commit: pace.commit,
    }
}

/// Whether the turn's time or a rail ends it here.
fn over<D: Database>(turn: &Turn<'_, D>, pace: &Pace) -> Option<Ended> {
    let target = Duration::from_millis(turn.job.chunk.target_ms.into());
    let another = (pace.took.max(target) * 2).max(LEAST);
    if left(turn) <= another {
        return Some(Ended::Left(turn.ends.clone()));
    }
    let most = max_rows(turn)?;
    (turn.run.tally.rows >= most).then(|| {
        Ended::Stopped(format!(
            "{} rows are gone, as many as max_rows allows: look whether they were meant, and raise \
             max_rows for the next run",
            turn.run.tally.rows
        ))
    })
}

fn max_rows<D: Database>(turn: &Turn<'_, D>) -> Option<u64> {
    super::scene::rows(turn.job).and_then(|(rows, _)| rows.max_rows)
}

fn left<D: Database>(turn: &Turn<'_, D>) -> Duration {
    turn.until.saturating_duration_since(Instant::now())
}

fn impatient<D: Database>(turn: &Turn<'_, D>, pace: &mut Pace) -> bool {
    let since = *pace.waiting_since.get_or_insert_with(Instant::now);
    let patience = turn.job.throttle.patience.duration().unsigned_abs();
    since.elapsed() >= patience
}

/// Sleeps, but not beyond the turn, and never so long in silence that the server hangs up. What is
/// asked is the pause switch; the answer is asked for again before the next step.
async fn nap<D: Database>(turn: &mut Turn<'_, D>, time: Duration) -> Result<(), SqlError> {
    let mut time = time.min(left(turn));
    while time > SILENT {
        sleep(SILENT).await;
        time = time.saturating_sub(SILENT).min(left(turn));
        if turn.session.paused(&turn.job.job).await?.is_some() {
            return Ok(());
        }
    }
    sleep(time).await;
    Ok(())
}

/// One boundary and one step.
async fn one<D: Database>(
    turn: &mut Turn<'_, D>,
    walk: &Walk<'_>,
    pace: &mut Pace,
) -> Result<Next, SqlError> {
    let started = Instant::now();
    let after = turn.run.place.after.clone();
    let boundary = turn
        .session
        .boundary(walk, after.as_ref(), pace.size.rows());
    let to = boundary.await?;
    let then = Place {
        after: to.clone().or_else(|| after.clone()),
        rows: pace.size.rows(),
        ..turn.run.place.clone()
    };
    let step = Step {
        run: turn.run.id,
        holder: &turn.holder,
        range: Range { after, to },
        entries: pace.size.rows(),
        most: most(turn),
        then: &then,
    };
    let own = own(turn, pace);
    let done = turn
        .gate
        .during(own, turn.session.step(walk, &step))
        .await?;
    let last = step.range.to.is_none();
    pace.took = started.elapsed();
    Ok(match done {
        Done::Whole { .. } => whole(turn, pace, done, then, last),
        Done::Children { children, commit } => {
            turn.run.tally.steps += 1;
            turn.run.tally.children += children;
            noted(turn, pace, children, commit);
            Next::Step
        }
        Done::TooMany => {
            pace.size = pace.size.narrowed(&turn.job.chunk);
            Next::Again
        }
        Done::Moved => Next::Back("rows came into the stretch in the middle of a step".to_owned()),
        Done::NotOurs => Next::End(Ended::NotOurs),
        Done::Differs { rows, copied } => Next::End(differs(walk, rows, copied)),
    })
}

/// The most rows of the next step: what the policy says, and never beyond `max_rows`.
fn most<D: Database>(turn: &Turn<'_, D>) -> u32 {
    let left = max_rows(turn).map(|most| most.saturating_sub(turn.run.tally.rows));
    let left = left.and_then(|left| u32::try_from(left).ok());
    left.map_or(turn.job.chunk.most, |left| left.min(turn.job.chunk.most))
}

/// A stretch that is done and committed.
fn whole<D: Database>(
    turn: &mut Turn<'_, D>,
    pace: &mut Pace,
    done: Done,
    then: Place,
    last: bool,
) -> Next {
    let Done::Whole {
        rows,
        copied,
        children,
        checksum,
        commit,
    } = done
    else {
        return Next::Again;
    };
    let tally = &mut turn.run.tally;
    tally.steps += 1;
    tally.rows += rows;
    tally.copied += copied;
    tally.children += children;
    tally.checksum ^= checksum;
    turn.run.place = then;
    noted(turn, pace, rows + children, commit);
    if last {
        Next::End(Ended::Through)
    } else {
        Next::Step
    }
}

fn noted<D: Database>(turn: &mut Turn<'_, D>, pace: &mut Pace, gone: u64, commit: Duration) {
    let took = pace.took;
    // The mean of the last ones, of which the newest counts most.
    pace.commit = Some(pace.commit.map_or(commit, |mean| (mean * 3 + commit) / 4));
    pace.size = pace.size.after(&turn.job.chunk, Did { gone, took });
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    turn.run.tally.busy_ms = turn.run.tally.busy_ms.saturating_add(milliseconds);
}

fn differs(walk: &Walk<'_>, rows: u64, copied: u64) -> Ended {
    let into = walk.into.map(|into| into.name.as_str()).unwrap_or_default();
    Ended::Failed(if rows == copied {
        format!(
            "the {rows} copies in {into} are not what the rows are, so nothing was deleted: look for \
             a trigger on {into} or a column that is computed there"
        )
    } else {
        format!(
            "{into} has {copied} of {rows} rows after they were copied, so nothing was deleted: look \
             for a trigger on {into}"
        )
    })
}
