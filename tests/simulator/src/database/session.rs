//! Sessions: what is sent takes time, and may be lost on its way.

mod fault;
mod reach;
mod watch;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aurora_sql::{Account, SqlError};
use jiff::Timestamp;
use simulated_aws::SimulatedTime;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};

use super::{Entry, Password, Servers, Statement, World};
use crate::{eye::Eye, store::Store};
use fault::Fault;
use reach::{Asked, Reach};

/// The servers, as a process of a function reaches them.
#[derive(Clone)]
pub struct Databases(Arc<Reach>);

/// How long the parts of something may take, and until when all of it.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long this.
    pub limit: Duration,
    /// When the caller must have stopped.
    pub until: Instant,
}

impl Databases {
    pub(crate) fn new(
        servers: Servers,
        eye: Arc<Eye>,
        time: SimulatedTime,
        who: Arc<AtomicU64>,
    ) -> Self {
        Self(Arc::new(Reach {
            servers,
            eye,
            time,
            who,
        }))
    }

    /// The number of a password.
    #[must_use]
    pub fn password(&self, text: &str) -> Password {
        self.0.servers.world().password(text)
    }

    fn who(&self) -> usize {
        usize::try_from(self.0.who.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }

    /// Logs in at `host`.
    ///
    /// # Errors
    /// As a real server has it.
    pub async fn open(
        &self,
        host: &str,
        user: &str,
        password: Password,
        patience: Patience,
    ) -> Result<Session, SqlError> {
        let (reach, who) = (Arc::clone(&self.0), self.who());
        let (host, user) = (host.to_owned(), user.to_owned());
        let opened = sent(async move { reach.opened(who, &host, &user, password, patience).await });
        let opened = opened.await?;
        Ok(Session {
            databases: self.clone(),
            who,
            number: opened.session,
            instance: opened.instance,
            over: false,
            cut: false,
        })
    }
}

/// Does `work` in a task of its own: what is on its way arrives, even if the caller dies.
async fn sent<T: Send + 'static>(
    work: impl Future<Output = Result<T, SqlError>> + Send + 'static,
) -> Result<T, SqlError> {
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let _ = tell.send(work.await);
    });
    let lost = || SqlError::Lost {
        what: "nothing".into(),
    };
    told.await.unwrap_or_else(|_| Err(lost()))
}

/// One login on one server.
pub struct Session {
    databases: Databases,
    who: usize,
    number: u64,
    instance: String,
    over: bool,
    /// Whether the connection was cut.
    cut: bool,
}

/// While it waits for a lock, a session looks this often.
const LOOK: Duration = Duration::from_millis(100);

