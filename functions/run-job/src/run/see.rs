//! Reading where a job stands.

use std::time::Duration;

use aurora_sql::SqlError;
use handler::Mode;
use tokio::time::{Instant, sleep};

use super::{
    Visit,
    door::{Door, Inside},
    halt::Halt,
};
use crate::{
    database::{Database, Ledger, Session, Standing},
    decide::{Event, words},
};

/// How long to wait for the job's lock. Lambda's duplicates come within moments of each other.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(2);
/// How long to wait for a writer before anything is begun: a failover takes about half a minute.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html>
const PATIENCE: Duration = Duration::from_mins(1);

/// The pause before it is read again.
const PAUSE: Duration = Duration::from_millis(500);

/// What is known of the job, and the login by which it was read.
pub(super) struct Known<S> {
    pub(super) inside: Inside<S>,
    pub(super) standing: Standing,
    /// Whether there is a ledger; where there is none, nothing stands.
    pub(super) ledger: bool,
    pub(super) event: Event,
    pub(super) locked: bool,
}

/// Reads it, again and again while the server does not answer.
pub(super) async fn see<D: Database>(
    visit: &Visit<'_, D>,
    door: &Door<'_, D>,
) -> Result<Known<D::Session>, Halt> {
    let until = Instant::now() + PATIENCE.min(visit.call.deadline.left() / 2);
    loop {
        let inside = door.open(until).await?;
        match look(visit, inside).await {
            Err(halt) if halt.passes() && Instant::now() < until => sleep(PAUSE).await,
            known => return known,
        }
    }
}

async fn look<D: Database>(
    visit: &Visit<'_, D>,
    mut inside: Inside<D::Session>,
) -> Result<Known<D::Session>, Halt> {
    let session = &mut inside.session;
    let apply = visit.call.mode == Mode::Apply;
    if apply && !right(visit, session.install().await)? {
        return Err(no_ledger(visit));
    }
    let locked = apply && lock(visit, session).await?;
    // With the lock in hand: whoever enables the EVENT again has it meanwhile.
    let event = event(visit, session).await?;
    let standing = right(visit, session.standing(&visit.job().job).await)?;
    if apply && standing.is_none() {
        return Err(another_version());
    }
    Ok(Known {
        inside,
        ledger: standing.is_some(),
        standing: standing.unwrap_or_default(),
        event,
        // A look needs no lock.
        locked: locked || !apply,
    })
}

/// Whether the job's lock was had; its wait may end as a deadlock with another's.
pub(super) async fn lock<D: Database>(
    visit: &Visit<'_, D>,
    session: &mut D::Session,
) -> Result<bool, Halt> {
    let name = format!("nightshift.job.{}", visit.job().job);
    match session.lock(&name, LOCK_WAIT).await {
        Err(SqlError::Locked { .. }) => Ok(false),
        had => Ok(had?),
    }
}

/// An EVENT that the login may not see could be enabled: then nothing is done.
pub(super) async fn event<D: Database>(
    visit: &Visit<'_, D>,
    session: &mut D::Session,
) -> Result<Event, Halt> {
    let Some(name) = &visit.job().replaces_event else {
        return Ok(Event::None);
    };
    let Some((schema, event)) = name.split_once('.') else {
        return Err(Halt::Alert(format!(
            "policy.replaces_event: expected schema.name, got {name:?}: correct it."
        )));
    };
    match session.event_enabled(schema, event).await {
        Ok(Some(true)) => Ok(Event::Enabled),
        Ok(_) => Ok(Event::Off),
        Err(SqlError::MissingRight { code, .. }) => Err(Halt::Alert(format!(
            "whether the EVENT {name} is still enabled cannot be seen ({code}), and nothing may run twice: GRANT EVENT ON {}.* to {}.",
            words::quoted(schema),
            visit.who(),
        ))),
        Err(error) => Err(error.into()),
    }
}

/// A right on the ledger that is missing is said with the remedy.
fn right<D, T>(visit: &Visit<'_, D>, answer: Result<T, SqlError>) -> Result<T, Halt> {
    match answer {
        Err(SqlError::MissingRight { .. }) => Err(no_ledger(visit)),
        answer => Ok(answer?),
    }
}

fn no_ledger<D>(visit: &Visit<'_, D>) -> Halt {
    Halt::Alert(format!(
        "{} can neither use nor make the ledger: run infra/ledger.sql as an administrator, and \
         GRANT SELECT, INSERT, UPDATE ON `nightshift`.* to it.",
        visit.who()
    ))
}

fn another_version() -> Halt {
    Halt::Alert(format!(
        "the tables of schema nightshift are not of version {} of the ledger: deploy the version of \
         Nightshift that made them, or have an administrator bring them to this one.",
        jobs::ledger::VERSION
    ))
}
