//! The accounts of a server.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use aurora_sql::Account;

/// A password, as a number: the same text has the same number everywhere in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Password(pub u32);

impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

/// What an account is and may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The password that was set last.
    pub primary: Password,
    /// The one that was retained beside it.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
    pub secondary: Option<Password>,
    /// Whether it is locked.
    pub locked: bool,
    /// The authentication plugin.
    pub plugin: String,
    /// The clauses of `SHOW CREATE USER`, but for the lock.
    pub options: BTreeSet<String>,
    /// The roles that are active at login.
    pub default_roles: BTreeSet<Account>,
    /// What it may do: `SELECT ON *.*`.
    pub grants: BTreeSet<String>,
}

/// All accounts of a server.
pub type Accounts = BTreeMap<Account, Entry>;

impl Entry {
    /// An account with a password, which may do this.
    #[must_use]
    pub fn new(primary: Password, grants: &[&str]) -> Self {
        Self {
            primary,
            secondary: None,
            locked: false,
            plugin: "caching_sha2_password".into(),
            options: BTreeSet::new(),
            default_roles: BTreeSet::new(),
            grants: grants.iter().map(|grant| (*grant).to_owned()).collect(),
        }
    }

    /// Whether it has this password, be it the second one.
    #[must_use]
    pub fn has(&self, password: Password) -> bool {
        self.primary == password || self.secondary == Some(password)
    }

    /// Whether a password opens it at all.
    #[must_use]
    pub fn takes_passwords(&self) -> bool {
        !self.locked && self.plugin == "caching_sha2_password"
    }

    /// Whether it may do one of these on all objects.
    #[must_use]
    pub fn may(&self, rights: &[&str]) -> bool {
        rights
            .iter()
            .any(|right| self.grants.contains(&format!("{right} ON *.*")))
    }

    /// After how many wrong passwords in a row it is locked, if it is.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
    #[must_use]
    pub fn attempts(&self) -> Option<u32> {
        let mut options = self.options.iter();
        options.find_map(|option| option.strip_prefix("FAILED_LOGIN_ATTEMPTS ")?.parse().ok())
    }
}

/// The account that a login of `user` from the function's address is matched with: of the hosts
/// that match, the most exact one.
/// <https://dev.mysql.com/doc/refman/8.0/en/connection-access.html>
#[must_use]
pub fn matched<'a>(accounts: &'a Accounts, user: &str) -> Option<(&'a Account, &'a Entry)> {
    let mut hosts = ["10.0.%", "%"].iter();
    hosts.find_map(|host| {
        accounts
            .iter()
            .find(|(account, _)| account.user == user && account.host == *host)
    })
}
