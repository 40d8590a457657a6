//! A cluster: one state of all accounts, which each instance knows sooner or later.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aurora_sql::Account;
use jiff::{SignedDuration, Timestamp};

use super::{Accounts, Entry};

/// The accounts from some moment on.
#[derive(Clone, Debug)]
pub(super) struct Since {
    pub(super) at: Timestamp,
    pub(super) accounts: Arc<Accounts>,
    pub(super) by: Option<usize>,
}

/// A server.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// How far it is behind the writer while it is a reader.
    pub(super) lag: SignedDuration,
    /// What it knew when it became a reader, it does not forget.
    pub(super) knows: Timestamp,
    /// It takes no logins before this.
    pub(super) down_until: Timestamp,
    /// How many wrong passwords each account was given in a row.
    pub(super) wrong: BTreeMap<Account, u32>,
}

/// A cluster.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) writer: String,
    /// Where the cluster endpoint still leads, and until when.
    pub(super) stale_name: Option<(String, Timestamp)>,
    pub(super) instances: BTreeMap<String, Instance>,
    pub(super) dual: bool,
    /// From the oldest to the newest, never empty.
    pub(super) past: Vec<Since>,
    /// User-level locks of the writer, and the sessions that hold them.
    pub(super) locks: BTreeMap<String, u64>,
}

/// What a server knows.
#[derive(Clone, Debug)]
pub struct View {
    /// Of which cluster it is.
    pub cluster: String,
    /// Whether it is the writer.
    pub writer: bool,
    /// The accounts, as it has them.
    pub accounts: Arc<Accounts>,
    /// The accounts it has locked after too many wrong passwords.
    pub barred: BTreeSet<Account>,
    /// The run that changed them last; none where it was a person.
    pub by: Option<usize>,
}

impl View {
    /// Whether a password opens the door of `account` here.
    #[must_use]
    pub fn opens(&self, account: &Account, password: super::Password) -> bool {
        let opens = |entry: &Entry| entry.takes_passwords() && entry.has(password);
        !self.barred.contains(account) && self.accounts.get(account).is_some_and(opens)
    }

    /// Whether a login of `user` from the function's address is let in with a password.
    #[must_use]
    pub fn admits(&self, user: &str, password: super::Password) -> bool {
        let account = super::matched(&self.accounts, user);
        account.is_some_and(|(account, _)| self.opens(account, password))
    }
}

impl Cluster {
    pub(super) fn newest(&self) -> &Accounts {
        &self.past[self.past.len() - 1].accounts
    }

    /// What `instance` knows at `now`.
    pub(super) fn known(&self, instance: &str, now: Timestamp) -> &Since {
        let last = &self.past[self.past.len() - 1];
        let server = self
            .instances
            .get(instance)
            .filter(|_| instance != self.writer);
        let Some(server) = server else { return last };
        let until = server.knows.max(now - server.lag);
        let mut newest_first = self.past.iter().rev();
        newest_first
            .find(|since| since.at <= until)
            .unwrap_or(&self.past[0])
    }

    pub(super) fn view(&self, cluster: &str, instance: &str, now: Timestamp) -> View {
        let Since { accounts, by, .. } = self.known(instance, now);
        let wrong = self
            .instances
            .get(instance)
            .into_iter()
            .flat_map(|it| &it.wrong);
        let barred = wrong.filter(|(account, count)| {
            let most = accounts.get(*account).and_then(Entry::attempts);
            most.is_some_and(|most| **count >= most)
        });
        View {
            cluster: cluster.into(),
            writer: instance == self.writer,
            accounts: Arc::clone(accounts),
            barred: barred.map(|(account, _)| account.clone()).collect(),
            by: *by,
        }
    }

    pub(super) fn changed(&mut self, at: Timestamp, by: Option<usize>, accounts: Accounts) {
        let accounts = Arc::new(accounts);
        self.past.push(Since { at, accounts, by });
    }
}
