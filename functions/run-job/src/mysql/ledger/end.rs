//! The end of a run, and a schedule that is left out: the run's row, the row in
//! `event_execution_log` and the job's own in one transaction.

use aurora_sql::{Session, SqlError, Statement};
use jobs::JobName;

use super::{duplicate, read, times, transaction, write};
use crate::database::{End, Holder, RunId, Skip, State};

pub(super) async fn end(
    session: &mut Session,
    run: RunId,
    holder: &Holder,
    end: &End,
) -> Result<bool, SqlError> {
    transaction::start(session).await?;
    let ended = ended(session, run, holder, end).await;
    transaction::finish(session, ended.map(|ours| (ours, ours))).await
}

async fn ended(
    session: &mut Session,
    run: RunId,
    holder: &Holder,
    end: &End,
) -> Result<bool, SqlError> {
    if !over(session, run, holder, end).await? {
        return Ok(false);
    }
    logged(session, run.0, &end.log_as, status(end.state)).await?;
    counted(session, run, end).await?;
    Ok(true)
}

/// The team is to be told of the end, whatever it was told of the run before.
async fn over(
    session: &mut Session,
    run: RunId,
    holder: &Holder,
    end: &End,
) -> Result<bool, SqlError> {
    let statement = Statement::new(
        "ending a run",
        "UPDATE `nightshift`.`job_run` SET `state` = ?, `ended_at` = ?, `error_message` = ?, \
         `told` = 0 WHERE `id` = ? AND `holder` = ? AND `state` = 'running'",
    );
    let statement = statement
        .bind(read::word(end.state))
        .bind(times::written(end.at))
        .bind(end.error.as_deref())
        .bind(run.0)
        .bind(holder.0.as_str());
    Ok(session.execute(&statement).await? == 1)
}

/// How long it took is how long it worked, where that is known: a run may have waited for its window
/// all day.
async fn logged(
    session: &mut Session,
    run: u64,
    log_as: &str,
    status: &str,
) -> Result<(), SqlError> {
    let statement = Statement::new(
        "writing event_execution_log",
        "INSERT INTO `nightshift`.`event_execution_log` (`event_name`, `executed_at`, `status`, \
         `error_message`, `execution_time_ms`, `run`, `rows_affected`) \
         SELECT ?, `began_at`, ?, `error_message`, IF(`busy_ms` > 0, `busy_ms`, \
         GREATEST(TIMESTAMPDIFF(MICROSECOND, `began_at`, `ended_at`), 0) DIV 1000), `id`, \
         `rows_gone` + `rows_children` FROM `nightshift`.`job_run` WHERE `id` = ?",
    );
    let statement = statement.bind(log_as).bind(status).bind(run);
    session.execute(&statement).await.map(drop)
}

/// One that was stopped has neither failed nor ended well.
async fn counted(session: &mut Session, run: RunId, end: &End) -> Result<(), SqlError> {
    let change = match end.state {
        State::Done => "`failures` = 0",
        State::Failed => "`failures` = `failures` + 1",
        State::Running | State::Stopped | State::Skipped => "`failures` = `failures`",
    };
    let statement = Statement::new("counting failures", "UPDATE `nightshift`.`job` SET ");
    let statement = statement.sql(change);
    let statement = match &end.pause {
        Some(why) => statement
            .sql(", `paused` = 1, `paused_at` = ?, `paused_why` = ?")
            .bind(times::written(end.at))
            .bind(clipped(why)),
        None => statement,
    };
    let statement = statement
        .sql(" WHERE `name` = (SELECT `job` FROM `nightshift`.`job_run` WHERE `id` = ?)")
        .bind(run.0);
    session.execute(&statement).await.map(drop)
}

pub(super) async fn skip(
    session: &mut Session,
    job: &JobName,
    skip: &Skip,
) -> Result<bool, SqlError> {
    transaction::start(session).await?;
    let skipped = match skipped(session, job, skip).await {
        Err(error) if duplicate(&error) => Ok((false, false)),
        skipped => skipped.map(|()| (true, true)),
    };
    let noted = transaction::finish(session, skipped).await?;
    if !noted {
        write::kept_no_more(session, job, skip.slot).await?;
    }
    Ok(noted)
}

async fn skipped(session: &mut Session, job: &JobName, skip: &Skip) -> Result<(), SqlError> {
    write::own_row(session, job).await?;
    let (slot, at) = (times::written(skip.slot), times::written(skip.at));
    let statement = Statement::new(
        "leaving a schedule out",
        "INSERT INTO `nightshift`.`job_run` (`job`, `slot`, `state`, `began_at`, `ended_at`, `spec`, \
         `holder`, `attempts`, `place`, `error_message`, `told`) \
         VALUES (?, ?, 'skipped', ?, ?, ?, '', 0, '{}', ?, ?)",
    );
    let statement = statement.bind(job.as_str()).bind(slot).bind(at.clone());
    let statement = statement.bind(at).bind(skip.spec.as_str());
    let statement = statement.bind(skip.why.as_str()).bind(u64::from(skip.told));
    session.execute(&statement).await?;
    write::kept_no_more(session, job, skip.slot).await?;
    let Some(log_as) = &skip.log_as else {
        return Ok(());
    };
    let id = last_id(session).await?;
    logged(session, id, log_as, status(State::Skipped)).await
}

/// The number of the row that this session inserted last.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-functions.html#function_last-insert-id>
async fn last_id(session: &mut Session) -> Result<u64, SqlError> {
    let what = "leaving a schedule out";
    let statement = Statement::new(what, "SELECT LAST_INSERT_ID()");
    let rows = session.query(&statement).await?;
    let row = rows.first().ok_or_else(|| super::odd(what))?;
    super::number(row, 0, what)
}

/// As monitoring of EVENTs knows them.
const fn status(state: State) -> &'static str {
    match state {
        State::Running => "RUNNING",
        State::Done => "SUCCESS",
        State::Failed => "FAILED",
        State::Stopped => "STOPPED",
        State::Skipped => "SKIPPED",
    }
}

/// As many characters as the column takes.
fn clipped(why: &str) -> String {
    why.chars().take(1_000).collect()
}
