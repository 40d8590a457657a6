//! What rotation asks of the database, apart from how it is asked.
//!
//! The functions that decide and act know these traits only. One implementation talks to real
//! servers (`mysql`); the simulator has another, whose servers lag, lose
//! connections and fail over whenever a seed says so.

use std::{collections::BTreeSet, time::Duration};

use aurora_sql::{Account, SqlError};
pub use aurora_sql::{Endpoint, Login};
use secrets::Secret;
use tokio::time::Instant;

/// How one may log in, and for how long.
#[derive(Clone, Debug)]
pub struct Access {
    /// The certificates to trust instead of Amazon's, as PEM.
    pub ca: Option<String>,
    /// Whether the policy allows a session without TLS.
    pub plain_text: bool,
    /// How long a connection may take, TLS and login included.
    pub connect: Duration,
    /// How long a statement may take.
    pub statement: Duration,
    /// How long it may wait for a lock.
    pub lock_wait: Duration,
    /// When the run must have stopped.
    pub until: Instant,
}

/// The servers of the clusters whose secrets are rotated.
pub trait Database {
    /// One login.
    type Session: Session;

    /// Logs in at `to`.
    ///
    /// # Errors
    /// [`SqlError::AccessDenied`] when this credential does not open the door; otherwise nothing
    /// is known about the credential.
    fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> impl Future<Output = Result<Self::Session, SqlError>>;
}

/// What a server says of itself and of the login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The version, as the server spells it: `8.0.39`, `9.7.4-2`.
    pub version: String,
    /// Whether it takes writes: `@@innodb_read_only` and `@@super_read_only` are both 0.
    pub writable: bool,
    /// Whether it knows dual passwords: MySQL 8.0.14 and later.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
    pub dual_passwords: bool,
    /// Whether the session is encrypted.
    pub encrypted: bool,
    /// The account that the login was matched with: `CURRENT_USER()`.
    pub me: Account,
}

/// What a password of an account is, as far as we know the candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// The candidate of this number, counted from 0.
    Candidate(usize),
    /// None of the candidates.
    Unknown,
}

/// The passwords of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// The password that was set last.
    pub primary: Held,
    /// The one that was retained beside it, if one was: it opens the door as well.
    pub secondary: Option<Held>,
    /// Whether the account is locked: no password opens it.
    pub locked: bool,
    /// The authentication plugin: `caching_sha2_password`.
    pub plugin: String,
}

/// What an account is apart from its passwords: the clone of an alternating user has the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The account.
    pub account: Account,
    /// The clauses of `SHOW CREATE USER` behind the authentication, each as the server spells it:
    /// `REQUIRE SSL`, `WITH MAX_USER_CONNECTIONS 5`, `PASSWORD EXPIRE DEFAULT`, `ACCOUNT UNLOCK`.
    pub options: BTreeSet<String>,
    /// The authentication plugin.
    pub plugin: String,
    /// The roles that are active at login.
    pub default_roles: BTreeSet<Account>,
    /// What it may do.
    pub grants: BTreeSet<Grant>,
}

/// One line of `SHOW GRANTS`, taken apart.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-grants.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// One privilege on one object.
    Privilege {
        /// The privilege, with its columns where it has some: ``SELECT (`id`, `name`)``.
        privilege: String,
        /// The object as the server spells it: ``*.*``, ``` `shop`.* ```, ``PROCEDURE `shop`.`f` ``.
        on: String,
        /// Whether it may be handed on.
        grantable: bool,
    },
    /// A role.
    Role {
        /// The role.
        role: Account,
        /// Whether it may be handed on.
        admin: bool,
    },
    /// A right to act for another account.
    Proxy {
        /// The other account.
        on: Account,
        /// Whether it may be handed on.
        grantable: bool,
    },
    /// A partial revoke, as `SHOW GRANTS` lists it.
    Restriction {
        /// The privilege.
        privilege: String,
        /// The object.
        on: String,
    },
}

/// One statement that changes accounts. Each is atomic: all accounts it names, or none.
pub enum Change<'a> {
    /// `ALTER USER … IDENTIFIED BY … [RETAIN CURRENT PASSWORD]`, the same for each account.
    ///
    /// With `retain` the primary becomes the secondary, and what was secondary is gone. Without,
    /// the primary is replaced and the secondary stays.
    SetPassword {
        /// Whose.
        accounts: &'a [Account],
        /// To what.
        password: &'a Secret,
        /// Whether the primary stays as secondary.
        retain: bool,
    },
    /// The same for oneself, on condition that `instead_of`, where it is given, is the *primary*
    /// password: otherwise nothing is changed, with error 3891.
    /// `ALTER USER USER() IDENTIFIED BY … REPLACE … [RETAIN CURRENT PASSWORD]`
    SetOwnPassword {
        /// To what.
        password: &'a Secret,
        /// What the primary password must be.
        instead_of: Option<&'a Secret>,
        /// Whether the primary stays as secondary.
        retain: bool,
    },
    /// `ALTER USER … DISCARD OLD PASSWORD`.
    DiscardOld {
        /// Whose.
        accounts: &'a [Account],
    },
    /// `ALTER USER USER() DISCARD OLD PASSWORD`.
    DiscardOwnOld,
    /// `CREATE USER … IDENTIFIED WITH … BY …` with the options of another account.
    Create {
        /// Which.
        account: &'a Account,
        /// Whose options.
        like: &'a Definition,
        /// With this password.
        password: &'a Secret,
    },
    /// `ALTER USER …` so that the options are those of another account.
    SetOptions {
        /// Whose.
        account: &'a Account,
        /// Whose options.
        like: &'a Definition,
    },
    /// `ALTER USER … DEFAULT ROLE …`.
    SetDefaultRoles {
        /// Whose.
        account: &'a Account,
        /// Which.
        roles: &'a BTreeSet<Account>,
    },
    /// `GRANT …`.
    Grant {
        /// To whom.
        to: &'a Account,
        /// What.
        grant: &'a Grant,
    },
    /// `REVOKE …`.
    Revoke {
        /// From whom.
        from: &'a Account,
        /// What.
        grant: &'a Grant,
    },
    /// `DROP USER …`, of a clone's account whose original is gone.
    Drop {
        /// Which.
        account: &'a Account,
    },
}

/// One login on one server.
pub trait Session {
    /// What the server is.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn server(&mut self) -> impl Future<Output = Result<Server, SqlError>>;

    /// `GET_LOCK(name, wait)`: whether it was had. It is held until the session ends.
    /// <https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html>
    ///
    /// # Errors
    /// When it cannot be asked.
    fn lock(&mut self, name: &str, wait: Duration) -> impl Future<Output = Result<bool, SqlError>>;

    /// The accounts of `user`, sorted, and which of `candidates` their passwords are.
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] when the login may not read `mysql.user`.
    fn entries(
        &mut self,
        user: &str,
        candidates: &[&Secret],
    ) -> impl Future<Output = Result<Vec<Entry>, SqlError>>;

    /// What `account` is apart from its passwords.
    ///
    /// # Errors
    /// [`SqlError::MissingRight`] when the login may not see it.
    fn definition(
        &mut self,
        account: &Account,
    ) -> impl Future<Output = Result<Definition, SqlError>>;

    /// Carries `change` out.
    ///
    /// # Errors
    /// When it was refused, or it is not known whether it took effect ([`SqlError::unsure`]).
    fn change(&mut self, change: &Change<'_>) -> impl Future<Output = Result<(), SqlError>>;

    /// Logs out. A session that is dropped instead is closed by the server in its own time.
    fn close(self) -> impl Future<Output = ()>;
}
