//! The servers of all clusters, as plain data.

use std::{collections::BTreeMap, sync::Arc};

use aurora_sql::{Account, SqlError};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    Accounts, Entry, Password, Refusal, Statement, View,
    account::matched,
    cluster::{Cluster, Instance, Since},
};
use crate::{
    activity::Activity,
    script::{DatabaseWeather, Server},
    store::Store,
};

/// The servers of all clusters. It has no clock and no thread; what happens by chance comes from
/// its seed.
#[derive(Debug)]
pub struct World {
    pub(super) seed: u64,
    pub(super) rng: Rng,
    pub(super) weather: DatabaseWeather,
    pub(super) calm: Timestamp,
    pub(super) clusters: BTreeMap<String, Cluster>,
    passwords: BTreeMap<String, Password>,
    pub(super) sessions: BTreeMap<u64, Login>,
    opened: u64,
    pub(super) stores: BTreeMap<String, Arc<Store>>,
    pub(super) activity: Activity,
    pub(super) max_connections: u64,
    pub(super) startled: u8,
}

/// A session as the server has it.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) cluster: String,
    pub(super) instance: String,
    me: Account,
    /// When the server notices that nobody is there any more.
    ends: Option<Timestamp>,
    /// Until when it carries something out, whoever is there.
    pub(super) busy: Option<Timestamp>,
}

/// Where a session was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its number.
    pub session: u64,
    /// The instance that answers.
    pub instance: String,
}

impl World {
    /// No cluster yet.
    #[must_use]
    pub fn new(seed: u64, weather: DatabaseWeather, calm: Timestamp) -> Self {
        Self {
            seed,
            rng: Rng::with_seed(seed),
            weather,
            calm,
            clusters: BTreeMap::new(),
            passwords: BTreeMap::new(),
            sessions: BTreeMap::new(),
            opened: 0,
            stores: BTreeMap::new(),
            activity: Activity::default(),
            max_connections: 0,
            startled: 0,
        }
    }

    /// Adds a cluster of these instances, the writer first.
    pub fn add(
        &mut self,
        server: &Server,
        instances: &[String],
        accounts: Accounts,
        at: Timestamp,
    ) {
        let new = |(number, id): (usize, &String)| {
            let millis = server.lags.get(number).copied().unwrap_or(0);
            let instance = Instance {
                lag: SignedDuration::from_millis(millis),
                knows: at,
                down_until: at,
                wrong: BTreeMap::new(),
            };
            (id.clone(), instance)
        };
        let since = Since {
            at,
            accounts: Arc::new(accounts),
            by: None,
        };
        let cluster = Cluster {
            writer: instances.first().cloned().unwrap_or_default(),
            stale_name: None,
            instances: instances.iter().enumerate().map(new).collect(),
            dual: server.dual,
            past: vec![since],
            locks: BTreeMap::new(),
        };
        self.clusters.insert(server.cluster.clone(), cluster);
    }

    /// The number of a password.
    pub fn password(&mut self, text: &str) -> Password {
        let next = Password(u32::try_from(self.passwords.len()).unwrap_or(u32::MAX));
        *self.passwords.entry(text.to_owned()).or_insert(next)
    }

    /// What every server knows at `now`, by its name.
    #[must_use]
    pub fn views(&self, now: Timestamp) -> BTreeMap<String, View> {
        let of_cluster = |(id, cluster): (&String, &Cluster)| {
            let view = |instance: &String| (instance.clone(), cluster.view(id, instance, now));
            cluster.instances.keys().map(view).collect::<Vec<_>>()
        };
        self.clusters.iter().flat_map(of_cluster).collect()
    }

    /// How long after a change of `cluster` its readers know of it.
    #[must_use]
    pub fn lags(&self, cluster: &str) -> Vec<(String, SignedDuration)> {
        let cluster = self.clusters.get(cluster);
        let readers = cluster.into_iter().flat_map(|cluster| {
            let others = cluster.instances.iter();
            others.filter(|(id, _)| **id != cluster.writer)
        });
        readers
            .map(|(id, reader)| (id.clone(), reader.lag))
            .collect()
    }

