//! The last runs of run-job, from its ledger.

use aurora_sql::{Row, Session, SqlError, Statement};

use super::{gaps::NO_TABLE, spell::number};
use crate::database::look::JobRun;

/// So many are told of.
const MOST: u64 = 10;

/// The last runs, newest first; none where the ledger is not there. A server says of a table that one has
/// no right to that the right is missing, whether there is such a table or not; so that is asked then.
pub(super) async fn runs(session: &mut Session) -> Result<Vec<JobRun>, SqlError> {
    match session.query(&statement()).await {
        Ok(rows) => rows.iter().map(run).collect(),
        Err(SqlError::Refused { code, .. }) if NO_TABLE.contains(&code) => Ok(Vec::new()),
        Err(error @ SqlError::MissingRight { .. }) if is_there(session).await => Err(error),
        Err(SqlError::MissingRight { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A run that goes on has moved last when it began, as far as the ledger says.
fn statement() -> Statement {
    Statement::new(
        "reading the ledger",
        "SELECT `job`, `state`, GREATEST(0, \
         TIMESTAMPDIFF(SECOND, COALESCE(`ended_at`, `began_at`), UTC_TIMESTAMP(3))), `rows_gone` \
         FROM `nightshift`.`job_run` ORDER BY `id` DESC LIMIT ",
    )
    .number(MOST)
}

fn run(row: &Row) -> Result<JobRun, SqlError> {
    Ok(JobRun {
        job: row.required_text(0)?,
        state: row.required_text(1)?,
        ago: number(row, 2)?,
        rows: number(row, 3)?,
    })
}

/// Whether there is a ledger, as `InnoDB` knows it: that takes the right `PROCESS` only.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-tables-table.html>
async fn is_there(session: &mut Session) -> bool {
    let statement = Statement::new(
        "looking for the ledger",
        "SELECT 1 FROM information_schema.INNODB_TABLES WHERE NAME = 'nightshift/job_run'",
    );
    let rows = session.query(&statement).await;
    rows.is_ok_and(|rows| !rows.is_empty())
}
