//! The plan for a table as it is now.

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::{Job, policy::Partitions};

use super::plan::{self, Plan, Refusal};
use crate::database::{Partitioned, Scheme};

/// The table's partitions.
pub(super) async fn scheme<S: Partitioned>(
    session: &mut S,
    job: &Job,
    wanted: &Partitions,
) -> Result<Result<Scheme, Refusal>, SqlError> {
    let (schema, table) = (&job.database, &wanted.table);
    let layout = session.scheme(schema, table).await?;
    let there = format!("{schema}.{table}");
    Ok(layout.ok_or(Refusal::NotThere(there)))
}

/// The plan for them, with what they do not say by themselves: whether the one to be split is empty.
pub(super) async fn plan_for<S: Partitioned>(
    session: &mut S,
    job: &Job,
    wanted: &Partitions,
    layout: &Scheme,
    slot: Timestamp,
) -> Result<Result<Plan, Refusal>, SqlError> {
    let plan = match plan::plan(wanted, &job.time_zone, layout, slot) {
        Ok(plan) => plan,
        refused => return Ok(refused),
    };
    let split = plan.open_end.clone().filter(|_| !plan.add.is_empty());
    let Some(partition) = split else {
        return Ok(Ok(plan));
    };
    let (schema, table) = (&job.database, &wanted.table);
    let has_rows = session.has_rows(schema, table, &partition).await?;
    let refused = || Refusal::OpenEndHasRows { partition };
    Ok(if has_rows { Err(refused()) } else { Ok(plan) })
}

/// Both.
pub(super) async fn plan<S: Partitioned>(
    session: &mut S,
    job: &Job,
    wanted: &Partitions,
    slot: Timestamp,
) -> Result<Result<Plan, Refusal>, SqlError> {
    match scheme(session, job, wanted).await? {
        Ok(layout) => plan_for(session, job, wanted, &layout, slot).await,
        Err(refusal) => Ok(Err(refusal)),
    }
}
