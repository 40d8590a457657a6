//! What the databases of the clusters hold, and who works on it.

use std::{collections::BTreeMap, sync::Arc};

use aurora_sql::SqlError;
use jiff::Timestamp;

use super::World;
use crate::store::{Store, Worked};

impl World {
    /// Gives `cluster` what its database holds.
    pub fn put_store(&mut self, cluster: &str, store: Store) {
        self.stores.insert(cluster.to_owned(), Arc::new(store));
    }

    /// What each cluster's database holds.
    #[must_use]
    pub fn stores(&self) -> BTreeMap<String, Arc<Store>> {
        self.stores.clone()
    }

    /// Has `work` done by `session` to what its cluster's database holds.
    ///
    /// # Errors
    /// What the caller is told; `None` if the server has ended the session.
    pub fn with_store<T>(
        &mut self,
        session: u64,
        writes: bool,
        now: Timestamp,
        work: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError>,
    ) -> Option<Result<T, SqlError>> {
        let login = self.login(session, now)?.clone();
        let leader = &self.clusters.get(&login.cluster)?.writer;
        if writes && *leader != login.instance {
            let endpoint = login.instance;
            return Some(Err(SqlError::ReadOnly { endpoint }));
        }
        let store = self.stores.entry(login.cluster).or_default();
        if writes {
            let mut after = Store::clone(store);
            let done = work(&mut after, now);
            if done.is_ok() && after != **store {
                *store = Arc::new(after);
            }
            return Some(done);
        }
        Some(work(&mut Store::clone(store), now))
    }

    /// A person changes what the database of `cluster` holds.
    pub fn store_by_hand(&mut self, cluster: &str, work: impl FnOnce(&mut Store)) {
        let store = self.stores.entry(cluster.to_owned()).or_default();
        work(Arc::make_mut(store));
    }

    /// What the session was carrying out is over, without effect: the server ended it.
    pub fn abandon(&mut self, session: u64, now: Timestamp) {
        for store in self.stores.values_mut() {
            let of = |work: &&mut Worked| work.session == session;
            let store = Arc::make_mut(store);
            for work in store.worked.iter_mut().filter(of) {
                work.ended = work.ended.or(Some(now));
            }
        }
    }

    /// The session carries something out until then, whether its owner is there or not.
    pub fn occupy(&mut self, session: u64, until: Option<Timestamp>) {
        if let Some(login) = self.sessions.get_mut(&session) {
            login.busy = until;
        }
    }
}
