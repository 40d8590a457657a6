//! What goes on in the servers, as a session may look at it, and end it.

use std::collections::BTreeMap;

use aurora_sql::SqlError;
use jiff::Timestamp;

use super::World;
use crate::activity::{self, Activity, Ending};

/// The right to end what others do, as a grant.
pub const RIGHT_TO_END: &str = "CONNECTION_ADMIN ON *.*";

/// What a session sees of its server.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// When.
    pub at: Timestamp,
    /// The cluster.
    pub cluster: String,
    /// The server.
    pub instance: String,
    /// Whether it takes writes.
    pub writable: bool,
    /// Since when it has been up.
    pub up_since: Timestamp,
    /// How many connections it takes.
    pub max_connections: u64,
    /// Its sessions.
    pub sessions: Vec<activity::Session>,
}

impl World {
    /// Puts clients before the servers. Of the clients of a server that is looked at, so many percent do
    /// something else just then.
    pub fn put_activity(&mut self, activity: Activity, max_connections: u64, startled: u8) {
        (self.activity, self.max_connections) = (activity, max_connections);
        self.startled = startled;
    }

    /// Who is on each server.
    pub fn all_sessions(&mut self, now: Timestamp) -> BTreeMap<String, Vec<activity::Session>> {
        let instances = self.clusters.values().flat_map(|it| it.instances.keys());
        let instances: Vec<String> = instances.cloned().collect();
        let of = |instance: String| {
            let (sessions, _) = self.activity.sessions(&instance, now);
            (instance, sessions)
        };
        instances.into_iter().map(of).collect()
    }

    /// What `session` sees of its server; none if the server has ended it.
    pub fn glance(&mut self, session: u64, now: Timestamp) -> Option<Glance> {
        let seen = self.seen(session, now)?;
        if now <= self.calm {
            self.activity.startle(&seen.instance, self.startled, now);
        }
        Some(seen)
    }

    fn seen(&mut self, session: u64, now: Timestamp) -> Option<Glance> {
        let (cluster, instance, _) = self.of_session(session, now)?;
        let (writable, _) = self.server(session, now)?;
        let (sessions, up_since) = self.activity.sessions(&instance, now);
        Some(Glance {
            at: now,
            cluster,
            instance,
            writable,
            up_since,
            max_connections: self.max_connections,
            sessions,
        })
    }

    /// What `session` sees of the connection `id`; none if the server has ended the one that asks.
    pub fn client(&mut self, session: u64, id: u64, now: Timestamp) -> Option<Glance> {
        let mut seen = self.seen(session, now)?;
        seen.sessions.retain(|it| it.id == id);
        Some(seen)
    }

    /// Has the server of `session` end something of the connection `id`; what there was.
    ///
    /// # Errors
    /// What the caller is told; `None` if the server has ended the session.
    pub fn end(
        &mut self,
        session: u64,
        (id, ending): (u64, Ending),
        now: Timestamp,
    ) -> Option<Result<Option<activity::Session>, SqlError>> {
        let (_, instance, me) = self.of_session(session, now)?;
        let accounts = self.accounts(session, now)?;
        let may = accounts.get(&me);
        if !may.is_some_and(|me| me.grants.contains(RIGHT_TO_END)) {
            let right = RIGHT_TO_END.to_owned();
            return Some(Err(SqlError::MissingRight { right, code: 1094 }));
        }
        Some(Ok(self.activity.end(&instance, id, ending, now)))
    }
}
