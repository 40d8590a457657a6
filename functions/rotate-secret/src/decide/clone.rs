//! What the other of two alternating users lacks.
//!
//! Two users take turns: while applications log in with one, the password of the other is set. One
//! is the *original*, which people create and grant rights to; the other is its *clone*, by its
//! name with `_clone` behind it, as AWS's own function has it.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html>
//!
//! Only the clone is ever brought in line with the original, never the original with the clone: what
//! people took from the original must not come back from the clone. And only an account whose turn
//! is coming is changed, never the one that applications log in with: while the clone is current,
//! its differences are told, and it is brought in line before its next turn.

mod atoms;
mod difference;
mod password;
mod rights;
mod step;

use std::collections::BTreeSet;

use aurora_sql::Account;

use crate::database::Definition;

pub use password::{after, password, password_reason};
pub use step::{CloneChange, Step};

/// What the clone's name ends with.
pub const SUFFIX: &str = "_clone";

/// Characters in a user name.
/// <https://dev.mysql.com/doc/refman/8.0/en/user-names.html>
pub const LONGEST: usize = 32;

/// Why two users cannot alternate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloneError {
    /// The clone's name would be too long.
    #[error(
        "the clone of {user} would be {user}{SUFFIX}, of {characters} characters: MySQL allows {LONGEST}; use a shorter user name or another strategy"
    )]
    TooLong {
        /// The original.
        user: String,
        /// Of the clone's name.
        characters: usize,
    },
    /// The original would have no name.
    #[error("{SUFFIX} would be the clone of a user without a name: use another user name")]
    Nameless,
    /// There is no original.
    #[error(
        "{clone} is taken for the clone of {original}, and there is no user {original}: create it, or give {clone} another name"
    )]
    NoOriginal {
        /// The original.
        original: String,
        /// Its clone.
        clone: String,
    },
    /// An account of somebody else was among those to be compared.
    #[error("{account} is an account neither of {original} nor of its clone")]
    Stray {
        /// The account.
        account: Account,
        /// The original.
        original: String,
    },
    /// A statement that could change the plugin would change the password as well.
    #[error(
        "{account} authenticates with {has}, its original with {wants}: drop {account}, and the rotation creates it anew"
    )]
    Plugin {
        /// The clone's account.
        account: Account,
        /// Its plugin.
        has: String,
        /// The original's.
        wants: String,
    },
}

/// An original and its clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The user whose rights count.
    pub original: String,
    /// The user that gets the same.
    pub clone: String,
}

impl Pair {
    /// The pair that `user` is one of.
    ///
    /// # Errors
    /// [`CloneError::TooLong`], [`CloneError::Nameless`].
    pub fn of(user: &str) -> Result<Self, CloneError> {
        let original = user.strip_suffix(SUFFIX).unwrap_or(user);
        if original.is_empty() {
            return Err(CloneError::Nameless);
        }
        let clone = format!("{original}{SUFFIX}");
        let characters = clone.chars().count();
        if characters > LONGEST {
            let user = original.into();
            return Err(CloneError::TooLong { user, characters });
        }
        Ok(Self {
            original: original.into(),
            clone,
        })
    }

    /// Whose turn is next, where `current` is who applications log in as.
    #[must_use]
    pub fn next(&self, current: &str) -> &str {
        if current == self.clone {
            &self.original
        } else {
            &self.clone
        }
    }
}

/// What to do about the clone's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// The clone's turn is next: these steps, in this order. It may end after any of them.
    Now(Vec<Step>),
    /// Applications log in as the clone: nothing now. These steps will be due before its next
    /// turn; until then applications lose or gain this by the original's turn.
    Later(Vec<Step>),
}

/// What the clone lacks and what it has too much of, where `current` is who applications log in as.
/// It is not to be applied while [`password`] says to wait.
/// After applying it, read both users and align them again: where `partial_revokes` is on, revoking
/// a privilege on a schema restricts the same global privilege, which the second round lifts.
///
/// # Errors
/// Where the two cannot be compared; nothing may be changed then.
pub fn align(
    pair: &Pair,
    current: &str,
    originals: &[Definition],
    clones: &[Definition],
) -> Result<Alignment, CloneError> {
    check(pair, originals, &pair.original)?;
    check(pair, clones, &pair.clone)?;
    if originals.is_empty() {
        let Pair { original, clone } = pair.clone();
        return Err(CloneError::NoOriginal { original, clone });
    }
    let steps = difference::steps(pair, originals, clones)?;
    Ok(if pair.next(current) == pair.clone {
        Alignment::Now(steps)
    } else {
        Alignment::Later(steps)
    })
}

/// That nobody else's account is compared, and so none is changed.
fn check(pair: &Pair, definitions: &[Definition], user: &str) -> Result<(), CloneError> {
    let mut accounts = definitions.iter().map(|one| &one.account);
    accounts
        .find(|account| account.user != user)
        .map_or(Ok(()), |stray| {
            let (account, original) = (stray.clone(), pair.original.clone());
            Err(CloneError::Stray { account, original })
        })
}

/// Both sides of a comparison of sets: only in the first, only in the second.
fn apart<T: Clone + Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> (Vec<T>, Vec<T>) {
    let one_only = one.difference(other).cloned().collect();
    (one_only, other.difference(one).cloned().collect())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
