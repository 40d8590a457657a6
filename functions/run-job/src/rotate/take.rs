//! Taking one partition away.
//!
//! Its rows are counted first, the count is written to the ledger, and then it goes: a run that is
//! cut off in between sees in the table whether it is gone, and counts it once. It only goes with as
//! many rows as were counted: where somebody writes into a partition past its age in the moment
//! between, all begins again; under an exchange, only an empty partition goes.

use jobs::policy::{Partitions, Past};
use tokio::time::Instant;

use super::{
    archive::Archive,
    observe,
    plan::Refusal,
    shift::{changing, since, stopped, taken, without_change},
};
use crate::{
    database::{Change, Exchanged, Ledger, Partition, Partitioned, Scheme, Supervised},
    turn::{Ended, Hand},
};

/// So many times the rows of a partition past its age are counted anew.
const TRIES: u32 = 10;

pub(super) async fn take<S>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    layout: &Scheme,
    past: &Partition,
) -> Result<(), Ended>
where
    S: Ledger + Partitioned + Supervised,
{
    for _ in 0..TRIES {
        if once(hand, wanted, layout, past).await? {
            return Ok(());
        }
    }
    let partition = past.name.clone();
    Err(stopped(Refusal::StillWritten { partition }))
}

/// Whether it is gone, or to stay. Otherwise its rows have changed since they were counted.
async fn once<S>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    layout: &Scheme,
    past: &Partition,
) -> Result<bool, Ended>
where
    S: Ledger + Partitioned + Supervised,
{
    let began = Instant::now();
    let rows = count(hand, wanted, layout, past).await?;
    let archive = match &wanted.past {
        Past::Drop => None,
        Past::ExchangeInto(schema) => Some(Archive::of(schema, &wanted.table, &past.name)),
    };
    let archive = archive.transpose().map_err(stopped)?;
    let into = archive
        .as_ref()
        .filter(|into| rows > 0 || is_begun(hand, past, into));
    let change = Change::Take {
        partition: past.name.clone(),
        rows,
        into: into.map(Archive::kept),
    };
    hand.put(changing(&hand.run.place, change)).await?;
    if let Some(into) = into.filter(|_| rows > 0) {
        empty(hand, wanted, past, into).await?;
    }
    if !still_past(hand, wanted, past).await? {
        return Ok(true);
    }
    if !drop_it(hand, wanted, past, (rows, archive.as_ref())).await? {
        return Ok(false);
    }
    let more = taken(hand.session, rows, into).await?;
    let noted = hand.note(without_change(&hand.run.place), since(began, more));
    noted.await.map(|()| true)
}

/// Whether the run was cut off behind the exchange, so that the rows are there and not here.
fn is_begun<S>(hand: &Hand<'_, S>, past: &Partition, into: &Archive) -> bool {
    let Some(Change::Take {
        partition,
        into: kept,
        ..
    }) = &hand.run.place.change
    else {
        return false;
    };
    *partition == past.name && *kept == Some(into.kept())
}

/// How many rows it has. All of them must have a date.
async fn count<S: Partitioned>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    layout: &Scheme,
    past: &Partition,
) -> Result<u64, Ended> {
    let (schema, table) = (&hand.job.database, &wanted.table);
    let counted = hand
        .session
        .count(schema, table, &past.name, &layout.column)
        .await;
    let counted = counted.map_err(Ended::by)?;
    if counted.undated > 0 {
        return Err(stopped(Refusal::Undated {
            partition: past.name.clone(),
            rows: counted.undated,
            column: layout.column.clone(),
        }));
    }
    Ok(counted.rows)
}

/// Exchanges its rows into the archive table.
async fn empty<S: Partitioned>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    past: &Partition,
    into: &Archive,
) -> Result<(), Ended> {
    let (schema, table) = (&hand.job.database, &wanted.table);
    let (archive, name) = (&into.schema, &into.table);
    let made = hand.session.make_like(schema, table, archive, name).await;
    made.map_err(|error| into.failed(error))?;
    let exchanged = hand
        .session
        .exchange(schema, table, &past.name, archive, name);
    match exchanged.await.map_err(|error| into.failed(error))? {
        Exchanged::Moved(_) => Ok(()),
        Exchanged::NotEmpty(rows) => Err(stopped(Refusal::ArchiveInUse {
            table: into.to_string(),
            rows,
            partition: past.name.clone(),
        })),
    }
}

/// Decides again on the table as it is now, right before the partition goes.
async fn still_past<S: Partitioned>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    past: &Partition,
) -> Result<bool, Ended> {
    let plan = observe::plan(hand.session, hand.job, wanted, hand.run.slot).await;
    let plan = plan.map_err(Ended::by)?.map_err(stopped)?;
    let same = |first: &Partition| first.name == past.name && first.below == past.below;
    Ok(plan.add.is_empty() && plan.take.first().is_some_and(same))
}

/// Whether it was dropped. What was exchanged is not there any more.
async fn drop_it<S: Partitioned>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    past: &Partition,
    (rows, archive): (u64, Option<&Archive>),
) -> Result<bool, Ended> {
    let (schema, table) = (&hand.job.database, &wanted.table);
    let rows = if archive.is_some() { 0 } else { rows };
    let dropped = hand
        .session
        .drop_partition(schema, table, &past.name, rows)
        .await;
    match (dropped.map_err(Ended::by)?, archive) {
        (false, Some(archive)) => Err(stopped(Refusal::NewRows {
            partition: past.name.clone(),
            table: archive.to_string(),
        })),
        (dropped, _) => Ok(dropped),
    }
}