impl Session {
    /// The server it is on.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Whether the server takes writes, whether it knows dual passwords, and the account of this
    /// login.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn server(&mut self, patience: Patience) -> Result<(bool, bool, Account), SqlError> {
        let (reach, number) = (Arc::clone(&self.databases.0), self.number);
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| {
                let (writes, dual) = world.server(number, now)?;
                Some((writes, dual, world.of_session(number, now)?.2))
            };
            reach
                .asked("asking the server what it is", patience, ask)
                .await
        });
        asked.await
    }

    /// What the server knows of the accounts of `user`.
    ///
    /// # Errors
    /// When it cannot be asked, or the login may not read it.
    pub async fn entries(
        &mut self,
        user: &str,
        patience: Patience,
    ) -> Result<Vec<(Account, Entry)>, SqlError> {
        let (reach, number, user) = (Arc::clone(&self.databases.0), self.number, user.to_owned());
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| {
                let (_, _, me) = world.of_session(number, now)?;
                let accounts = world.accounts(number, now)?;
                let sees = accounts.get(&me).is_some_and(|me| me.may(&["SELECT"]));
                let of_user = accounts.iter().filter(|(account, _)| account.user == user);
                let entries: Vec<_> = of_user.map(|(a, e)| (a.clone(), e.clone())).collect();
                Some(sees.then_some(entries))
            };
            reach.asked("reading mysql.user", patience, ask).await
        });
        let missing = || SqlError::MissingRight {
            right: "SELECT on mysql.user".into(),
            code: 1142,
        };
        asked.await?.ok_or_else(missing)
    }

    /// One account: anybody sees itself.
    ///
    /// # Errors
    /// When it cannot be asked, or the login may not see it, or there is none.
    pub async fn account(
        &mut self,
        account: &Account,
        patience: Patience,
    ) -> Result<Entry, SqlError> {
        let (reach, number, which) = (Arc::clone(&self.databases.0), self.number, account.clone());
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| {
                let (_, _, me) = world.of_session(number, now)?;
                let accounts = world.accounts(number, now)?;
                let sees = me == which || accounts.get(&me).is_some_and(|me| me.may(&["SELECT"]));
                Some((sees, accounts.get(&which).cloned()))
            };
            reach.asked("reading the account", patience, ask).await
        });
        match asked.await? {
            (false, _) => Err(SqlError::MissingRight {
                right: "SELECT on mysql.user".into(),
                code: 1142,
            }),
            (true, Some(entry)) => Ok(entry),
            (true, None) => Err(SqlError::Refused {
                what: "reading the account".into(),
                code: 1396,
                state: "HY000".into(),
            }),
        }
    }

    /// Takes the lock called `name`, or waits for it so long; whether it was had.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn lock(
        &mut self,
        name: &str,
        wait: Duration,
        patience: Patience,
    ) -> Result<bool, SqlError> {
        let (reach, number, name) = (Arc::clone(&self.databases.0), self.number, name.to_owned());
        let asked = self.send(async move {
            let until = Instant::now() + wait;
            loop {
                let of_name = name.clone();
                let ask = move |world: &mut World, now| world.lock(number, &of_name, now);
                let had = reach.asked("taking the lock", patience, ask).await?;
                if had || Instant::now() + LOOK > until {
                    return Ok(had);
                }
                sleep(LOOK).await;
            }
        });
        asked.await
    }

    /// Carries `statement` out; `what` says what is being done.
    ///
    /// # Errors
    /// When it was refused, or it is not known whether it took effect.
    pub async fn change(
        &mut self,
        what: &'static str,
        statement: Statement,
        patience: Patience,
    ) -> Result<(), SqlError> {
        let (reach, number, who) = (Arc::clone(&self.databases.0), self.number, self.who);
        let changed =
            self.send(async move { reach.changed(who, number, what, statement, patience).await });
        changed.await
    }

    /// How far each reader is behind, in milliseconds.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn reader_lags(
        &mut self,
        patience: Patience,
    ) -> Result<Vec<(String, u32)>, SqlError> {
        let (reach, number) = (Arc::clone(&self.databases.0), self.number);
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| {
                let (cluster, ..) = world.of_session(number, now)?;
                let lag = world.lag(&cluster, now);
                let readers = world.lags(&cluster).into_iter();
                Some(readers.map(|(reader, _)| (reader, lag)).collect())
            };
            reach
                .asked("asking for the replica lag", patience, ask)
                .await
        });
        asked.await
    }

    /// The number of the connection.
    #[must_use]
    pub fn connection(&self) -> u32 {
        World::connection(self.number)
    }

    /// Has `work` done to what the database holds, in one transaction: `what` is being done, and `said`
    /// is what a trace shows.
    ///
    /// # Errors
    /// What `work` says, or what befalls it on the way.
    pub async fn stored<T: Send + 'static>(
        &mut self,
        (what, said): (&'static str, String),
        writes: bool,
        patience: Patience,
        work: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, SqlError> {
        let reach = Arc::clone(&self.databases.0);
        let asked = self.asked(what, said, writes);
        self.send(async move { reach.stored(asked, patience, work).await })
            .await
    }

    /// Has the server carry out something for the job's run `run` that takes so long, and ends it when
    /// `budget` is up. It goes on if this session's owner dies.
    ///
    /// # Errors
    /// What `effect` says, or what befalls it on the way.
    pub async fn worked<T: Send + 'static>(
        &mut self,
        (what, said): (&'static str, String),
        (takes, budget): (Duration, Duration),
        run: u64,
        effect: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, SqlError> {
        let reach = Arc::clone(&self.databases.0);
        let asked = self.asked(what, said, true);
        self.send(async move { reach.worked(asked, takes, budget, run, effect).await })
            .await
    }

    fn asked(&self, what: &'static str, said: String, writes: bool) -> Asked {
        Asked {
            who: self.who,
            session: self.number,
            what,
            said,
            writes,
        }
    }

    /// Once the connection is cut, nothing more gets through.
    async fn send<T: Send + 'static>(
        &mut self,
        work: impl Future<Output = Result<T, SqlError>> + Send + 'static,
    ) -> Result<T, SqlError> {
        if self.cut {
            return Err(Fault::CutBefore.told("sending on a connection that was cut"));
        }
        let answer = sent(work).await;
        self.cut = matches!(answer, Err(SqlError::Lost { .. }));
        answer
    }

    /// Logs out.
    pub fn close(mut self) {
        self.over = true;
        self.databases.0.servers.world().close(self.number);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.over {
            let reach = &self.databases.0;
            reach.servers.world().forget(self.number, reach.now());
        }
    }
}
