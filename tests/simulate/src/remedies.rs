//! remedy-alarm's idea of a database over the simulator's servers.

use aurora_sql::{Endpoint, Login, SqlError};
use jiff::{SignedDuration, Timestamp};
use remedy_alarm::database::{
    self, Access, Database, Server,
    look::{Gap, Look, Session, Statement, Transaction, Wait, Wanted},
};
use simulator::{
    activity::{self, Doing, Ending},
    database::{Databases, Glance, Patience, Session as Opened},
};
use tokio::time::Instant;

/// The simulator's servers.
pub struct Simulated(pub Databases);

impl Database for Simulated {
    type Server = Connected;

    async fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> Result<Connected, SqlError> {
        let patience = |limit| Patience {
            limit,
            until: access.until,
        };
        if Instant::now() >= access.until {
            return Err(SqlError::TimedOut {
                what: "logging in".into(),
                ended: true,
            });
        }
        let password = self.0.password(login.password.expose());
        let connecting = patience(access.connect);
        let session = self
            .0
            .open(&to.host, login.user, password, connecting)
            .await?;
        Ok(Connected {
            session,
            patience: patience(access.query),
        })
    }
}

/// A login on one of them.
pub struct Connected {
    session: Opened,
    patience: Patience,
}

impl Server for Connected {
    /// A question that takes too long leaves a gap, and which one that is, nobody knows beforehand.
    async fn look(&mut self, _: Wanted) -> Result<Look, SqlError> {
        let sessions = self.session.glance(self.patience).await;
        let before = match sessions {
            Err(error @ SqlError::TimedOut { .. }) => Err(error),
            other => Ok(other?),
        };
        let transactions = self.session.server(self.patience).await;
        let mut look = match before {
            Ok(seen) => looked(&seen),
            Err(error) => gap(Look::default(), "sessions", &error),
        };
        if let Err(error) = transactions {
            for session in &mut look.sessions {
                session.transaction = None;
            }
            look = gap(look, "transactions", &error);
        }
        Ok(look)
    }

    async fn session(&mut self, id: u64) -> Result<Option<Session>, SqlError> {
        let seen = self.session.client(id, self.patience).await?;
        Ok(looked(&seen).sessions.pop())
    }

    async fn end(&mut self, id: u64, ending: database::Ending) -> Result<bool, SqlError> {
        let ending = match ending {
            database::Ending::Statement => Ending::Statement,
            database::Ending::Connection => Ending::Connection,
        };
        self.session.end(id, ending, self.patience).await
    }

    async fn close(self) {
        self.session.close();
    }
}

fn gap(mut look: Look, of: &'static str, error: &SqlError) -> Look {
    let why = error.to_string();
    look.gaps.push(Gap { of, why });
    look
}

fn looked(seen: &Glance) -> Look {
    let Glance {
        at,
        instance,
        writable,
        up_since,
        max_connections,
        sessions,
        ..
    } = seen;
    let mut look = Look {
        version: "8.0.39".into(),
        writable: *writable,
        aurora: true,
        uuid: instance.clone(),
        up: seconds(*up_since, *at),
        max_connections: *max_connections,
        instrumented: true,
        sessions: sessions
            .iter()
            .map(|it| session(it, *up_since, *at))
            .collect(),
        history: Some(0),
        deadlocks: Some(0),
        ..Look::default()
    };
    look.waits = waits(&look.sessions);
    look
}

/// Whoever executes something in a transaction waits for the oldest one that sleeps in its own.
fn waits(sessions: &[Session]) -> Vec<Wait> {
    let open = |it: &&Session| it.transaction.is_some();
    let holders = sessions.iter().filter(open).filter(|it| it.sleeps());
    let Some(holder) = holders.max_by_key(|it| (it.seconds, it.id)) else {
        return Vec::new();
    };
    let waiters = sessions.iter().filter(open).filter(|it| !it.sleeps());
    let wait = |waiter: &Session| Wait {
        waiter: waiter.thread,
        holder: holder.thread,
        seconds: Some(waiter.seconds),
        object: "shop.orders".into(),
        mode: "X,REC_NOT_GAP".into(),
        metadata: false,
    };
    waiters.map(wait).collect()
}

fn session(it: &activity::Session, up_since: Timestamp, at: Timestamp) -> Session {
    let age = seconds(it.now.since, at);
    let executed = match &it.now.doing {
        Doing::Executes(digest) => Some((digest.clone(), at.duration_since(it.now.since))),
        // Its last, which was over in no time.
        Doing::Sleeps => Some((None, SignedDuration::ZERO)),
        _ => None,
    };
    Session {
        id: it.id,
        started: up_since.as_second().unsigned_abs(),
        thread: it.thread,
        user: it.user.clone(),
        host: it.user.as_ref().map(|_| "10.0.0.7".into()),
        schema: it.schema.clone(),
        command: it.now.command().into(),
        state: None,
        seconds: age,
        program: it.program.clone(),
        statement: executed.map(|(digest, lasts)| Statement {
            event: it.statements,
            digest,
            seconds: lasts.as_secs_f64(),
            examined: 1,
        }),
        transaction: it.now.transaction.map(|since| Transaction {
            id: it.thread,
            seconds: seconds(since, at),
            ..Transaction::default()
        }),
    }
}

fn seconds(since: Timestamp, at: Timestamp) -> u64 {
    at.duration_since(since).as_secs().max(0).unsigned_abs()
}
