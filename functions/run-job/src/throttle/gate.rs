//! The gate before each step.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use jobs::policy::Throttle;
use tokio::time::{Instant, timeout};

use super::{
    Metrics, Own, Reading, Replica, Verdict, What,
    decide::{decide, furthest},
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
    /// Whether a limit is exceeded.
    exceeded: bool,
    /// Until when the verdict holds, and until when all but the lags need not be looked at.
    next: Option<Instant>,
    whole: Option<Instant>,
    waits: u32,
    /// The lag at the last look.
    lag: Option<(Instant, f64)>,
    /// Since when the job has been held back for a limit that is near.
    held: Option<Instant>,
    /// The most sessions that waited for a lock of the job since the last look.
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
            exceeded: false,
            next: None,
            whole: None,
            waits: 0,
            lag: None,
            held: None,
            blocked: None,
        }
    }

    /// What holds now. It looks at the servers only as often as the policy says, and keeps the last
    /// answer between. The lag is looked at every 50 ms, where it has a soft limit.
    ///
    /// **It holds back.** Where the lag is within its soft limit but heading beyond it, or above a third
    /// of it, the job waits as well, but never longer than eight times the policy's `every_ms`.
    pub async fn pass(&mut self, own: Own) -> Verdict {
        let now = Instant::now();
        match self.next.filter(|next| now < *next) {
            Some(next) => {
                if let Verdict::Wait { again, .. } = &mut self.verdict {
                    *again = next - now;
                }
            }
            None if self.exceeded || self.whole.is_none_or(|whole| whole <= now) => {
                self.look(own).await;
            }
            None => self.look_at_lags().await,
        }
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
        self.whole = Some(Instant::now() + self.every);
        self.settle();
    }

    async fn look_at_lags(&mut self) {
        let lags = self.watch.lags().await;
        let others = |reading: &Reading| !matches!(reading.what, What::Lag { .. });
        self.readings.retain(others);
        self.readings.extend(lags);
        self.settle();
    }

    /// What the readings mean, and how long that holds.
    fn settle(&mut self) {
        let again = pace::again(self.waits, self.every);
        let verdict = decide(self.watch.limits, &self.readings, again);
        self.exceeded = verdict != Verdict::Go;
        self.waits = match verdict {
            Verdict::Wait { .. } => self.waits.saturating_add(1),
            Verdict::Go | Verdict::Stop { .. } => 0,
        };
        let near = self.near();
        self.verdict = if self.exceeded {
            self.held = None;
            verdict
        } else {
            near.unwrap_or(Verdict::Go)
        };
        let hold = match self.verdict {
            Verdict::Wait { again, .. } => again,
            Verdict::Go if self.lag.is_some() => pace::CLOSELY.min(self.every),
            Verdict::Go | Verdict::Stop { .. } => self.every,
        };
        self.next = Some(Instant::now() + hold);
    }

    /// Whether to wait because the lag's limit is near, or the lag heads for it.
    fn near(&mut self) -> Option<Verdict> {
        let now = Instant::now();
        let Some(found) = furthest(self.watch.limits, &self.readings) else {
            (self.lag, self.held) = (None, None);
            return None;
        };
        let last = self.lag.replace((now, found.lag));
        let (then, before) = last.unwrap_or((now, found.lag));
        let heading = pace::heading(before, found.lag, now - then);
        let since = *self.held.get_or_insert(now);
        let near = pace::holds_back(found.lag, heading, found.soft);
        if !near || now - since >= pace::longest(self.every) {
            self.held = None;
            return None;
        }
        Some(Verdict::Wait {
            why: found.words,
            again: pace::CLOSELY,
        })
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
        let ids = own.map(|(name, _)| name).collect();
        (Readers::Aurora(ids), named.collect())
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
