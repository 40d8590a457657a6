//! One turn at a run, by the kind of its job.

use aurora_sql::SqlError;
use jobs::policy::Kind;

use super::{door::Inside, gate::gate, halt::Halt, hand::Hand};
use crate::{
    database::{Database, Holder, Ledger, Place, Run},
    purge, rotate, supervise,
    turn::{Ended, Outlook, Turn},
};

/// What the job would do now.
pub(super) async fn look<D: Database>(
    session: &mut D::Session,
    job: &jobs::Job,
    slot: jiff::Timestamp,
) -> Result<Outlook, SqlError> {
    match job.kind() {
        Some(Kind::Purge(_) | Kind::Archive(_)) => purge::look::<D>(session, job, slot).await,
        Some(Kind::Partitions(_)) => rotate::look::<D>(session, job, slot).await,
        Some(Kind::Call(_) | Kind::Statement(_)) => supervise::look::<D>(session, job, slot).await,
        // The policy's check refuses it before.
        None => Ok(Outlook::default()),
    }
}

/// A turn at `run`: it is looked at once, when it is new, and then worked on.
pub(super) async fn turn<D: Database>(
    hand: &Hand<'_, D>,
    inside: &mut Inside<D::Session>,
    mut run: Run,
    holder: Holder,
) -> Result<(Run, Ended), Halt> {
    if run.place == Place::default()
        && let Some(ended) = prepare(hand, inside, &mut run, &holder).await?
    {
        return Ok((run, ended));
    }
    let visit = hand.visit;
    let mut gate = gate(visit, hand.door, &inside.server, &inside.credential);
    let mut turn = Turn {
        job: visit.job(),
        run,
        holder,
        session: &mut inside.session,
        gate: &mut gate,
        until: hand.until,
        ends: hand.ends.clone(),
        longest: hand.whole && hand.fresh(),
        now: visit.call.now,
    };
    // Boxed: the compiler has a limit to how deep futures nest.
    let ended = Box::pin(go_on(&mut turn)).await;
    Ok((turn.run, ended))
}

async fn go_on<D: Database>(turn: &mut Turn<'_, D>) -> Ended {
    match turn.job.kind() {
        Some(Kind::Purge(_) | Kind::Archive(_)) => purge::go_on(turn).await,
        Some(Kind::Partitions(_)) => rotate::go_on(turn).await,
        Some(Kind::Call(_) | Kind::Statement(_)) => supervise::go_on(turn).await,
        None => Ended::Stopped("the policy does not say what the job does: correct it.".to_owned()),
    }
}

/// Decides how a new run walks its table; how it ends, where it must not be done as the policy says.
async fn prepare<D: Database>(
    hand: &Hand<'_, D>,
    inside: &mut Inside<D::Session>,
    run: &mut Run,
    holder: &Holder,
) -> Result<Option<Ended>, Halt> {
    let job = hand.visit.job();
    let outlook = match look::<D>(&mut inside.session, job, run.slot).await {
        Ok(outlook) => outlook,
        Err(error) if error.retryable() => return Err(error.into()),
        Err(error) => {
            return Ok(Some(Ended::Failed(format!(
                "looking at what is to be done: {error}"
            ))));
        }
    };
    if !outlook.refused.is_empty() {
        return Ok(Some(Ended::Failed(outlook.refused.join("; "))));
    }
    let place = Place {
        walk: outlook.walk,
        rows: job.chunk.first,
        estimate: outlook.estimate,
        ..Place::default()
    };
    let ours = inside.session.put(run.id, holder, &place).await?;
    run.place = place;
    Ok((!ours).then_some(Ended::NotOurs))
}
