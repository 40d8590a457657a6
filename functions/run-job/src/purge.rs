//! Deletes and archives rows, step by step.
//!
//! What is decided here is decided from plain data: whether the rows may go ([`check`]), which rows
//! ([`condition`]), which index is walked ([`choice`]), how large a step is ([`size`]). What is done
//! is a loop of steps ([`steps`]), each one transaction.

mod check;
mod choice;
mod condition;
mod cutoff;
mod ended;
mod free;
mod outlook;
mod scene;
mod size;
mod steps;

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::Job;

use self::scene::Scene;
use crate::{
    database::{Database, Index, Walk},
    turn::{Ended, Outlook, Turn},
};

/// What the job would do now; nothing is changed.
///
/// # Errors
/// When the server cannot be asked.
pub async fn look<D: Database>(
    session: &mut D::Session,
    job: &Job,
    slot: Timestamp,
) -> Result<Outlook, SqlError> {
    let scene = match Scene::read(session, job, slot).await? {
        Ok(scene) => scene,
        Err(refused) => return Ok(outlook::refused(refused)),
    };
    let Some((rows, _)) = scene::rows(job) else {
        return Ok(Outlook::default());
    };
    Ok(match scene.choose(session, rows).await? {
        Ok(choice) => outlook::of(&scene, &choice),
        Err(refused) => outlook::refused(vec![refused]),
    })
}

/// Goes on with the run until it is through or its turn ends.
pub async fn go_on<D: Database>(turn: &mut Turn<'_, D>) -> Ended {
    let ended = run(turn).await;
    ended.unwrap_or_else(ended::by)
}

async fn run<D: Database>(turn: &mut Turn<'_, D>) -> Result<Ended, SqlError> {
    let scene = match Scene::read(turn.session, turn.job, turn.run.slot).await? {
        Ok(scene) => scene,
        Err(refused) => return Ok(Ended::Failed(refused.join("; "))),
    };
    let index = match index(turn, &scene).await? {
        Ok(index) => index,
        Err(ended) => return Ok(ended),
    };
    let walk = scene.walk(index);
    match lost_place(turn, &walk) {
        Some(ended) => Ok(ended),
        None => steps::all(turn, &walk).await,
    }
}

/// The index that the run walks, or, where it has done nothing yet, the one it is to walk.
async fn index<'a, D: Database>(
    turn: &mut Turn<'_, D>,
    scene: &'a Scene,
) -> Result<Result<&'a Index, Ended>, SqlError> {
    let place = &mut turn.run.place;
    if let Some(index) = scene.table.index(&place.walk) {
        return Ok(Ok(index));
    }
    if place.after.is_some() {
        return Ok(Err(gone(&scene.table.name, &place.walk)));
    }
    let Some((rows, _)) = scene::rows(turn.job) else {
        return Ok(Err(Ended::Failed(
            "policy: expected purge or archive".to_owned(),
        )));
    };
    Ok(match scene.choose(turn.session, rows).await? {
        Ok(choice) => {
            place.walk = choice.index.name.to_string();
            place.estimate = choice.rows;
            Ok(choice.index)
        }
        Err(refused) => Err(Ended::Failed(refused)),
    })
}

/// A place in an index whose columns are others now leads nowhere.
fn lost_place<D: Database>(turn: &Turn<'_, D>, walk: &Walk<'_>) -> Option<Ended> {
    let after = turn.run.place.after.as_ref()?;
    let fits = after.0.len() == walk.key().len() && check::walkable(walk.table, walk.index);
    (!fits).then(|| gone(&walk.table.name, walk.index.name.as_str()))
}

fn gone(table: &jobs::policy::Name, index: &str) -> Ended {
    Ended::Stopped(format!(
        "the index {index} of {table}, in which the run kept its place, is gone or is another one \
         now; the next run begins anew"
    ))
}