    /// Another instance is the writer: both are restarted, sessions and locks are gone, and the
    /// cluster endpoint leads to the old one for some seconds more.
    pub fn promoted(&mut self, cluster: &str, writer: &str, at: Timestamp) {
        let (down, name) = (self.rng.i64(1..20), self.rng.i64(0..30));
        let Some(of) = self.clusters.get_mut(cluster) else {
            return;
        };
        let old = std::mem::replace(&mut of.writer, writer.to_owned());
        for id in [&old, writer] {
            if let Some(instance) = of.instances.get_mut(id) {
                instance.knows = at;
                instance.down_until = at + SignedDuration::from_secs(down);
                instance.wrong.clear();
            }
        }
        let up = at + SignedDuration::from_secs(down);
        for id in [old.as_str(), writer] {
            self.activity.restart(id, at, up);
        }
        self.sessions
            .retain(|_, login| login.instance != old && login.instance != writer);
        of.stale_name = Some((old, at + SignedDuration::from_secs(name)));
        of.locks.clear();
    }

    /// Which cluster and instance answer at `host`.
    fn at(&self, host: &str, now: Timestamp) -> Option<(String, String)> {
        let (id, rest) = host.split_once('.')?;
        if rest.starts_with("cluster-") {
            let cluster = self.clusters.get(id)?;
            let stale = cluster
                .stale_name
                .as_ref()
                .filter(|(_, until)| *until > now);
            let instance = stale.map_or(&cluster.writer, |(old, _)| old);
            return Some((id.to_owned(), instance.clone()));
        }
        let mut clusters = self.clusters.iter();
        clusters
            .find(|(_, cluster)| cluster.instances.contains_key(id))
            .map(|(name, _)| (name.clone(), id.to_owned()))
    }

    /// A login.
    ///
    /// # Errors
    /// What the caller is told.
    pub fn open(
        &mut self,
        host: &str,
        user: &str,
        password: Password,
        now: Timestamp,
    ) -> Result<Opened, SqlError> {
        let unreachable = |what: &str| SqlError::Unreachable {
            endpoint: host.to_owned(),
            what: what.to_owned(),
        };
        let (id, instance) = self
            .at(host, now)
            .ok_or_else(|| unreachable("no such name"))?;
        let cluster = self
            .clusters
            .get_mut(&id)
            .ok_or_else(|| unreachable("no such name"))?;
        let accounts = Arc::clone(&cluster.known(&instance, now).accounts);
        let server = cluster.instances.get_mut(&instance);
        let server = server.filter(|server| server.down_until <= now);
        let server = server.ok_or_else(|| unreachable("connection refused"))?;
        let me = let_in(&accounts, server, user, password).map_err(|(code, why)| {
            SqlError::AccessDenied {
                user: user.to_owned(),
                code,
                why,
            }
        })?;
        self.opened += 1;
        let login = Login {
            cluster: id,
            instance: instance.clone(),
            me,
            ends: None,
            busy: None,
        };
        self.sessions.insert(self.opened, login);
        Ok(Opened {
            session: self.opened,
            instance,
        })
    }

    pub(super) fn login(&self, session: u64, now: Timestamp) -> Option<&Login> {
        let login = self.sessions.get(&session);
        let there = |login: &&Login| {
            login.ends.is_none_or(|ends| ends > now) || login.busy.is_some_and(|busy| busy > now)
        };
        login.filter(there)
    }

    /// The session's cluster, instance and account; none if the server has ended it.
    #[must_use]
    pub fn of_session(&self, session: u64, now: Timestamp) -> Option<(String, String, Account)> {
        let login = self.login(session, now)?;
        Some((
            login.cluster.clone(),
            login.instance.clone(),
            login.me.clone(),
        ))
    }

    /// Whether the session's server takes writes, and whether it knows dual passwords.
    #[must_use]
    pub fn server(&self, session: u64, now: Timestamp) -> Option<(bool, bool)> {
        let login = self.login(session, now)?;
        let cluster = self.clusters.get(&login.cluster)?;
        Some((cluster.writer == login.instance, cluster.dual))
    }

