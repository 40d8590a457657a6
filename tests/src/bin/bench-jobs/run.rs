//! One run of one contender, from the same data as all others.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout},
};

use crate::{
    contender::{LIMIT, Turn},
    foreground::{Foreground, Operation},
    stage::Stage,
    watch::{POSITIONS, Seen, Watch},
};

/// How long the application runs before the contender begins.
const BEFORE: Duration = Duration::from_secs(10);
/// How long it goes on once the replica has caught up.
const AFTER: Duration = Duration::from_secs(2);

/// What was seen of one run. Times are seconds from the application's start.
#[derive(Clone, Debug)]
pub struct Run {
    /// Whose.
    pub turn: Turn,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// When the contender began.
    pub began: f64,
    /// When it ended.
    pub ended: f64,
    /// When the replica had everything that the writer had at the end; `None`: not in time.
    pub caught_up: Option<f64>,
    /// What the application did.
    pub operations: Vec<Operation>,
    /// What the servers said.
    pub seen: Seen,
}

/// Puts the data back, lets the contender work beside the application, waits for the replica.
pub async fn measure(stage: &Arc<Stage>, turn: Turn) -> Run {
    stage.raise().await;
    let origin = Instant::now();
    let watch = Watch::start(stage, origin).await;
    let foreground = Foreground::start(stage, origin).await;
    sleep(BEFORE).await;
    let began = origin.elapsed().as_secs_f64();
    let worked = work(stage, turn).await;
    let ended = origin.elapsed().as_secs_f64();
    let caught_up = timeout(LIMIT, catch_up(&watch)).await.ok();
    let caught_up = caught_up.map(|()| origin.elapsed().as_secs_f64());
    sleep(AFTER).await;
    let run = Run {
        turn,
        failed: worked.err(),
        began,
        ended,
        caught_up,
        operations: foreground.done(),
        seen: watch.seen(),
    };
    stage.strike().await;
    run
}

/// The contender's work. What ends a test, such as a function that does not start, ends this one run.
async fn work(stage: &Arc<Stage>, turn: Turn) -> Result<(), String> {
    let stage = Arc::clone(stage);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { turn.work(&stage).await });
    match tasks.join_next().await {
        Some(Ok(worked)) => worked,
        Some(Err(error)) => Err(panicked(error)),
        None => Ok(()),
    }
}

fn panicked(error: JoinError) -> String {
    let said = match error.try_into_panic() {
        Ok(said) => said.downcast::<String>().ok(),
        Err(_) => None,
    };
    said.map_or_else(|| "it was ended".to_owned(), |said| *said)
}

/// Waits until the replica has what the writer has now.
async fn catch_up(watch: &Watch) {
    // Of this moment, not of one before the last commit.
    sleep(2 * POSITIONS).await;
    let (goal, _) = watch.last();
    while watch.last().1 < goal {
        sleep(POSITIONS).await;
    }
}
