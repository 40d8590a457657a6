//! What a move is decided from.

use aurora_sql::SqlError;
use handler::{Error, Invocation};
use scheduler::{ApiError, Schedule, State};

use super::{Names, hands::Way};
use crate::{
    Tools,
    database::{Database, Found, Ledger, Running, Server, Session, Status},
    grants::Sight,
    job::{self, Started},
    policy::Policy,
    writer::{Door, Writer},
};

/// What a move is decided from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// The EVENT's name, as the policy says it.
    pub(crate) asked: String,
    /// The EVENT; none where the login sees none of this name.
    pub(crate) event: Option<Found>,
    /// What EVENTs the login sees.
    pub(crate) sight: Sight,
    /// Whether it is being executed.
    pub(crate) running: Running,
    /// The job's schedule; none where Scheduler knows none of this name.
    pub(crate) schedule: Option<Schedule>,
    /// The job it starts, or why it starts none.
    pub(crate) started: Result<Started, String>,
    /// The schedule of its ticks, where the policy names one that Scheduler knows.
    pub(crate) tick: Option<Schedule>,
    /// What that one starts.
    pub(crate) ticked: Option<Result<Started, String>>,
    /// The ledger; none where there is none.
    pub(crate) ledger: Option<Ledger>,
    /// Whether an invocation of the job is at work. Only asked for on the way back.
    pub(crate) working: bool,
    /// The server.
    pub(crate) server: Server,
}

impl Seen {
    /// The EVENT's name, as the server spells it if it is there.
    pub(crate) fn event_name(&self) -> String {
        let found = self.event.as_ref().map(Found::full_name);
        found.unwrap_or_else(|| self.asked.clone())
    }

    /// Whether the EVENT is enabled.
    pub(crate) fn event_on(&self) -> bool {
        let event = self.event.as_ref();
        event.is_some_and(|event| event.status == Status::Enabled)
    }
}

/// Whether a schedule fires.
pub(crate) fn on(schedule: Option<&Schedule>) -> bool {
    schedule.is_some_and(|schedule| schedule.state == State::Enabled)
}

type Looked<S> = Option<(Writer<S>, Seen)>;

/// Looks, with the EVENT's lock in hand; nothing where another call has it.
///
/// # Errors
/// When something cannot be read.
pub(crate) async fn at<'a, D: Database>(
    tools: &Tools<'a, D>,
    call: &Invocation<Policy>,
    names: Names<'_>,
    way: Way,
) -> Result<(Door<'a, D>, Looked<D::Session>), Error> {
    let schedules = schedules(tools, call, names).await?;
    let door = Door::find(tools, call).await?;
    let looked = looked(&door, names, way, schedules);
    let looked = call
        .read("the database", looked, SqlError::retryable)
        .await?;
    Ok((door, looked))
}

type Schedules = (Option<Schedule>, Option<Schedule>);

async fn schedules<D>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    names: Names<'_>,
) -> Result<Schedules, Error> {
    let what = "the schedules";
    let schedule = tools.scheduler.schedule(&names.schedule.0);
    let schedule = call.read(what, schedule, ApiError::retryable).await?;
    let tick = match names.tick {
        Some(tick) => {
            let tick = tools.scheduler.schedule(&tick.0);
            call.read(what, tick, ApiError::retryable).await?
        }
        None => None,
    };
    Ok((schedule, tick))
}

async fn looked<D: Database>(
    door: &Door<'_, D>,
    names: Names<'_>,
    way: Way,
    (schedule, tick): Schedules,
) -> Result<Looked<D::Session>, SqlError> {
    let asked = names.event.to_string();
    let Some(mut writer) = door.open_locked(&asked).await? else {
        return Ok(None);
    };
    let session = &mut writer.session;
    let started = match &schedule {
        Some(schedule) => job::started(schedule),
        None => Err(format!("there is no schedule {}", names.schedule)),
    };
    let (schema, name) = (names.event.schema.as_str(), names.event.name.as_str());
    let event = session.event(schema, name).await?;
    let running = match &event {
        Some(event) => session.running(event).await?,
        None => Running::No,
    };
    let (mut ledger, mut working) = (None, false);
    if let Ok(Started { job, .. }) = &started {
        ledger = session.ledger(&job.job).await?;
        if let Way::Back(wait) = way {
            // With this lock in hand no invocation of the job does anything.
            let lock = format!("nightshift.job.{}", job.job);
            let wait = wait.duration().unsigned_abs();
            working = !session.lock(&lock, wait).await?;
        }
    }
    let seen = Seen {
        asked,
        event,
        sight: Sight::of(&session.grants().await?),
        running,
        schedule,
        started,
        ticked: tick.as_ref().map(job::started),
        tick,
        ledger,
        working,
        server: writer.server.clone(),
    };
    Ok(Some((writer, seen)))
}
