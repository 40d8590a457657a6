//! The matrix of one strategy, played on several stages at once.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

use super::case::Case;
use super::matrix::{Count, Matrix};
use super::played::{Played, Totals};
use super::set::Pace;
use super::stage::Stage;
use super::strategy::Strategy;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The program; `rotate-secret`, if none is named.
    pub function: Option<PathBuf>,
    /// How fast everything goes.
    pub pace: Pace,
    /// Only the cases whose description has these words.
    pub only: String,
    /// So many cases at the most; those of the whole matrix that are evenly spread.
    pub most: usize,
    /// Which sample that is, from 0 to 99.
    pub percent: usize,
    /// Stages at once.
    pub stages: usize,
}

/// Plays the matrix of a strategy. `told` hears of each case as it ends.
pub async fn run(
    asked: &Asked,
    strategy: Strategy,
    told: impl Fn(&Played) + Clone + Send + 'static,
) -> (Count, Totals) {
    let (stages, counts, played) = ready(asked, strategy).await;
    let [count, doctor] = counts;
    let mut totals = Totals::default();
    for played in &played {
        told(played);
        totals.add(strategy, played);
    }
    let matrix = Matrix::of(count);
    let matrix = if has_doctor(asked, strategy) {
        matrix.with_doctor(count, doctor)
    } else {
        matrix
    };
    let matrix = matrix.only(&asked.only).sample(asked.most, asked.percent);
    let queue = Arc::new(Mutex::new(VecDeque::from(matrix.cases().to_vec())));
    let mut playing = JoinSet::new();
    for stage in stages {
        playing.spawn(play(stage, Arc::clone(&queue), told.clone()));
    }
    while let Some(played) = playing.join_next().await {
        for played in played.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic())) {
            totals.add(strategy, &played);
        }
    }
    (count, totals)
}

/// Other functions have none, and where the door is shut for a moment he has to move AWSCURRENT.
fn has_doctor(asked: &Asked, strategy: Strategy) -> bool {
    asked.function.is_none() && strategy.never_refuses()
}

/// The stages, and what an undisturbed rotation and the doctor send at the most on any of them.
async fn ready(asked: &Asked, strategy: Strategy) -> (Vec<Stage>, [Count; 2], Vec<Played>) {
    let mut starting = JoinSet::new();
    for _ in 0..asked.stages {
        let asked = asked.clone();
        starting.spawn(async move {
            let has_doctor = has_doctor(&asked, strategy);
            let mut stage = Stage::start(strategy, asked.pace, asked.function).await;
            let (rotation, mut played) = stage.count().await;
            let mut counts = [rotation, Count::default()];
            if has_doctor {
                let (doctor, one) = stage.count_doctor(rotation).await;
                counts[1] = doctor;
                played.push(one);
            }
            (stage, counts, played)
        });
    }
    let (mut stages, mut all) = (vec![], vec![]);
    let mut most = [Count::default(); 2];
    while let Some(started) = starting.join_next().await {
        let started = started.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
        let (stage, [rotation, doctor], played) = started;
        most = [most[0].max(rotation), most[1].max(doctor)];
        stages.push(stage);
        all.extend(played);
    }
    (stages, most, all)
}

async fn play(
    mut stage: Stage,
    queue: Arc<Mutex<VecDeque<Case>>>,
    told: impl Fn(&Played),
) -> Vec<Played> {
    let next = || queue.lock().expect("no panic under this lock").pop_front();
    let mut all = vec![];
    while let Some(case) = next() {
        let played = stage.play(case).await;
        told(&played);
        all.push(played);
    }
    all
}
