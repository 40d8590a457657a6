//! The gate before each step.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use jobs::policy::Throttle;
use tokio::time::{Instant, sleep, timeout};

use super::{
    Metrics, Own, Reading, Replica, Verdict, What,
    decide::{decide, lag_of_limit},
    door::{Door, Key},
    look::{Readers, Watch},
    pace,
};
use crate::database::{Access, Database, Endpoint, Login};

/// How long a monitoring session may take to be opened, and for one reading.
const CONNECT: Duration = Duration::from_secs(1);
const STATEMENT: Duration = Duration::from_secs(2);
/// How often to see, while a step works, who waits for its locks.
const SAMPLE: Duration = Duration::from_millis(50);

/// What a gate watches, and as whom.
pub struct Scope<'a> {
    /// The cluster's writer.
    pub writer: Endpoint,
    /// The cluster's readers.
    pub readers: Vec<Replica>,
    /// Whether the writer is Aurora: see [`Server::aurora`](crate::database::Server::aurora).
    pub aurora: bool,
    /// Who looks.
    pub login: Login<'a>,
    /// How one may log in. A look takes less time than it allows: 1 s for a login, 2 s for a reading.
    pub access: Access,
    /// What must hold.
    pub limits: &'a Throttle,
    /// Where the lag of Aurora's readers is read if the writer cannot be asked.
    pub metrics: Option<Metrics>,
}

/// The throttle of one invocation, with logins of its own: one on the writer, and one on each replica
/// that must be asked itself. They are opened when they are first needed, so a gate without limits
/// opens none.
pub struct Gate<'a, D: Database> {
    watch: Watch<'a, D>,
    every: Duration,
    readings: Vec<Reading>,
    verdict: Verdict,
    next: Option<Instant>,
    waits: u32,
    blocked: Option<f64>,
}

impl<'a, D: Database> Gate<'a, D> {
    /// A gate that has not looked yet.
    #[must_use]
    pub fn new(database: &'a D, scope: Scope<'a>) -> Self {
        let every = Duration::from_millis(scope.limits.every_ms.into());
        Self {
            watch: watch(database, scope),
            every,
            readings: Vec::new(),
            verdict: Verdict::Go,
            next: None,
            waits: 0,
            blocked: None,
        }
    }

    /// What holds now. It looks at the servers only as often as the policy says, and keeps the last
    /// answer between; from a tenth of the lag's soft limit on it looks every time.
    ///
    /// **It brakes.** From a third of the lag's soft limit on it takes its time before it says
    /// [`Verdict::Go`], but never longer than the policy's `every_ms`.
    pub async fn pass(&mut self, own: Own) -> Verdict {
        let now = Instant::now();
        match self.next.filter(|next| now < *next) {
            None => self.look(own).await,
            Some(next) => {
                if let Verdict::Wait { again, .. } = &mut self.verdict {
                    *again = next - now;
                }
            }
        }
        self.brake().await;
        self.verdict.clone()
    }

    /// Carries out `work`, which is a step, and sees meanwhile who waits for its locks: between two
    /// steps the job holds none. The most that ever waited counts at the next look.
    pub async fn during<T>(&mut self, own: Own, work: impl Future<Output = T>) -> T {
        if self.watch.limits.lock_waits.is_none() {
            return work.await;
        }
        let mut work = pin!(work);
        loop {
            if let Ok(done) = timeout(SAMPLE, work.as_mut()).await {
                return done;
            }
            // A look is never dropped in the middle: that would cost its session.
            let sample = pin!(self.watch.lock_waits(own));
            let (waiting, done) = match select(work.as_mut(), sample).await {
                Either::Left((done, sample)) => (sample.await, Some(done)),
                Either::Right((waiting, _)) => (waiting, None),
            };
            self.blocked = most(self.blocked, waiting);
            if let Some(done) = done {
                return done;
            }
        }
    }

    async fn look(&mut self, own: Own) {
        self.readings = self.watch.all(own).await;
        let blocked = self.blocked.take();
        for reading in &mut self.readings {
            if reading.what == What::LockWaits
                && let Ok(waiting) = &mut reading.value
            {
                *waiting = waiting.max(blocked.unwrap_or_default());
            }
        }
        self.settle();
    }

    /// While the lag is near its limit, the replicas are given time.
    async fn brake(&mut self) {
        let by = Instant::now() + self.every;
        while self.verdict == Verdict::Go && pace::brakes(self.lag()) && Instant::now() < by {
            sleep(pace::TOUCH).await;
            let lags = self.watch.lags().await;
            self.readings
                .retain(|reading| !matches!(reading.what, What::Lag { .. }));
            self.readings.extend(lags);
            self.settle();
        }
    }

    /// What the readings mean, and how long that holds.
    fn settle(&mut self) {
        let again = pace::again(self.waits, self.every);
        self.verdict = decide(self.watch.limits, &self.readings, again);
        let hold = match self.verdict {
            Verdict::Go => {
                self.waits = 0;
                pace::hold(self.lag(), self.every)
            }
            Verdict::Wait { again, .. } => {
                self.waits = self.waits.saturating_add(1);
                again
            }
            Verdict::Stop { .. } => self.every,
        };
        self.next = Some(Instant::now() + hold);
    }

    fn lag(&self) -> Option<f64> {
        lag_of_limit(self.watch.limits, &self.readings)
    }
}

/// What is watched, and through which doors: an Aurora reader's lag is known on the writer, a binlog
/// replica's on itself.
fn watch<'a, D: Database>(database: &'a D, scope: Scope<'a>) -> Watch<'a, D> {
    let Scope {
        writer,
        readers,
        aurora,
        login,
        access,
        limits,
        metrics,
    } = scope;
    let access = Access {
        connect: CONNECT.min(access.connect),
        statement: STATEMENT.min(access.statement),
        ..access
    };
    let named = limits.replica_lag.iter().flat_map(|lag| &lag.replicas);
    let named = named.map(|at| (at.to_string(), at.endpoint().clone()));
    let own = readers
        .into_iter()
        .map(|reader| (reader.name, reader.endpoint));
    let (readers, replicas): (_, Vec<_>) = if aurora {
        let names = own.map(|(name, _)| name).collect();
        (Readers::Aurora(names), named.collect())
    } else {
        (Readers::Binlog, own.chain(named).collect())
    };
    let door = |(name, endpoint)| (name, Door::at(endpoint));
    Watch {
        limits,
        key: Key {
            database,
            login,
            access,
        },
        writer: Door::at(writer),
        readers,
        replicas: replicas.into_iter().map(door).collect(),
        metrics,
    }
}

fn most(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}
