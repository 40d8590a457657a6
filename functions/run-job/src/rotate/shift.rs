//! One step after another, until nothing is left to do.

use jobs::policy::{Name, Partitions};
use tokio::time::Instant;

use super::{
    archive::Archive,
    observe,
    plan::{Plan, Refusal},
    take::take,
};
use crate::{
    database::{Change, Ledger, Partitioned, Place, Scheme, Supervised, Tally},
    turn::{Ended, Hand},
};

/// Goes on with the run until it is through or its turn ends.
pub async fn shift<S>(hand: &mut Hand<'_, S>) -> Ended
where
    S: Ledger + Partitioned + Supervised,
{
    let Some(wanted) = &hand.job.partitions else {
        return Ended::Failed("the job's policy has no partitions".to_owned());
    };
    loop {
        match step(hand, wanted).await {
            Ok(true) => {}
            Ok(false) => return Ended::Through,
            Err(ended) => return ended,
        }
    }
}

/// Whether there was something to do.
async fn step<S>(hand: &mut Hand<'_, S>, wanted: &Partitions) -> Result<bool, Ended>
where
    S: Ledger + Partitioned + Supervised,
{
    hand.may_go_on().await?;
    let layout = observe::scheme(hand.session, hand.job, wanted).await;
    let layout = layout.map_err(Ended::by)?.map_err(stopped)?;
    settle(hand, &layout).await?;
    let plan = observe::plan_for(hand.session, hand.job, wanted, &layout, hand.run.slot).await;
    let plan = plan.map_err(Ended::by)?.map_err(stopped)?;
    match plan.take.first() {
        _ if !plan.add.is_empty() => add(hand, wanted, &layout, &plan).await?,
        Some(past) => take(hand, wanted, &layout, past).await?,
        None => return Ok(false),
    }
    Ok(true)
}

/// Counts what was being done when the run was cut off, if it took effect.
async fn settle<S>(hand: &mut Hand<'_, S>, layout: &Scheme) -> Result<(), Ended>
where
    S: Ledger + Partitioned + Supervised,
{
    let is_there = |name: &String| layout.partitions.iter().any(|p| p.name == *name);
    let more = match &hand.run.place.change {
        Some(Change::Add(names)) if names.iter().all(is_there) => added(names.len()),
        Some(Change::Take {
            partition,
            rows,
            into,
        }) if !is_there(partition) => {
            let into = into.as_deref().and_then(Archive::parse);
            taken(hand.session, *rows, into.as_ref()).await?
        }
        _ => return Ok(()),
    };
    hand.note(without_change(&hand.run.place), more).await
}

async fn add<S>(
    hand: &mut Hand<'_, S>,
    wanted: &Partitions,
    layout: &Scheme,
    plan: &Plan,
) -> Result<(), Ended>
where
    S: Ledger + Partitioned + Supervised,
{
    let began = Instant::now();
    let names: Vec<String> = plan.add.iter().map(|new| new.name.clone()).collect();
    let more = added(names.len());
    hand.put(changing(&hand.run.place, Change::Add(names)))
        .await?;
    let (schema, table): (&Name, &Name) = (&hand.job.database, &wanted.table);
    let added = hand.session.add(schema, table, layout, &plan.add).await;
    added.map_err(Ended::by)?;
    hand.note(without_change(&hand.run.place), since(began, more))
        .await
}

/// What the ledger is to say of new partitions.
fn added(partitions: usize) -> Tally {
    Tally {
        steps: partitions as u64,
        ..Tally::default()
    }
}

/// What the ledger is to say of a partition that is gone. Rows that were exchanged are counted where
/// they are now.
pub(super) async fn taken<S: Partitioned>(
    session: &mut S,
    rows: u64,
    into: Option<&Archive>,
) -> Result<Tally, Ended> {
    let moved = match into {
        Some(into) => session.size(&into.schema, &into.table).await,
        None => Ok(None),
    };
    let moved = moved.map_err(Ended::by)?;
    let copied = moved.unwrap_or(0);
    Ok(Tally {
        steps: 1,
        rows: if into.is_some() { copied } else { rows },
        copied,
        ..Tally::default()
    })
}

pub(super) fn since(began: Instant, more: Tally) -> Tally {
    let busy_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Tally { busy_ms, ..more }
}

pub(super) fn changing(place: &Place, change: Change) -> Place {
    Place {
        change: Some(change),
        ..place.clone()
    }
}

pub(super) fn without_change(place: &Place) -> Place {
    Place {
        change: None,
        ..place.clone()
    }
}

/// A rail or a check: a person must look, and the run is over.
#[expect(clippy::needless_pass_by_value, reason = "it is over with it")]
pub(super) fn stopped(refusal: Refusal) -> Ended {
    Ended::Stopped(refusal.to_string())
}
