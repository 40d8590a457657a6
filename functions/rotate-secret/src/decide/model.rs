//! What MySQL makes of each statement that changes a password, as plain data.
//!
//! The properties of this module's neighbours are proved against it, and the simulator's servers
//! keep their accounts in it. `P` stands for a password: a role, a number, a text.

/// The passwords of one account: each opens the door.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passwords<P> {
    /// The one that was set last.
    pub primary: P,
    /// The one that was retained beside it.
    pub secondary: Option<P>,
}

/// A statement that changes a password: [`Change`](crate::database::Change) without the accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statement<P> {
    /// `ALTER USER … IDENTIFIED BY to [RETAIN CURRENT PASSWORD]`
    Set {
        /// The new password.
        to: P,
        /// Whether the primary stays as secondary.
        retain: bool,
    },
    /// `ALTER USER USER() IDENTIFIED BY to [REPLACE instead_of] [RETAIN CURRENT PASSWORD]`
    SetOwn {
        /// The new password.
        to: P,
        /// What the primary password must be.
        instead_of: Option<P>,
        /// Whether the primary stays as secondary.
        retain: bool,
    },
    /// `ALTER USER … DISCARD OLD PASSWORD`, of oneself or of others.
    Discard,
}

/// Error 3891: the password to be replaced is not the primary one. Nothing was changed.
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html#error_er_incorrect_current_password>
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("incorrect current password (3891)")]
pub struct NotPrimary;

impl<P: Clone + PartialEq> Passwords<P> {
    /// The passwords of a new account.
    pub const fn new(primary: P) -> Self {
        Self {
            primary,
            secondary: None,
        }
    }

    /// Whether `password` opens the door.
    pub fn opens(&self, password: &P) -> bool {
        self.primary == *password || self.secondary.as_ref() == Some(password)
    }

    /// What they are after `statement`.
    ///
    /// # Errors
    /// [`NotPrimary`] where a condition of `statement` does not hold.
    pub fn after(&self, statement: &Statement<P>) -> Result<Self, NotPrimary> {
        match statement {
            Statement::SetOwn {
                instead_of: Some(old),
                ..
            } if self.primary != *old => Err(NotPrimary),
            Statement::Set { to, retain } | Statement::SetOwn { to, retain, .. } => {
                Ok(self.set(to, *retain))
            }
            Statement::Discard => Ok(Self::new(self.primary.clone())),
        }
    }

    /// With `retain` the primary becomes the secondary, and what was secondary is gone; without,
    /// the primary is replaced and the secondary stays.
    fn set(&self, to: &P, retain: bool) -> Self {
        let secondary = if retain {
            Some(self.primary.clone())
        } else {
            self.secondary.clone()
        };
        Self {
            primary: to.clone(),
            secondary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(letters: &str) -> Passwords<char> {
        let mut letters = letters.chars();
        let primary = letters.next().unwrap();
        Passwords {
            primary,
            secondary: letters.next(),
        }
    }

    #[test]
    fn every_statement_does_what_was_measured() {
        let set = |retain| Statement::Set { to: 'n', retain };
        let own = |instead_of, retain| Statement::SetOwn {
            to: 'n',
            instead_of,
            retain,
        };
        for (before, statement, after) in [
            ("a", set(true), Ok("na")),
            ("ab", set(true), Ok("na")),
            ("a", set(false), Ok("n")),
            ("ab", set(false), Ok("nb")),
            ("ab", own(Some('a'), true), Ok("na")),
            ("ab", own(Some('a'), false), Ok("nb")),
            ("ab", own(Some('b'), true), Err(NotPrimary)),
            ("ab", own(Some('b'), false), Err(NotPrimary)),
            ("ab", own(None, true), Ok("na")),
            ("ab", own(None, false), Ok("nb")),
            ("ab", Statement::Discard, Ok("a")),
            ("a", Statement::Discard, Ok("a")),
        ] {
            assert_eq!(
                pair(before).after(&statement),
                after.map(pair),
                "{before} {statement:?}"
            );
        }
    }

    #[test]
    fn both_passwords_open_the_door_and_no_other() {
        let opening: String = ('a'..='d').filter(|p| pair("ca").opens(p)).collect();
        assert_eq!(opening, "ac");
    }
}
