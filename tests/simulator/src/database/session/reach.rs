//! The way to a server and back: what is sent takes time, may be lost, and is a step of the history.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use aurora_sql::{Account, SqlError};
use jiff::{SignedDuration, Timestamp};
use simulated_aws::SimulatedTime;
use tokio::time::{Instant, sleep};

use super::{Patience, fault::Fault};
use crate::{
    database::{Opened, Password, Query, Servers, Statement, World},
    eye::Eye,
    step::What,
    store::{Store, Worked},
};

/// Something that is asked of what a database holds.
pub(super) struct Asked {
    /// The run that asks.
    pub(super) who: usize,
    /// The session.
    pub(super) session: u64,
    /// What is being done, for errors.
    pub(super) what: &'static str,
    /// What is said, for the trace.
    pub(super) said: String,
    /// Whether it may change something.
    pub(super) writes: bool,
}

/// The servers, and what else a process of a function reaches them with.
pub(super) struct Reach {
    pub(super) servers: Servers,
    pub(super) eye: Arc<Eye>,
    pub(super) time: SimulatedTime,
    pub(super) who: Arc<AtomicU64>,
}

impl Reach {
    pub(super) fn now(&self) -> Timestamp {
        self.time.now()
    }

    pub(super) async fn wait(&self) {
        let takes = self.servers.world().takes();
        sleep(takes).await;
    }

    pub(super) async fn opened(
        &self,
        who: usize,
        host: &str,
        user: &str,
        password: Password,
        patience: Patience,
    ) -> Result<Opened, SqlError> {
        let fault = self.servers.world().befalls(self.now(), false);
        let unreachable = |what: &str| SqlError::Unreachable {
            endpoint: host.to_owned(),
            what: what.to_owned(),
        };
        if self.servers.world().away(host, self.now()) {
            self.wait().await;
            return Err(unreachable("no route to host"));
        }
        // A login that is cut was none, whoever knows of it.
        if let Some(fault) = fault {
            let slow = matches!(fault, Fault::EndedBefore | Fault::EndedAfter);
            if slow {
                tokio::time::sleep_until((Instant::now() + patience.limit).min(patience.until))
                    .await;
                return Err(unreachable("it timed out"));
            }
            self.wait().await;
            return Err(unreachable("connection reset by peer"));
        }
        self.wait().await;
        let now = self.now();
        let opened = self.servers.world().open(host, user, password, now);
        let place = opened.as_ref().ok().and_then(|opened| {
            let world = self.servers.world();
            world.of_session(opened.session, now)
        });
        let (cluster, instance, me) = place.map_or_else(
            || (String::new(), host.to_owned(), user.to_owned()),
            |(cluster, instance, me)| (cluster, instance, me.to_string()),
        );
        self.eye.step(What::Asked(Arc::new(Query {
            who,
            at: now,
            cluster,
            instance,
            said: format!("login {me} with {password}"),
            statement: None,
            fault: None,
            changed: false,
            told: opened.as_ref().map(|_| ()).map_err(Clone::clone),
        })));
        self.wait().await;
        opened
    }

