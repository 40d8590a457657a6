//! What a status is told from.

use std::collections::BTreeMap;

use aurora_model::{Note, Severity};
use aurora_sql::SqlError;
use futures_util::{StreamExt, TryStreamExt, stream};
use handler::{Error, Invocation};
use jobs::JobName;
use scheduler::{ApiError, Schedule};

use crate::{
    Tools,
    database::{Database, Definer, Found, Ledger, Server, Session},
    grants::Sight,
    job::{self, Started},
    policy::{Policy, Status},
    writer::Door,
};

/// So many schedules are read at once.
const AT_ONCE: usize = 4;

/// A schedule and the job it starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scheduled {
    pub(crate) schedule: Schedule,
    pub(crate) started: Started,
}

/// What a status is told from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) server: Server,
    pub(crate) sight: Sight,
    /// The EVENTs, in the order of their names.
    pub(crate) events: Vec<Found>,
    /// The schedules of run-job for this cluster, ticks among them.
    pub(crate) schedules: Vec<Scheduled>,
    /// What the ledger knows of these jobs.
    pub(crate) ledgers: BTreeMap<JobName, Ledger>,
    /// The accounts; none where they cannot be read.
    pub(crate) accounts: Option<Vec<Definer>>,
    /// What could not be looked at.
    pub(crate) notes: Vec<Note>,
}

/// Looks.
///
/// # Errors
/// When something cannot be read.
pub(crate) async fn at<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    wish: &Status,
) -> Result<Seen, Error> {
    let read = schedules(tools);
    let (schedules, mut notes) = call
        .read("the schedules", read, ApiError::retryable)
        .await?;
    let cluster = &call.policy.cluster;
    let mine = |it: &Scheduled| it.started.job.cluster.eq_ignore_ascii_case(cluster);
    let schedules: Vec<Scheduled> = schedules.into_iter().filter(mine).collect();
    let door = Door::find(tools, call).await?;
    let seen = looked(&door, wish, schedules, &mut notes);
    let mut seen = call.read("the database", seen, SqlError::retryable).await?;
    seen.notes = notes;
    Ok(seen)
}

/// The schedules that start run-job, and what is wrong with those that do not say with what.
async fn schedules<D>(tools: &Tools<'_, D>) -> Result<(Vec<Scheduled>, Vec<Note>), ApiError> {
    let listed = tools.scheduler.all().await?;
    let listed = listed.into_iter().filter(|it| job::is_run_job(&it.target));
    let read = listed.map(|it| async move { tools.scheduler.schedule(&it.name).await });
    let read: Vec<Option<Schedule>> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
    let (mut schedules, mut notes) = (Vec::new(), Vec::new());
    for schedule in read.into_iter().flatten() {
        match job::started(&schedule) {
            Ok(started) => schedules.push(Scheduled { schedule, started }),
            Err(problem) => notes.push(Note::new(Severity::Warning, format!("{problem}."))),
        }
    }
    Ok((schedules, notes))
}

async fn looked<D: Database>(
    door: &Door<'_, D>,
    wish: &Status,
    schedules: Vec<Scheduled>,
    notes: &mut Vec<Note>,
) -> Result<Seen, SqlError> {
    let writer = door.open().await?;
    let (mut session, server) = (writer.session, writer.server);
    let mut events = session.events().await?;
    if !wish.schemas.is_empty() {
        events.retain(|event| wish.schemas.iter().any(|it| it.as_str() == event.schema));
    }
    let accounts = match session.accounts().await {
        Err(SqlError::MissingRight { .. }) => {
            notes.push(Note::new(
                Severity::Info,
                "Whether the definers exist and are not locked was not looked at: the login may not read mysql.user.",
            ));
            None
        }
        accounts => Some(accounts?),
    };
    let mut ledgers = BTreeMap::new();
    for it in &schedules {
        let job = &it.started.job.job;
        match session.ledger(job).await {
            Ok(Some(ledger)) => {
                ledgers.insert(job.clone(), ledger);
            }
            Ok(None) => {}
            Err(SqlError::MissingRight { right, .. }) => {
                let text = format!(
                    "The jobs' last runs were not looked at: the login lacks {right} on nightshift.*."
                );
                notes.push(Note::new(Severity::Warning, text));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let sight = Sight::of(&session.grants().await?);
    session.close().await;
    Ok(Seen {
        server,
        sight,
        events,
        schedules,
        ledgers,
        accounts,
        notes: Vec::new(),
    })
}
