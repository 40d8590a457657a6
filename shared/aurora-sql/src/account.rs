//! An account of a MySQL server: a user name with the hosts it may come from.

use std::fmt;

/// An account: MySQL knows a user by its name together with the host it comes from, and each such
/// pair has its own password and its own rights.
/// <https://dev.mysql.com/doc/refman/8.0/en/account-names.html>
///
/// [`Display`](fmt::Display) is for people. In SQL it is written by
/// [`Statement::account`](crate::Statement::account), which quotes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The user name, case-sensitive, of at most 32 characters.
    pub user: String,
    /// The host part: a name, an address or a pattern such as `%` or `10.0.%`.
    pub host: String,
}

impl Account {
    /// Reads what `CURRENT_USER()` says: `user@host`. A user name may have an `@` in it, a host
    /// may not: the last one counts.
    /// <https://dev.mysql.com/doc/refman/8.0/en/information-functions.html#function_current-user>
    #[must_use]
    pub fn from_current_user(text: &str) -> Option<Self> {
        let (user, host) = text.rsplit_once('@')?;
        Some(Self {
            user: user.to_owned(),
            host: host.to_owned(),
        })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, host } = self;
        write!(f, "'{user}'@'{host}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_at_sign_parts_user_and_host() {
        for (text, user, host) in [
            ("app@%", "app", "%"),
            ("a@b@10.0.%", "a@b", "10.0.%"),
            ("@localhost", "", "localhost"),
            ("app@", "app", ""),
        ] {
            let (user, host) = (user.to_owned(), host.to_owned());
            assert_eq!(
                Account::from_current_user(text),
                Some(Account { user, host })
            );
        }
        assert_eq!(Account::from_current_user("app"), None);
    }
}