    /// Asks the server of `session` something that changes nothing.
    pub(super) async fn asked<T: Send + 'static>(
        &self,
        what: &'static str,
        patience: Patience,
        ask: impl FnOnce(&mut World, Timestamp) -> Option<T> + Send,
    ) -> Result<T, SqlError> {
        let fault = self.servers.world().befalls(self.now(), false);
        self.wait().await;
        if let Some(fault) = fault {
            return Err(self.fails(fault, what, patience).await);
        }
        let answer = ask(&mut self.servers.world(), self.now());
        self.wait().await;
        answer.ok_or_else(|| Fault::CutAfter.told(what))
    }

    pub(super) async fn fails(&self, fault: Fault, what: &str, patience: Patience) -> SqlError {
        if !matches!(fault, Fault::CutBefore | Fault::CutAfter) {
            tokio::time::sleep_until((Instant::now() + patience.limit).min(patience.until)).await;
        }
        fault.told(what)
    }

    pub(super) async fn changed(
        &self,
        who: usize,
        session: u64,
        what: &'static str,
        statement: Statement,
        patience: Patience,
    ) -> Result<(), SqlError> {
        let fault = self.servers.world().befalls(self.now(), true);
        self.wait().await;
        let now = self.now();
        let place = self.servers.world().of_session(session, now);
        let (cluster, instance, _) = place.unwrap_or_else(|| {
            let nobody = Account {
                user: String::new(),
                host: String::new(),
            };
            (String::new(), String::new(), nobody)
        });
        let arrives = fault.is_none_or(Fault::arrives);
        let done = if arrives {
            self.servers.world().change(session, &statement, who, now)
        } else {
            None
        };
        let done = done.map(|done| done.map_err(|error| of(what, error)));
        let changed = done.as_ref().is_some_and(|done| *done == Ok(true));
        let lost = || Err(Fault::CutAfter.told(what));
        let told = match fault {
            Some(fault) => Err(fault.told(what)),
            None => done.map_or_else(lost, |done| done.map(|_| ())),
        };
        self.eye.step(What::Asked(Arc::new(Query {
            who,
            at: now,
            cluster: cluster.clone(),
            instance,
            said: statement.to_string(),
            statement: Some(statement),
            fault: fault.map(Fault::said),
            changed,
            told: told.clone(),
        })));
        if changed {
            self.caught_up(&cluster);
        }
        if let Some(fault) = fault {
            return Err(self.fails(fault, what, patience).await);
        }
        self.wait().await;
        told
    }

    /// Has `work` done to what the database holds, in one transaction.
    pub(super) async fn stored<T: Send + 'static>(
        &self,
        asked: Asked,
        patience: Patience,
        work: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send,
    ) -> Result<T, SqlError> {
        let fault = self.servers.world().befalls(self.now(), asked.writes);
        self.wait().await;
        let done = if fault.is_none_or(Fault::arrives) {
            self.done(&asked, work)
        } else {
            None
        };
        let (changed, done) =
            done.unwrap_or_else(|| (false, Err(Fault::CutAfter.told(asked.what))));
        let told = match fault {
            Some(fault) => Err(fault.told(asked.what)),
            None => done,
        };
        if asked.writes {
            self.tell(
                &asked,
                fault,
                changed,
                told.as_ref().map(|_| ()).map_err(Clone::clone),
            );
        }
        if let Some(fault) = fault {
            return Err(self.fails(fault, asked.what, patience).await);
        }
        self.wait().await;
        told
    }

    /// What became of it, and whether it changed something; none where the session is over.
    fn done<T>(
        &self,
        asked: &Asked,
        work: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError>,
    ) -> Option<(bool, Result<T, SqlError>)> {
        let mut world = self.servers.world();
        let before = world.stores();
        let done = world.with_store(asked.session, asked.writes, self.now(), work)?;
        Some((before != world.stores(), done))
    }

    /// Has the server carry out something that takes a while, and that goes on without its sender:
    /// `effect` is what it does in the end, unless it was ended before.
    pub(super) async fn worked<T: Send + 'static>(
        self: Arc<Self>,
        asked: Asked,
        takes: Duration,
        budget: Duration,
        run: u64,
        effect: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, SqlError> {
        let fault = self.servers.world().befalls(self.now(), false);
        self.wait().await;
        if fault == Some(Fault::CutBefore) {
            return Err(Fault::CutBefore.told(asked.what));
        }
        let (what, reach) = (asked.what, Arc::clone(&self));
        let cut = fault == Some(Fault::CutAfter);
        let on_its_own =
            tokio::spawn(async move { reach.carried(asked, takes, budget, run, effect).await });
        if cut {
            self.wait().await;
            return Err(Fault::CutAfter.told(what));
        }
        on_its_own
            .await
            .unwrap_or_else(|_| Err(Fault::CutAfter.told(what)))
    }

    async fn carried<T: Send + 'static>(
        &self,
        asked: Asked,
        takes: Duration,
        budget: Duration,
        run: u64,
        effect: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send,
    ) -> Result<T, SqlError> {
        let (session, ended) = (asked.session, budget < takes);
        let until = self.now() + SignedDuration::try_from(takes.min(budget)).unwrap_or_default();
        self.servers
            .world()
            .occupy(session, Some(until + SignedDuration::from_millis(1)));
        let begin = |store: &mut Store, began| {
            store.worked.push(Worked {
                run,
                session,
                began,
                ended: None,
                effective: false,
            });
            Ok(())
        };
        let Some((_, Ok(()))) = self.done(&asked, begin) else {
            return Err(Fault::CutAfter.told(asked.what));
        };
        self.tell(&asked, None, true, Ok(()));
        sleep(takes.min(budget)).await;
        let end = |store: &mut Store, now: Timestamp| {
            let done = if ended {
                None
            } else {
                Some(effect(store, now))
            };
            let mine = store
                .worked
                .iter_mut()
                .rev()
                .find(|it| it.session == session);
            if let Some(mine) = mine {
                mine.ended = Some(now);
                mine.effective = matches!(done, Some(Ok(_)));
            }
            Ok(done)
        };
        let done = self.done(&asked, end);
        if done.is_none() {
            self.servers.world().abandon(session, self.now());
        }
        self.servers.world().occupy(session, None);
        let timed_out = SqlError::TimedOut {
            what: asked.what.to_owned(),
            ended: true,
        };
        let told = match done {
            Some((_, Ok(Some(done)))) => done,
            Some((_, Ok(None))) => Err(timed_out),
            Some((_, Err(error))) => Err(error),
            None => Err(Fault::CutAfter.told(asked.what)),
        };
        let over = Asked {
            said: format!("{}, which is over", asked.said),
            ..asked
        };
        self.tell(
            &over,
            None,
            true,
            told.as_ref().map(|_| ()).map_err(Clone::clone),
        );
        self.wait().await;
        told
    }

    fn tell(&self, asked: &Asked, fault: Option<Fault>, changed: bool, told: Result<(), SqlError>) {
        let now = self.now();
        let place = self.servers.world().of_session(asked.session, now);
        let (cluster, instance) = place.map_or_else(Default::default, |(cluster, instance, _)| {
            (cluster, instance)
        });
        self.eye.step(What::Asked(Arc::new(Query {
            who: asked.who,
            at: now,
            cluster,
            instance,
            said: asked.said.clone(),
            statement: None,
            fault: fault.map(Fault::said),
            changed,
            told,
        })));
    }

    /// A step for each reader, when it knows of the change.
    fn caught_up(&self, cluster: &str) {
        for (instance, lag) in self.servers.world().lags(cluster) {
            let eye = Arc::clone(&self.eye);
            let lag = Duration::try_from(lag).unwrap_or_default();
            tokio::spawn(async move {
                sleep(lag).await;
                eye.step(What::CaughtUp { instance });
            });
        }
    }
}

/// The refusal, with what was being done.
fn of(doing: &str, error: SqlError) -> SqlError {
    match error {
        SqlError::Refused { code, state, .. } => SqlError::Refused {
            what: doing.to_owned(),
            code,
            state,
        },
        other => other,
    }
}
