//! What goes on in the servers: clients connect, execute, sleep in transactions and outside, and go.
//!
//! It is plain data that a [`Client`]'s dice move on, whoever looks and whether anybody does. Connections
//! are numbered by each server, which begins anew after a restart, so that a number is somebody else's then.

mod client;
mod session;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

pub use client::{Client, Habit};
pub use session::{Doing, Moment, Session, Told};

use self::client::Life;

/// What is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What is executed; the connection stays, and with it its transaction.
    Statement,
    /// The connection.
    Connection,
}

/// A server, as far as its connections go.
#[derive(Clone, Debug)]
struct Running {
    up_since: Timestamp,
    /// Nobody connects before this.
    down_until: Timestamp,
    last_id: u64,
    /// How far a thread's number is from its connection's.
    offset: u64,
}

/// What goes on in the servers.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    servers: BTreeMap<String, Running>,
    lives: Vec<Life>,
}

impl Activity {
    /// The servers of these clients, from `at` on.
    #[must_use]
    pub fn of(clients: &[Client], at: Timestamp) -> Self {
        let servers = clients.iter().map(|client| {
            let running = Running::started(at, at, 30);
            (client.instance.clone(), running)
        });
        Self {
            servers: servers.collect(),
            lives: clients.iter().map(|it| Life::of(it, at)).collect(),
        }
    }

    /// Lets everything happen that is due at `now`.
    fn advance(&mut self, now: Timestamp) {
        loop {
            let due = self.lives.iter_mut().filter(|life| life.next <= now);
            let Some(life) = due.min_by_key(|life| life.next) else {
                return;
            };
            if let Some(server) = self.servers.get_mut(&life.client.instance) {
                life.go_on(server);
            }
        }
    }

    /// The sessions of a server, and since when it has been up.
    pub fn sessions(&mut self, instance: &str, now: Timestamp) -> (Vec<Session>, Timestamp) {
        self.advance(now);
        let here = self.lives.iter();
        let here = here.filter(|life| life.client.instance == instance);
        let sessions = here.filter_map(|life| life.session.clone());
        let up_since = self.servers.get(instance).map_or(now, |it| it.up_since);
        (sessions.collect(), up_since)
    }

    /// Clients of a server do something else very soon, as they do just when somebody looks.
    pub fn startle(&mut self, instance: &str, percent: u8, now: Timestamp) {
        let here = self.lives.iter_mut();
        for life in here.filter(|life| life.client.instance == instance) {
            life.startle(percent, now);
        }
    }

    /// Ends something of the connection `id`; the session as it was, where there is one.
    pub fn end(
        &mut self,
        instance: &str,
        id: u64,
        ending: Ending,
        now: Timestamp,
    ) -> Option<Session> {
        self.advance(now);
        let mut lives = self.lives.iter_mut();
        let life = lives.find(|life| {
            life.client.instance == instance && life.session.as_ref().is_some_and(|it| it.id == id)
        })?;
        let was = life.session.clone();
        life.end(ending, now);
        was
    }

    /// A server is restarted, and takes connections from `up` on.
    pub fn restart(&mut self, instance: &str, at: Timestamp, up: Timestamp) {
        self.advance(at);
        let lost = self.lives.iter_mut();
        for life in lost.filter(|life| life.client.instance == instance) {
            life.lose(up);
        }
        let offset = at.as_second().rem_euclid(3).unsigned_abs() + 30;
        let running = Running::started(at, up, offset);
        self.servers.insert(instance.to_owned(), running);
    }
}

impl Running {
    const fn started(at: Timestamp, up: Timestamp, offset: u64) -> Self {
        Self {
            up_since: at,
            down_until: up,
            last_id: 7,
            offset,
        }
    }

    /// The next connection, and its thread.
    const fn connect(&mut self) -> (u64, u64) {
        self.last_id += 1;
        (self.last_id, self.last_id + self.offset)
    }

    fn is_up(&self, at: Timestamp) -> bool {
        self.down_until <= at
    }
}

/// So many seconds after `at`.
fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at + SignedDuration::from_secs(seconds)
}
