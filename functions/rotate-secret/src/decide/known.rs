//! Which version of the secret a password is.

use std::fmt;

use aurora_sql::Account;

use crate::database::{Entry, Held};

/// What a version of the secret is to the rotation, the strongest first.
///
/// Where one password has several roles, the strongest counts: it is what the password may not
/// lose. After a finished rotation the same version is AWSCURRENT and AWSPENDING: it is current.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The version staged AWSCURRENT: what applications log in with.
    Current,
    /// The version staged AWSPENDING: what they will log in with.
    Pending,
    /// The version staged AWSPREVIOUS: what clients that cache the secret may still log in with.
    Previous,
    /// Any other version that can still be read: of a rotation long past, or one given up.
    Older,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Current => "the current password",
            Self::Pending => "the pending password",
            Self::Previous => "the previous password",
            Self::Older => "an older password of this secret",
        })
    }
}

/// The roles of the candidates that a session was asked about, in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    given: Vec<Role>,
    strongest: Vec<Role>,
}

impl Known {
    /// The roles of candidates, where `given` has one role of each, and `same` says of two
    /// numbers whether these candidates are the same password.
    #[must_use]
    pub fn new(given: Vec<Role>, same: impl Fn(usize, usize) -> bool) -> Self {
        let strongest_of = |i: usize| {
            let alike = (0..given.len()).filter(|j| *j == i || same(i, *j));
            alike.map(|j| given[j]).min().unwrap_or(given[i])
        };
        let strongest = (0..given.len()).map(strongest_of).collect();
        Self { given, strongest }
    }

    /// The strongest role of a password; none where it is no candidate.
    #[must_use]
    pub fn role(&self, held: Held) -> Option<Role> {
        match held {
            Held::Candidate(number) => self.strongest.get(number).copied(),
            Held::Unknown => None,
        }
    }

    /// Whether the pending password is the current one: then there is nothing to set, for no
    /// account has the role [`Role::Pending`].
    #[must_use]
    pub fn pending_is_current(&self) -> bool {
        let mut pairs = self.given.iter().zip(&self.strongest);
        pairs.any(|(given, strongest)| (*given, *strongest) == (Role::Pending, Role::Current))
    }
}

/// The password beside the primary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Secondary {
    /// There is none.
    None,
    /// A version of the secret.
    Known(Role),
    /// Some password that is no version of the secret.
    Unknown,
}

impl Secondary {
    /// Whether it is the version of this role.
    #[must_use]
    pub fn is(self, role: Role) -> bool {
        self == Self::Known(role)
    }
}

/// An account, with its passwords as roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The account.
    pub account: Account,
    /// The primary password; none where it is no version of the secret.
    pub primary: Option<Role>,
    /// The password retained beside it.
    pub secondary: Secondary,
    /// Whether the account is locked.
    pub locked: bool,
    /// The authentication plugin, where it is one that keeps no password in `mysql.user`.
    pub passwordless: Option<String>,
}

/// The plugins that keep passwords in `mysql.user`, and can keep two of them.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
const WITH_PASSWORDS: [&str; 3] = [
    "caching_sha2_password",
    "mysql_native_password",
    "sha256_password",
];

impl Seen {
    /// What a session read, in roles.
    #[must_use]
    pub fn new(entry: &Entry, known: &Known) -> Self {
        let plain = WITH_PASSWORDS.contains(&entry.plugin.as_str());
        Self {
            account: entry.account.clone(),
            primary: known.role(entry.primary),
            secondary: match entry.secondary {
                None => Secondary::None,
                Some(held) => known
                    .role(held)
                    .map_or(Secondary::Unknown, Secondary::Known),
            },
            locked: entry.locked,
            passwordless: (!plain).then(|| entry.plugin.clone()),
        }
    }

    /// Whether the version of this role opens the door.
    #[must_use]
    pub fn opens(&self, role: Role) -> bool {
        self.shut().is_none() && (self.primary == Some(role) || self.secondary.is(role))
    }

    /// Why no password opens this account, in words that follow its name.
    #[must_use]
    pub fn shut(&self) -> Option<String> {
        match &self.passwordless {
            Some(plugin) => Some(format!(
                "logs in by {plugin}, without a password of its own"
            )),
            None => self.locked.then(|| "is locked".into()),
        }
    }
}

#[cfg(test)]
mod tests;
