//! Working on a run, over as many logins as it takes.

use std::time::Duration;

use aurora_sql::SqlError;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::{
    Visit,
    door::{Door, Inside},
    halt::Halt,
    hand::Hand,
    see,
};
use crate::{
    database::{Database, Pause, Run, RunId, Tally},
    decide::{self, Event},
};

/// The pause after the first failure; each is twice the one before, until something succeeds.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What there is to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// This run goes on.
    Continue(RunId),
    /// The run for this time begins.
    Begin(Timestamp),
    /// This run is ended, and the one for this time begins.
    Replace(RunId, Option<Timestamp>),
}

/// What an invocation has done to the job's runs.
#[derive(Default)]
pub(super) struct Turned {
    /// The runs that are over now.
    pub(super) ended: Vec<Run>,
    /// The run that is not.
    pub(super) going: Option<Run>,
    /// Why it ends here.
    pub(super) how: How,
    /// What this invocation has done.
    pub(super) did: Tally,
    /// Why the job is paused now, where this invocation has paused it.
    pub(super) paused: Option<String>,
}

/// Why an invocation ends where it does.
#[derive(Default)]
#[expect(clippy::large_enum_variant, reason = "there is one")]
pub(super) enum How {
    /// There is no more to do.
    #[default]
    Over,
    /// The next tick goes on.
    Left(String),
    /// The next tick goes on, and the team is to be told: a critical limit.
    Critical(String),
    /// A person paused the job.
    Paused(Pause),
    /// Another has the run in hand.
    Elsewhere,
    /// There has been a run for that time.
    Already(Run),
    /// It did not come off; the text says what to do. Whether trying again may help.
    Broken(String, bool),
}

/// Works until the run is over or the time is up. A connection or a writer that is lost is looked for
/// again: a failover is a pause. The login, where it is in order: it holds the job's lock.
pub(super) async fn work<D: Database>(
    visit: &Visit<'_, D>,
    door: &Door<'_, D>,
    inside: Option<Inside<D::Session>>,
    start: &Start,
) -> (Turned, Option<Inside<D::Session>>) {
    let mut hand = Hand::new(visit, door, start);
    let (mut inside, mut pause) = (inside, FIRST_PAUSE);
    loop {
        match step(visit, door, &mut hand, inside.take()).await {
            Ok((still, false)) => return (hand.turned, Some(still)),
            Ok((still, true)) => (inside, pause) = (Some(still), FIRST_PAUSE),
            Err(halt) if halt.passes() && Instant::now() + pause < hand.until => {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(halt) => return (hand.given_up(&halt), None),
        }
    }
}

/// One stage: the login, and whether there is another one.
async fn step<D: Database>(
    visit: &Visit<'_, D>,
    door: &Door<'_, D>,
    hand: &mut Hand<'_, D>,
    inside: Option<Inside<D::Session>>,
) -> Result<(Inside<D::Session>, bool), Halt> {
    let mut inside = match inside {
        Some(inside) => inside,
        None => again(visit, door, hand.until).await?,
    };
    let more = hand.stage(&mut inside).await?;
    Ok((inside, more))
}

/// Another login, with the lock. While there was none the EVENT may have been enabled again.
async fn again<D: Database>(
    visit: &Visit<'_, D>,
    door: &Door<'_, D>,
    until: Instant,
) -> Result<Inside<D::Session>, Halt> {
    let mut inside = door.open(until).await?;
    if !see::lock(visit, &mut inside.session).await? {
        return Err(Halt::Locked);
    }
    match see::event(visit, &mut inside.session).await? {
        Event::Enabled => Err(Halt::Alert(decide::refusal(visit.job()))),
        Event::None | Event::Off => Ok(inside),
    }
}

/// What an error of the ledger's means where no other login helps.
pub(super) fn broken(halt: &Halt) -> String {
    match halt {
        Halt::Sql(SqlError::MissingRight { .. }) => format!(
            "{halt}: GRANT SELECT, INSERT, UPDATE ON `nightshift`.* to the job's user, as infra/ledger.sql has it."
        ),
        _ => halt.to_string(),
    }
}
