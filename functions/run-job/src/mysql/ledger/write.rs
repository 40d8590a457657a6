//! Beginning a run, taking it in hand, and the job's switches.

use aurora_sql::{Session, SqlError, Statement};
use jiff::Timestamp;
use jobs::JobName;

use super::{odd, read, times, transaction};
use crate::database::{Begun, Holder, NewRun, Place, RunId};

/// The job's own row is locked first, so that of two that begin at once one comes after the other,
/// even where one has lost the job's lock with its connection.
pub(super) async fn begin(
    session: &mut Session,
    job: &JobName,
    new: &NewRun,
) -> Result<Begun, SqlError> {
    transaction::start(session).await?;
    let begun = begun(session, job, new).await;
    transaction::finish(session, begun).await
}

async fn begun(
    session: &mut Session,
    job: &JobName,
    new: &NewRun,
) -> Result<(bool, Begun), SqlError> {
    own_row(session, job).await?;
    if let Some(run) = read::in_the_way(session, job, new.slot).await? {
        return Ok((false, Begun::There(run)));
    }
    insert(session, job, new).await?;
    kept_no_more(session, job, new.slot).await?;
    let run = read::in_the_way(session, job, new.slot).await?;
    let run = run.ok_or_else(|| odd("beginning a run"))?;
    Ok((true, Begun::New(run)))
}

async fn insert(session: &mut Session, job: &JobName, new: &NewRun) -> Result<(), SqlError> {
    let place = json(&Place::default())?;
    let statement = Statement::new(
        "beginning a run",
        "INSERT INTO `nightshift`.`job_run` \
         (`job`, `slot`, `state`, `began_at`, `spec`, `holder`, `place`) \
         VALUES (?, ?, 'running', ?, ?, ?, ?)",
    );
    let statement = statement
        .bind(job.as_str())
        .bind(times::written(new.slot))
        .bind(times::written(new.at))
        .bind(new.spec.as_str())
        .bind(new.holder.0.as_str())
        .bind(place);
    session.execute(&statement).await.map(drop)
}

/// Makes the job's row where there is none, and locks it until the transaction is over.
pub(super) async fn own_row(session: &mut Session, job: &JobName) -> Result<(), SqlError> {
    let statement = Statement::new(
        "locking the job's row",
        "INSERT INTO `nightshift`.`job` (`name`) VALUES (?) ON DUPLICATE KEY UPDATE `name` = `name`",
    );
    let statement = statement.bind(job.as_str());
    session.execute(&statement).await.map(drop)
}

/// A schedule that was kept for this time is kept no more.
pub(super) async fn kept_no_more(
    session: &mut Session,
    job: &JobName,
    slot: Timestamp,
) -> Result<(), SqlError> {
    let statement = Statement::new(
        "forgetting a schedule that was kept",
        "UPDATE `nightshift`.`job` SET `buffered` = NULL WHERE `name` = ? AND `buffered` = ?",
    );
    let statement = statement.bind(job.as_str()).bind(times::written(slot));
    session.execute(&statement).await.map(drop)
}

/// An invocation that logs in again is not one more: the first two words of a holder are the same.
pub(super) async fn take_up(
    session: &mut Session,
    run: RunId,
    holder: &Holder,
) -> Result<bool, SqlError> {
    let statement = Statement::new(
        "taking a run in hand",
        "UPDATE `nightshift`.`job_run` SET `attempts` = `attempts` \
         + (SUBSTRING_INDEX(`holder`, ' ', 2) <> SUBSTRING_INDEX(?, ' ', 2)), `holder` = ? \
         WHERE `id` = ? AND `state` = 'running'",
    );
    let statement = statement
        .bind(holder.0.as_str())
        .bind(holder.0.as_str())
        .bind(run.0);
    session.execute(&statement).await?;
    held(session, run, holder).await
}

/// Asked rather than counted: a row that is as it is to be is not counted as changed.
async fn held(session: &mut Session, run: RunId, holder: &Holder) -> Result<bool, SqlError> {
    let statement = Statement::new(
        "asking who has the run",
        "SELECT COUNT(*) FROM `nightshift`.`job_run` \
         WHERE `id` = ? AND `holder` = ? AND `state` = 'running'",
    );
    let statement = statement.bind(run.0).bind(holder.0.as_str());
    let rows = session.query(&statement).await?;
    let row = rows.first().ok_or_else(|| odd(statement.what()))?;
    Ok(row.integer(0)? == Some(1))
}

pub(super) async fn put(
    session: &mut Session,
    run: RunId,
    holder: &Holder,
    place: &Place,
) -> Result<bool, SqlError> {
    let statement = Statement::new(
        "noting the place",
        "UPDATE `nightshift`.`job_run` SET `place` = ? \
         WHERE `id` = ? AND `holder` = ? AND `state` = 'running'",
    );
    let statement = statement
        .bind(json(place)?)
        .bind(run.0)
        .bind(holder.0.as_str());
    session.execute(&statement).await?;
    held(session, run, holder).await
}

pub(super) async fn told(session: &mut Session, run: RunId) -> Result<(), SqlError> {
    let statement = Statement::new(
        "noting that the team was told",
        "UPDATE `nightshift`.`job_run` SET `told` = 1 WHERE `id` = ?",
    );
    session.execute(&statement.bind(run.0)).await.map(drop)
}

pub(super) async fn buffer(
    session: &mut Session,
    job: &JobName,
    slot: Option<Timestamp>,
) -> Result<(), SqlError> {
    let statement = Statement::new(
        "keeping a schedule for later",
        "INSERT INTO `nightshift`.`job` (`name`, `buffered`) VALUES (?, ?) \
         ON DUPLICATE KEY UPDATE `buffered` = ?",
    );
    let slot = slot.map(times::written);
    let statement = statement.bind(job.as_str()).bind(slot.clone()).bind(slot);
    session.execute(&statement).await.map(drop)
}

pub(super) async fn prove(
    session: &mut Session,
    job: &JobName,
    at: Timestamp,
    proof: &str,
) -> Result<(), SqlError> {
    let statement = Statement::new(
        "noting that the job has proven itself",
        "INSERT INTO `nightshift`.`job` (`name`, `proven_at`, `proven_spec`) VALUES (?, ?, ?) \
         ON DUPLICATE KEY UPDATE `proven_at` = ?, `proven_spec` = ?",
    );
    let at = times::written(at);
    let statement = statement
        .bind(job.as_str())
        .bind(at.as_str())
        .bind(proof)
        .bind(at.as_str())
        .bind(proof);
    session.execute(&statement).await.map(drop)
}

fn json(place: &Place) -> Result<String, SqlError> {
    serde_json::to_string(place).map_err(|_| odd("writing the place"))
}
