//! How a user sets its own pending password, where it may not read `mysql.user`.
//!
//! What it knows is which versions log in. Which of two is the primary, only MySQL knows: so each
//! attempt names, with `REPLACE`, the password that must be the primary one. Where it is not, error
//! 3891 says so, nothing has changed, and the next attempt is made. These attempts are no logins:
//! unlike trying old passwords at the door, they do not count for `FAILED_LOGIN_ATTEMPTS`.
//! <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#password-reverification-policy>
//!
//! Two things this way cannot see, and says so: a secondary password that is no version of the
//! secret (it would die), and the user's accounts for other hosts (they are not changed).

use std::fmt;

use super::{Role, model::Statement};

/// A version of the secret, as a password to be written into a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// AWSCURRENT.
    Current,
    /// AWSPENDING.
    Pending,
    /// AWSPREVIOUS.
    Previous,
    /// Of the others the one of this number, counted from 0, the newest.
    Older(usize),
}

impl Version {
    /// What it is to the rotation.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Current => Role::Current,
            Self::Pending => Role::Pending,
            Self::Previous => Role::Previous,
            Self::Older(_) => Role::Older,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.role().fmt(f)
    }
}

/// Which versions log in on the writer. To reset MySQL's count of failed logins, the current
/// version is best tried before each that may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSight {
    /// Whether AWSPENDING does, and is another password than AWSCURRENT.
    pub pending: bool,
    /// Whether AWSCURRENT does.
    pub current: bool,
    /// Whether there is AWSPREVIOUS, of the same user and with another password, and it does.
    pub previous: bool,
    /// How many older versions can be read. They are not tried at the door.
    pub older: usize,
}

/// One `ALTER USER USER() IDENTIFIED BY to [REPLACE instead_of] [RETAIN CURRENT PASSWORD]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The password to be set.
    pub to: Version,
    /// What the primary password must be; none where it may be any.
    pub instead_of: Option<Version>,
    /// Whether the primary stays as secondary.
    pub retain: bool,
}

impl Attempt {
    /// The statement, with versions for passwords.
    #[must_use]
    pub const fn statement(&self) -> Statement<Version> {
        let Self {
            to,
            instead_of,
            retain,
        } = *self;
        Statement::SetOwn {
            to,
            instead_of,
            retain,
        }
    }
}

/// What to do about the account that the login was matched with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// The pending password opens the door.
    AlreadyDone {
        /// What opens the door.
        reason: String,
    },
    /// Log in and make the attempts in turn, each only after error 3891 of the one before.
    Try {
        /// With what to log in.
        login: Version,
        /// At least one.
        attempts: Vec<Attempt>,
        /// What opens the door before and after, and what dies.
        reason: String,
        /// Why it is refused when the last attempt ends with error 3891 as well.
        otherwise: String,
    },
    /// Nothing now: the previous password would die before clients have settled. Try again.
    Wait {
        /// Why.
        reason: String,
    },
    /// Nothing. A person must act.
    Refuse {
        /// Why.
        reason: String,
    },
}

/// Why nothing can be done where no version logs in.
pub const NONE_OPENS: &str = "neither the pending, nor the current, nor the previous password opens the door: name a secret that may change this user in masterarn";

/// What a user whom `opens` describes does to set its pending password; `settled` and
/// `overwrite_unknown` as in [`set`](super::set::set).
#[must_use]
pub fn own(opens: OwnSight, settled: bool, overwrite_unknown: bool) -> Own {
    let OwnSight {
        pending,
        current,
        previous,
        ..
    } = opens;
    match (pending, current, previous) {
        (true, true, _) => Own::AlreadyDone {
            reason: "the pending password and the current password open the door already".into(),
        },
        (true, false, _) => Own::AlreadyDone {
            reason: "the pending password opens the door already; AWSCURRENT does not".into(),
        },
        (false, true, true) if !settled => Own::Wait {
            reason: "the current password and the previous password open the door; setting the pending password now would kill the previous one, which clients that cache the secret may still use: try again when they have settled".into(),
        },
        (false, true, _) => attempts(opens, Version::Current, overwrite_unknown),
        (false, false, true) => attempts(opens, Version::Previous, overwrite_unknown),
        (false, false, false) => Own::Refuse { reason: NONE_OPENS.into() },
    }
}

/// `login` opens the door: first as if it was the primary, then as if it was the secondary.
fn attempts(opens: OwnSight, login: Version, overwrite_unknown: bool) -> Own {
    let attempt = |instead_of, retain| Attempt {
        to: Version::Pending,
        instead_of,
        retain,
    };
    let replace = |primary| attempt(Some(primary), false);
    let mut attempts = vec![attempt(Some(login), true)];
    if opens.current && opens.previous {
        // An account has two passwords at most: these are they.
        attempts.push(replace(Version::Previous));
    } else {
        attempts.extend((0..opens.older).map(|number| replace(Version::Older(number))));
        attempts.extend(overwrite_unknown.then(|| attempt(None, false)));
    }
    Own::Try {
        login,
        attempts,
        reason: reason(opens, login),
        otherwise: format!(
            "{login} is only the secondary one, and the primary, which would have to be replaced, is no version of this secret: set the current password again if nobody needs the other, name a secret that may change this user in masterarn, or allow overwrite_unknown"
        ),
    }
}

fn reason(opens: OwnSight, login: Version) -> String {
    let dies = if opens.current && opens.previous {
        ", and the previous password no longer does"
    } else {
        ", and no other does: this login cannot see whether there was one"
    };
    let shut = if opens.current {
        ""
    } else {
        "; AWSCURRENT did not open this account before, nor will it after"
    };
    format!(
        "{login} opens the door; in one statement, on condition of what is the primary password, the pending password is set beside it: then the pending password and {login} open the door of the account this login was matched with{dies}{shut}"
    )
}

#[cfg(test)]
mod tests;