    /// What the session's server knows of accounts.
    #[must_use]
    pub fn accounts(&self, session: u64, now: Timestamp) -> Option<Arc<Accounts>> {
        let login = self.login(session, now)?;
        let cluster = self.clusters.get(&login.cluster)?;
        Some(Arc::clone(&cluster.known(&login.instance, now).accounts))
    }

    /// Whether the session has the lock now. Locks are those of one server.
    pub fn lock(&mut self, session: u64, name: &str, now: Timestamp) -> Option<bool> {
        let login = self.login(session, now)?.clone();
        let holder = self.clusters.get(&login.cluster)?.locks.get(name).copied();
        let taken = holder.filter(|holder| *holder != session);
        if taken.is_some_and(|holder| self.login(holder, now).is_some()) {
            return Some(false);
        }
        let cluster = self.clusters.get_mut(&login.cluster)?;
        cluster.locks.insert(name.to_owned(), session);
        Some(true)
    }

    /// Carries a statement of `session` out, for `run`.
    ///
    /// # Errors
    /// What the caller is told; `None` if the server has ended the session.
    pub fn change(
        &mut self,
        session: u64,
        statement: &Statement,
        run: usize,
        now: Timestamp,
    ) -> Option<Result<bool, SqlError>> {
        let login = self.login(session, now)?.clone();
        let cluster = self.clusters.get_mut(&login.cluster)?;
        if cluster.writer != login.instance {
            let endpoint = login.instance;
            return Some(Err(SqlError::ReadOnly { endpoint }));
        }
        let after = statement.after(cluster.newest(), Some(&login.me), cluster.dual);
        Some(after.map_err(told).map(|after| {
            let changed = after != *cluster.newest();
            if changed {
                cluster.changed(now, Some(run), after);
            }
            changed
        }))
    }

    /// A person changes accounts of `cluster`, if that makes sense.
    pub fn by_hand(&mut self, cluster: &str, statement: &Statement, now: Timestamp) -> bool {
        let Some(of) = self.clusters.get_mut(cluster) else {
            return false;
        };
        let Ok(after) = statement.after(of.newest(), None, of.dual) else {
            return false;
        };
        of.changed(now, None, after);
        true
    }

    /// The session was closed by its owner.
    pub fn close(&mut self, session: u64) {
        self.sessions.remove(&session);
    }

    /// The number of a session's connection, as `KILL` takes it.
    #[must_use]
    pub fn connection(session: u64) -> u32 {
        u32::try_from(session).unwrap_or(u32::MAX)
    }

    /// The owner is gone without a word; the server notices after a while.
    pub fn forget(&mut self, session: u64, now: Timestamp) {
        let linger = SignedDuration::from_secs(self.rng.i64(0..=self.weather.lingers));
        if let Some(login) = self.sessions.get_mut(&session) {
            login.ends = Some(now + linger);
        }
    }
}

/// The account, or the error's number and what is known beyond it.
fn let_in(
    accounts: &Accounts,
    server: &mut Instance,
    user: &str,
    password: Password,
) -> Result<Account, (u16, &'static str)> {
    let (account, entry): (&Account, &Entry) = matched(accounts, user).ok_or((1045, ""))?;
    let wrong = server.wrong.entry(account.clone()).or_default();
    if entry.attempts().is_some_and(|most| *wrong >= most) {
        return Err((3955, "; the account is locked after too many failed logins"));
    }
    if entry.locked {
        return Err((3118, "; the account is locked"));
    }
    if !entry.takes_passwords() || !entry.has(password) {
        *wrong += 1;
        return Err((1045, ""));
    }
    *wrong = 0;
    Ok(account.clone())
}

fn told(refusal: Refusal) -> SqlError {
    match refusal {
        Refusal::Right(right) => SqlError::MissingRight {
            right: right.into(),
            code: 1227,
        },
        Refusal::Code(code) => SqlError::Refused {
            what: "changing accounts".into(),
            code,
            state: "HY000".into(),
        },
    }
}
