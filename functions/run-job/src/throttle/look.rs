//! Looking: every server at the same time, and on each one thing after the other.

use futures_util::future::{join, join_all};
use jobs::policy::Throttle;

use super::{
    Metrics, Own, Reading, What,
    door::{Door, Key},
};
use crate::database::{Database, Endpoint, Readings as _, Signal, Unread};

/// A reader of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The identifier of its DB instance.
    pub name: String,
    /// Where it listens.
    pub endpoint: Endpoint,
}

/// Where the lag of the cluster's own readers is read.
pub(super) enum Readers {
    /// Aurora's, by DB instance: on the writer, or else in CloudWatch.
    Aurora(Vec<String>),
    /// Binlog replicas': on each of them.
    Binlog,
}

/// The servers, and what is asked of them.
pub(super) struct Watch<'a, D: Database> {
    pub(super) limits: &'a Throttle,
    pub(super) key: Key<'a, D>,
    pub(super) writer: Door<D::Session>,
    pub(super) readers: Readers,
    pub(super) replicas: Vec<(String, Door<D::Session>)>,
    pub(super) metrics: Option<Metrics>,
}

impl<D: Database> Watch<'_, D> {
    /// Everything that has a limit.
    pub(super) async fn all(&mut self, own: Own) -> Vec<Reading> {
        let signals = signals(self.limits, own);
        let mut readings = self.look(&signals, self.limits.replica_lag.is_some()).await;
        if let Some(commit) = own.commit.filter(|_| self.limits.commit_ms.is_some()) {
            let value = Ok(commit.as_secs_f64() * 1_000.0);
            let what = What::Commit;
            readings.push(Reading { what, value });
        }
        readings
    }

    /// The lags alone.
    pub(super) async fn lags(&mut self) -> Vec<Reading> {
        self.look(&[], self.limits.replica_lag.is_some()).await
    }

    /// How many sessions wait for the job's locks now, as far as it can be read.
    pub(super) async fn lock_waits(&mut self, own: Own) -> Option<f64> {
        let holder = own.connection;
        let signal = Signal::LockWaits { holder };
        let asked = self
            .writer
            .ask(&self.key, async |session| session.reading(signal).await);
        asked.await.ok()
    }

    async fn look(&mut self, signals: &[(What, Signal<'_>)], lags: bool) -> Vec<Reading> {
        let Self {
            key,
            writer,
            readers,
            replicas,
            metrics,
            ..
        } = self;
        let replicas = replicas.iter_mut().filter(|_| lags);
        let at_replicas = join_all(replicas.map(|(name, door)| at_replica(key, name, door)));
        let at_writer = async {
            let mut readings = at_writer(key, writer, signals).await;
            if let (true, Readers::Aurora(readers)) = (lags, &*readers) {
                readings.extend(of_readers(key, writer, readers, metrics.as_mut()).await);
            }
            readings
        };
        let (mut readings, lags) = join(at_writer, at_replicas).await;
        readings.extend(lags);
        readings
    }
}

/// What is asked of the writer: what has a limit.
fn signals(limits: &Throttle, own: Own) -> Vec<(What, Signal<'_>)> {
    let connection = own.connection;
    let running = Signal::ThreadsRunning {
        without: connection,
    };
    let waits = Signal::LockWaits { holder: connection };
    let (history, threads, locks) = (
        limits
            .history_list_length
            .map(|_| Signal::HistoryListLength),
        limits.threads_running.map(|_| running),
        limits.lock_waits.map(|_| waits),
    );
    let query = limits.query.as_ref().map(|query| Signal::Query(&query.sql));
    let all = [
        (What::HistoryListLength, history),
        (What::ThreadsRunning, threads),
        (What::LockWaits, locks),
        (What::Query, query),
    ];
    let asked = all.into_iter();
    asked
        .filter_map(|(what, signal)| Some((what, signal?)))
        .collect()
}

/// A server that does not answer one question is not asked the next.
async fn at_writer<D: Database>(
    key: &Key<'_, D>,
    writer: &mut Door<D::Session>,
    signals: &[(What, Signal<'_>)],
) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut away: Option<Unread> = None;
    for (what, signal) in signals {
        let value = if let Some(error) = &away {
            Err(error.clone())
        } else {
            let asked = writer.ask(key, async |session| session.reading(*signal).await);
            asked.await
        };
        away = value
            .as_ref()
            .err()
            .filter(|e| e.ends_the_session())
            .cloned();
        readings.push(reading(what.clone(), value));
    }
    readings
}

async fn at_replica<D: Database>(
    key: &Key<'_, D>,
    name: &str,
    door: &mut Door<D::Session>,
) -> Reading {
    let signal = Signal::ReplicaLag;
    let asked = door.ask(key, async |session| session.reading(signal).await);
    let of = name.to_owned();
    reading(What::Lag { of }, asked.await)
}

/// Each reader that the cluster has, and each that told of itself.
async fn of_readers<D: Database>(
    key: &Key<'_, D>,
    writer: &mut Door<D::Session>,
    readers: &[String],
    metrics: Option<&mut Metrics>,
) -> Vec<Reading> {
    let asked = writer.ask(key, async |session| session.reader_lags().await);
    let told = match (asked.await, metrics) {
        (Ok(told), _) => told,
        (Err(Unread::Right { .. } | Unread::Odd(_)), Some(metrics)) => {
            return metrics.lags(readers).await;
        }
        (Err(error), _) => {
            let lag = |of: &String| reading(What::Lag { of: of.clone() }, Err(error.clone()));
            return readers.iter().map(lag).collect();
        }
    };
    let silent = readers
        .iter()
        .filter(|name| told.iter().all(|lag| lag.reader != **name));
    let silent = silent.map(|name| (name.clone(), Err(Unread::Odd(SILENT.to_owned()))));
    let silent: Vec<_> = silent.collect();
    let told = told
        .into_iter()
        .map(|lag| (lag.reader, Ok(lag.milliseconds)));
    let all = told.chain(silent);
    all.map(|(of, value)| reading(What::Lag { of }, value))
        .collect()
}

const SILENT: &str =
    "the reader has told the writer nothing for a minute (information_schema.replica_host_status)";

fn reading(what: What, value: Result<f64, Unread>) -> Reading {
    let value = value.map_err(|error| error.to_string());
    Reading { what, value }
}
