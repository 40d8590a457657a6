//! Letting one thing happen, and looking at what was there before it and what is there after it.

use super::application::Application;
use super::database::{self, Look};
use super::paper::Paper;
use super::programme::{Happening, What};
use super::run::{self, Woken};
use super::stage::Stage;
use super::{Told, checks, import, progress, readers, secret, timeline, trouble, world};
use crate::cloud::Ministack;
use crate::stack::Schedule;

/// What came of it.
struct Came {
    woken: Woken,
    tables: Option<[Look; 2]>,
    deployed: Vec<Schedule>,
}

impl From<Woken> for Came {
    fn from(woken: Woken) -> Self {
        Self {
            woken,
            tables: None,
            deployed: Vec::new(),
        }
    }
}

/// Lets it happen while the application logs in.
pub async fn let_happen(
    paper: &Paper,
    stage: &Stage,
    application: &Application<'_>,
    happening: Happening,
    night: &[Told],
) -> Told {
    application.clock(happening.time);
    pass_for_the_secret(stage, &happening, night).await;
    pass_for_the_alarms(stage, &happening, night).await;
    let before = world::inventory(&stage.cloud, &stage.servers).await;
    let Came {
        woken,
        tables,
        deployed,
    } = Box::pin(came(paper, stage, &happening, night)).await;
    let at_rest = application.tally();
    let mut after = world::inventory(&stage.cloud, &stage.servers).await;
    let new = checks::new_ids(&before, &after);
    if !new.is_empty() {
        world::began(stage.cloud.rds(), &new, happening.time).await;
        after = world::inventory(&stage.cloud, &stage.servers).await;
    }
    // At a rotation, what it does to logins is to be seen; else they go on by themselves.
    let logins = if happening.rotates() {
        application.some_more().await
    } else {
        application.tally()
    };
    Told {
        happening,
        before,
        after,
        tables,
        deployed,
        woken,
        at_rest,
        logins,
    }
}

/// Once it is rotated, the secret grows older by as much as the night does.
async fn pass_for_the_secret(stage: &Stage, happening: &Happening, night: &[Told]) {
    let rotated = |told: &Told| matches!(told.happening.what, What::Rotates);
    if let Some(last) = night.last().filter(|_| night.iter().any(rotated)) {
        let passed = happening.time.duration_since(last.happening.time);
        secret::grow_older(stage.cloud.ministack().await, passed).await;
    }
}

/// Once an alarm has rung, the alarms, the instances and what is noted of both grow older by as much as
/// the night does.
async fn pass_for_the_alarms(stage: &Stage, happening: &Happening, night: &[Told]) {
    let rang = |told: &Told| match told.happening.what {
        What::Readers(_) => true,
        What::Trouble(event) => event != trouble::Event::Begins,
        _ => false,
    };
    if let Some(last) = night.last().filter(|_| night.iter().any(rang)) {
        let passed = happening.time.duration_since(last.happening.time);
        readers::grow_older(&stage.cloud, passed).await;
    }
}

async fn came(paper: &Paper, stage: &Stage, happening: &Happening, night: &[Told]) -> Came {
    let (rds, ministack) = (stage.cloud.rds(), stage.cloud.ministack().await);
    let time = happening.time;
    let woken = match &happening.what {
        What::Due { schedule, due, .. } if schedule.is_of_a_job() => {
            return job(paper, stage, ministack, (schedule, &due.to_string())).await;
        }
        What::Due { schedule, due, .. } => run::fire(ministack, schedule, &due.to_string()).await,
        What::Sleeps(_) => Woken::default(),
        What::Readers(event) => readers::happen(&stage.cloud, *event, time).await,
        What::Trouble(event) => {
            let happens = stage.trouble.happen(&stage.servers, ministack, *event);
            happens.await
        }
        What::Rotates => secret::rotate(ministack, time).await,
        What::Finished { id, cluster } => {
            world::finished(rds, ministack, (id, cluster), time).await
        }
        What::Deleted { id, cluster } => world::deleted(rds, ministack, (id, cluster), time).await,
        What::ByHand(hand) => {
            let asking = import::ask(stage, *hand, night, time);
            return beside_tables(stage, asking).await;
        }
        What::Deploys => {
            let deployed = import::deploy_job(stage, night).await.schedules();
            return Came {
                deployed,
                ..Woken::default().into()
            };
        }
    };
    woken.into()
}

/// A job's schedule; how far its run has come is told meanwhile.
async fn job(
    paper: &Paper,
    stage: &Stage,
    ministack: &Ministack,
    (schedule, due): (&Schedule, &str),
) -> Came {
    let telling = progress::watch(paper, timeline::MARGIN, &stage.servers, schedule.wakes());
    let working = async {
        tokio::select! {
            woken = run::fire(ministack, schedule, due) => woken,
            never = telling => match never {},
        }
    };
    beside_tables(stage, working).await
}

/// With what it found in the database, and what it left there.
async fn beside_tables(stage: &Stage, doing: impl Future<Output = Woken>) -> Came {
    let look = || database::look(stage.servers.both()[0], &stage.tonight);
    let found = look().await;
    let woken = doing.await;
    Came {
        tables: Some([found, look().await]),
        ..woken.into()
    }
}
