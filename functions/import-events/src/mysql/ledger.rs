//! What the ledger says of a job.

use aurora_sql::{Row, Session, SqlError, Statement};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use jobs::JobName;

use crate::database::{Last, Ledger};

/// No such schema, no such table.
const NONE: [u16; 2] = [1049, 1146];

/// What the ledger says of `job`; `None` where there is no ledger.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read(session: &mut Session, job: &JobName) -> Result<Option<Ledger>, SqlError> {
    let rows = match session.query(&of_job(job)).await {
        Err(SqlError::Refused { code, .. }) if NONE.contains(&code) => return Ok(None),
        rows => rows?,
    };
    let mut ledger = match rows.first() {
        Some(row) => of_row(row)?,
        None => Ledger::default(),
    };
    let open = session.query(&open_run(job)).await?;
    ledger.open = match open.first() {
        Some(row) => time(row, 0)?,
        None => None,
    };
    let last = session.query(&last_run(job)).await?;
    ledger.last = match last.first() {
        Some(row) => last_of(row)?,
        None => None,
    };
    Ok(Some(ledger))
}

fn of_job(job: &JobName) -> Statement {
    let statement = Statement::new(
        "reading the job's row in the ledger",
        "SELECT proven_at, proven_spec, paused, paused_why FROM nightshift.job WHERE name = ?",
    );
    statement.bind(job.as_str())
}

fn open_run(job: &JobName) -> Statement {
    let statement = Statement::new(
        "reading the job's open run in the ledger",
        "SELECT slot FROM nightshift.job_run WHERE job = ? AND state = 'running' \
         ORDER BY slot LIMIT 1",
    );
    statement.bind(job.as_str())
}

fn last_run(job: &JobName) -> Statement {
    let statement = Statement::new(
        "reading the job's last run in the ledger",
        "SELECT ended_at, state, error_message FROM nightshift.job_run \
         WHERE job = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT 1",
    );
    statement.bind(job.as_str())
}

fn of_row(row: &Row) -> Result<Ledger, SqlError> {
    let paused = row.integer(2)? != Some(0);
    let why = row.text(3)?.unwrap_or_else(|| "no reason given".to_owned());
    Ok(Ledger {
        proven: time(row, 0)?.zip(row.text(1)?),
        paused: paused.then_some(why),
        ..Ledger::default()
    })
}

fn last_of(row: &Row) -> Result<Option<Last>, SqlError> {
    let (state, error) = (row.required_text(1)?, row.text(2)?);
    let last = |ended| Last {
        ended,
        state,
        error,
    };
    Ok(time(row, 0)?.map(last))
}

/// All times of the ledger are UTC.
fn time(row: &Row, column: usize) -> Result<Option<Timestamp>, SqlError> {
    let text = row.text(column)?;
    let time = text.and_then(|text| text.parse::<DateTime>().ok());
    Ok(time.and_then(|time| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())))
}
