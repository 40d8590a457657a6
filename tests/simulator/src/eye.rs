//! Sees every step, and asks every invariant after it.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use simulated_aws::{Account, Effect, Record, SimulatedTime, Witness};

use crate::{
    database::Servers,
    history::{Chain, History, Run},
    invariants::{self, Violation},
    script::Script,
    step::{Step, What},
};

/// Sees every step, and asks every invariant after it.
pub struct Eye {
    time: SimulatedTime,
    servers: Servers,
    seen: Mutex<Seen>,
}

struct Seen {
    history: History,
    violation: Option<Violation>,
    // What others have to be told of: events that RDS emitted, snapshots that were deleted.
    news: Vec<(Timestamp, Option<usize>, Effect)>,
}

impl Eye {
    /// An eye on `script`.
    #[must_use]
    pub fn on(script: &Arc<Script>, time: SimulatedTime, servers: Servers) -> Self {
        let seen = Seen {
            history: History::new(script),
            violation: None,
            news: Vec::new(),
        };
        Self {
            time,
            servers,
            seen: Mutex::new(seen),
        }
    }

    /// A step that is none of the account's.
    pub fn step(&self, what: What) {
        self.see(self.time.now(), None, what, None);
    }

    /// Opens a chain and returns its number.
    pub fn open(&self, chain: Chain) -> usize {
        let number = {
            let mut seen = self.seen();
            seen.history.chains.push(chain);
            seen.history.chains.len() - 1
        };
        self.step(What::Delivered { chain: number });
        number
    }

    /// Begins a run of `chain` and returns its number.
    pub fn begin(&self, chain: usize) -> usize {
        let run = {
            let mut seen = self.seen();
            let history = &mut seen.history;
            let run = history.runs.len();
            history.chains[chain].runs.push(run);
            history.runs.push(Run {
                chain,
                began: self.time.now(),
                calls: Vec::new(),
                troubled: 0,
                ended: None,
                log: Vec::new(),
            });
            run
        };
        self.step(What::Began { run });
        run
    }

    /// A line of the log of `run`.
    pub fn line(&self, run: usize, line: &str) {
        if let Some(run) = self.seen().history.runs.get_mut(run) {
            run.log.push(line.to_owned());
        }
    }

    /// The chain is over.
    pub fn close(&self, chain: usize) {
        self.seen().history.chains[chain].over = true;
    }

    /// Looks something up in the history.
    pub fn look<T>(&self, look: impl FnOnce(&History) -> T) -> T {
        look(&self.seen().history)
    }

    /// Whether an invariant does not hold.
    pub fn violated(&self) -> bool {
        self.seen().violation.is_some()
    }

    /// What others have to be told of since the last time.
    pub fn news(&self) -> Vec<(Timestamp, Option<usize>, Effect)> {
        mem::take(&mut self.seen().news)
    }

    /// The end: everything seen.
    pub fn closed(&self) -> (History, Option<Violation>) {
        let mut seen = self.seen();
        let empty = History::new(&seen.history.script);
        (
            mem::replace(&mut seen.history, empty),
            seen.violation.take(),
        )
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn see(&self, at: Timestamp, who: Option<usize>, what: What, account: Option<&Account>) {
        let mut seen = self.seen();
        if let Some(account) = account {
            seen.history.retag(what.effects(), account);
        }
        for effect in what.effects() {
            if let Effect::WriterChanged { cluster, .. } = effect
                && let Some(writer) = cluster.members.first()
            {
                self.servers.world().promoted(&cluster.id, writer, at);
            }
            let tells = matches!(
                effect,
                Effect::Event(_)
                    | Effect::SnapshotDeleted(_)
                    | Effect::Rotation(_)
                    | Effect::ScheduleFired(_)
                    | Effect::AlarmChanged { .. }
            );
            if tells {
                seen.news.push((at, who, effect.clone()));
            }
        }
        if seen.history.script.database.is_some() {
            let mut world = self.servers.world();
            seen.history.doors.look(at, account, &mut world, &what);
        }
        if seen.history.script.jobs.is_some() {
            let stores = self.servers.world().stores();
            seen.history.before = mem::replace(&mut seen.history.after, stores);
        }
        let ends = seen.history.script.ends;
        let of_remedies = seen.history.script.remedies.is_some();
        if of_remedies && at >= ends && seen.history.sessions.is_empty() {
            seen.history.sessions = self.servers.world().all_sessions(ends);
        }
        seen.history.turn(at, &what, account);
        seen.history.take(Step { at, what });
        if seen.violation.is_none() {
            seen.violation = invariants::broken(&seen.history);
        }
        let recount = changes_members(seen.history.last());
        if let Some(account) = account.filter(|_| recount || seen.history.members.is_empty()) {
            seen.history.recount(account);
        }
    }
}

/// Whether a cluster may have other instances, or another writer, after this step.
fn changes_members(step: Option<&Step>) -> bool {
    let effects = step.map_or(&[][..], |step| step.what.effects());
    let other = |effect: &Effect| {
        !matches!(
            effect,
            Effect::SnapshotCreated(_)
                | Effect::SnapshotChanged { .. }
                | Effect::SnapshotDeleted(_)
                | Effect::Event(_)
                | Effect::Published(_)
        )
    };
    effects.iter().any(other)
}

impl Witness for Eye {
    fn carried_out(&self, record: &Record, account: &Account) {
        let who = usize::try_from(record.who).ok();
        self.see(
            record.at,
            who,
            What::Called(Arc::new(record.clone())),
            Some(account),
        );
    }

    fn answered(&self, record: &Record) {
        let what = What::Answered(Arc::new(record.clone()));
        self.see(self.time.now(), None, what, None);
    }

    fn happened(&self, at: Timestamp, effects: &[Effect], account: &Account) {
        let what = What::Changed {
            by: "RDS".into(),
            effects: effects.to_vec(),
        };
        self.see(at, None, what, Some(account));
    }
}
