//! One statement that brings the clone in line, and why.

use std::collections::BTreeSet;

use aurora_sql::Account;
use secrets::Secret;

use crate::database::{Change, Definition, Grant};

/// A change to an account of the clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloneChange {
    /// The original has an account for this host, the clone has none.
    Create {
        /// The clone's account.
        account: Account,
        /// The original's.
        like: Definition,
    },
    /// TLS requirement, resource limits and the like.
    SetOptions {
        /// The clone's account.
        account: Account,
        /// The original's.
        like: Definition,
    },
    /// A right it lacks.
    Grant {
        /// The clone's account.
        to: Account,
        /// The right.
        grant: Grant,
    },
    /// A right the original has not.
    Revoke {
        /// The clone's account.
        from: Account,
        /// The right; its own right to be handed on is revoked as the privilege `GRANT OPTION`.
        grant: Grant,
    },
    /// The roles that are active at login.
    SetDefaultRoles {
        /// The clone's account.
        account: Account,
        /// All of them.
        roles: BTreeSet<Account>,
    },
    /// The original has no account for this host.
    Drop {
        /// The clone's account.
        account: Account,
    },
}

impl CloneChange {
    /// As the session takes it. A created account gets `password`.
    #[must_use]
    pub fn with<'a>(&'a self, password: &'a Secret) -> Change<'a> {
        match self {
            Self::Create { account, like } => Change::Create {
                account,
                like,
                password,
            },
            Self::SetOptions { account, like } => Change::SetOptions { account, like },
            Self::Grant { to, grant } => Change::Grant { to, grant },
            Self::Revoke { from, grant } => Change::Revoke { from, grant },
            Self::SetDefaultRoles { account, roles } => Change::SetDefaultRoles { account, roles },
            Self::Drop { account } => Change::Drop { account },
        }
    }

    /// The clone's account.
    #[must_use]
    pub const fn account(&self) -> &Account {
        match self {
            Self::Create { account, .. }
            | Self::SetOptions { account, .. }
            | Self::Grant { to: account, .. }
            | Self::Revoke { from: account, .. }
            | Self::SetDefaultRoles { account, .. }
            | Self::Drop { account } => account,
        }
    }
}

/// One statement, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is changed.
    pub change: CloneChange,
    /// Why, in words that follow the account's name.
    pub reason: String,
}
