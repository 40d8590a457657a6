//! A rotation as Secrets Manager does it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::case::Runs;
use super::stage::Stage;
use super::subject::Step;
use crate::rotation::STEPS;

/// How long a rotation that fails is tried again. AWS does so five times over minutes; everything
/// is faster here.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long Secrets Manager waits before it tries again.
const PAUSE: Duration = Duration::from_millis(250);

/// A step that failed.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    /// Its place in [`STEPS`].
    pub(super) step: usize,
    /// What the function or Lambda said.
    pub(super) why: String,
}

impl Stage {
    /// Takes the steps from this one on, once each, up to the first that fails.
    pub(super) async fn once(
        &mut self,
        token: &str,
        from: usize,
        runs: Runs,
    ) -> Result<(), Broken> {
        for (number, step) in STEPS.into_iter().enumerate().skip(from) {
            let went = match runs {
                Runs::One => self.one(token, step).await,
                _ => self.both(token, step, runs).await,
            };
            if step == "finishSecret" {
                self.finished = Instant::now();
            }
            went.map_err(|why| Broken { step: number, why })?;
        }
        Ok(())
    }

    /// The same, and after a failure "Secrets Manager retries the entire rotation".
    pub(super) async fn persist(&mut self, token: &str, from: usize) -> Result<(), String> {
        let patience = Instant::now() + PATIENCE;
        let mut from = from;
        loop {
            let Err(broken) = self.once(token, from, Runs::One).await else {
                return Ok(());
            };
            if Instant::now() > patience {
                return Err(format!("{}: {}", STEPS[broken.step], broken.why));
            }
            from = 0;
            sleep(PAUSE).await;
        }
    }

    async fn one(&mut self, token: &str, step: &'static str) -> Result<(), String> {
        let said = self.subject.step(&self.set, 0, token, step).await;
        self.heard(said).await
    }

    /// The same event reaches two execution environments at once. One of them may find the other
    /// at work and fail: Secrets Manager goes on when one has succeeded.
    async fn both(&mut self, token: &str, step: &'static str, runs: Runs) -> Result<(), String> {
        let at_once = async {
            tokio::join!(
                self.subject.step(&self.set, 0, token, step),
                self.subject.step(&self.set, 1, token, step),
            )
        };
        let (first, second) = tokio::select! {
            both = at_once => both,
            never = self.kill_the_second(runs) => match never {},
        };
        self.second_killed = self.has_died();
        let (first, second) = (self.heard(first).await, self.heard(second).await);
        first.or(second)
    }

    /// A relay and the proxy kill the first alone.
    async fn kill_the_second(&self, runs: Runs) -> std::convert::Infallible {
        while runs == Runs::TwoOneDying || self.second_killed || !self.has_died() {
            sleep(Duration::from_millis(1)).await;
        }
        self.subject.killer(1).kill().await;
        std::future::pending().await
    }

    pub(super) async fn heard(&mut self, taken: Step) -> Result<(), String> {
        self.public.hear(taken.log.join("\n"));
        let (Ok(said) | Err(said)) = &taken.result;
        self.public.hear(said.clone());
        self.public.hashes_on(&self.set.pair.writer).await;
        taken.result.map(|_| ())
    }
}
