//! Reading where a job stands.

use aurora_sql::{Row, Session, SqlError, Statement};
use jiff::Timestamp;
use jobs::JobName;

use super::{number, odd, times};
use crate::database::{Pause, Run, RunId, Standing, State, Tally};

const COLUMNS: &str = "SELECT `id`, `slot`, `began_at`, `ended_at`, `state`, `error_message`, `spec`, \
     `place`, `steps`, `rows_gone`, `rows_copied`, `rows_children`, `checksum`, `busy_ms`, `attempts`, \
     `told` FROM `nightshift`.`job_run` WHERE ";
const WHAT: &str = "reading the ledger";

/// So many runs that nobody was told of are told at once; the others the next time.
const UNTOLD: &str =
    "`job` = ? AND `state` <> 'running' AND `told` = 0 ORDER BY `ended_at`, `id` LIMIT 10";

/// What is known of `job`: nothing at all of one that never ran.
pub(super) async fn standing(session: &mut Session, job: &JobName) -> Result<Standing, SqlError> {
    let open = "`job` = ? AND `state` = 'running' ORDER BY `id` LIMIT 1";
    let last = "`job` = ? AND `state` <> 'running' ORDER BY `ended_at` DESC, `id` DESC LIMIT 1";
    let of_job = Switches::of(session, job).await?.unwrap_or_default();
    Ok(Standing {
        paused: of_job.paused,
        failures: of_job.failures,
        buffered: of_job.buffered,
        open: runs(session, job, open).await?.pop(),
        last: runs(session, job, last).await?.pop(),
        untold: runs(session, job, UNTOLD).await?,
    })
}

/// Whether the job is paused now.
pub(super) async fn paused(
    session: &mut Session,
    job: &JobName,
) -> Result<Option<Pause>, SqlError> {
    let of_job = Switches::of(session, job).await?;
    Ok(of_job.and_then(|of_job| of_job.paused))
}

/// The run for this time, or one that is not over.
pub(super) async fn in_the_way(
    session: &mut Session,
    job: &JobName,
    slot: Timestamp,
) -> Result<Option<Run>, SqlError> {
    let statement = Statement::new(WHAT, COLUMNS)
        .sql("`job` = ? AND (`slot` = ? OR `state` = 'running') ORDER BY `slot` = ? DESC LIMIT 1")
        .bind(job.as_str())
        .bind(times::written(slot))
        .bind(times::written(slot));
    let rows = session.query(&statement).await?;
    rows.first().map(run).transpose()
}

async fn runs(
    session: &mut Session,
    job: &JobName,
    which: &'static str,
) -> Result<Vec<Run>, SqlError> {
    let statement = Statement::new(WHAT, COLUMNS).sql(which).bind(job.as_str());
    let rows = session.query(&statement).await?;
    rows.iter().map(run).collect()
}

/// The row of the job itself.
#[derive(Default)]
struct Switches {
    paused: Option<Pause>,
    failures: u32,
    buffered: Option<Timestamp>,
}

impl Switches {
    async fn of(session: &mut Session, job: &JobName) -> Result<Option<Self>, SqlError> {
        let statement = Statement::new(
            WHAT,
            "SELECT `paused`, `paused_at`, `paused_why`, `failures`, `buffered` \
             FROM `nightshift`.`job` WHERE `name` = ?",
        );
        let rows = session.query(&statement.bind(job.as_str())).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let why = row.text(2)?.filter(|why| !why.trim().is_empty());
        let pause = Pause {
            since: times::read(row, 1, WHAT)?,
            why: why.unwrap_or_else(|| "no reason was given".to_owned()),
        };
        Ok(Some(Self {
            paused: (number::<u8>(row, 0, WHAT)? != 0).then_some(pause),
            failures: number(row, 3, WHAT)?,
            buffered: times::read(row, 4, WHAT)?,
        }))
    }
}

/// A row with [`COLUMNS`].
fn run(row: &Row) -> Result<Run, SqlError> {
    let time = |column| times::read(row, column, WHAT)?.ok_or_else(|| odd(WHAT));
    let place = row.required_text(7)?;
    Ok(Run {
        id: RunId(number(row, 0, WHAT)?),
        slot: time(1)?,
        began: time(2)?,
        ended: times::read(row, 3, WHAT)?,
        state: state(&row.required_text(4)?).ok_or_else(|| odd(WHAT))?,
        error: row.text(5)?,
        spec: row.required_text(6)?,
        place: serde_json::from_str(&place).map_err(|_| odd(WHAT))?,
        tally: tally(row)?,
        attempts: number(row, 14, WHAT)?,
        told: number::<u8>(row, 15, WHAT)? != 0,
    })
}

fn tally(row: &Row) -> Result<Tally, SqlError> {
    Ok(Tally {
        steps: number(row, 8, WHAT)?,
        rows: number(row, 9, WHAT)?,
        copied: number(row, 10, WHAT)?,
        children: number(row, 11, WHAT)?,
        checksum: number(row, 12, WHAT)?,
        busy_ms: number(row, 13, WHAT)?,
    })
}

const STATES: [(State, &str); 5] = [
    (State::Running, "running"),
    (State::Done, "done"),
    (State::Failed, "failed"),
    (State::Stopped, "stopped"),
    (State::Skipped, "skipped"),
];

fn state(word: &str) -> Option<State> {
    let known = STATES.iter().find(|(_, known)| *known == word);
    known.map(|(state, _)| *state)
}

/// As the column `state` has it.
pub(super) fn word(state: State) -> &'static str {
    let known = STATES.iter().find(|(known, _)| *known == state);
    known.map_or("", |(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back() {
        for (known, _) in STATES {
            assert_eq!(state(word(known)), Some(known));
        }
    }
}
