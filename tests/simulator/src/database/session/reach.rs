//! The way to a server and back: what is sent takes time, may be lost, and is a step of the history.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use aurora_sql::{Account, SqlError};
use jiff::Timestamp;
use simulated_aws::SimulatedTime;
use tokio::time::{Instant, sleep};

use super::{Patience, fault::Fault};
use crate::{
    database::{Opened, Password, Query, Servers, Statement, World},
    eye::Eye,
    step::What,
};

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

    async fn wait(&self) {
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

    async fn fails(&self, fault: Fault, what: &str, patience: Patience) -> SqlError {
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
