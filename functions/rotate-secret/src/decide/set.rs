//! How the pending password is set, account by account, where `mysql.user` may be read.
//!
//! | primary | secondary | decision |
//! |---|---|---|
//! | pending | any | already done |
//! | not current | current | replace the primary: RETAIN would kill the current password |
//! | any other | any other | RETAIN: the primary becomes the secondary, the secondary dies |
//!
//! and over it three rules about what dies:
//!
//! - the previous password within `settle` of AWSCURRENT's last move: wait, for clients that cache
//!   the secret may still use it;
//! - a password that is no version of the secret, be it primary or secondary: refuse, for somebody
//!   set it by hand, unless the policy says `overwrite_unknown`;
//! - an account that no password opens (locked, or of a plugin without passwords): leave it.

mod words;

use std::collections::BTreeMap;

use aurora_sql::Account;

use super::{
    Known, Role, Secondary, Seen,
    model::{Passwords, Statement as Sql},
};

/// A password that would no longer open the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dies {
    /// A version of the secret.
    Known(Role),
    /// The primary one, which is no version of the secret.
    UnknownPrimary,
    /// The secondary one, which is no version of the secret.
    UnknownSecondary,
}

/// What is done with one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The pending password is its primary one.
    AlreadyDone,
    /// Set with `RETAIN CURRENT PASSWORD`.
    Retain {
        /// The secondary, where one dies.
        kills: Option<Dies>,
    },
    /// Set without: the primary is replaced and the secondary, the current password, stays.
    Replace {
        /// The primary.
        kills: Dies,
    },
    /// Nothing now: the previous password would die before clients have settled. Try again.
    Wait,
    /// Nothing: a password that somebody set by hand would die. A person must say so.
    Refuse {
        /// Which.
        kills: Dies,
    },
    /// Nothing: no password opens this account.
    Leave {
        /// Why, in words that follow the account's name.
        why: String,
    },
}

/// What to do with `seen`, where `settled` says whether AWSCURRENT last moved longer than the
/// policy's `settle` ago, and `overwrite_unknown` is the policy's.
#[must_use]
pub fn set(seen: &Seen, settled: bool, overwrite_unknown: bool) -> Choice {
    if let Some(why) = seen.shut() {
        return Choice::Leave { why };
    }
    let (choice, kills) = safe(seen);
    match kills {
        Some(Dies::Known(Role::Previous)) if !settled => Choice::Wait,
        Some(kills @ (Dies::UnknownPrimary | Dies::UnknownSecondary)) if !overwrite_unknown => {
            Choice::Refuse { kills }
        }
        _ => choice,
    }
}

/// The change that keeps the current password, and what it kills.
fn safe(seen: &Seen) -> (Choice, Option<Dies>) {
    let (primary, secondary) = (seen.primary, seen.secondary);
    if primary == Some(Role::Pending) {
        return (Choice::AlreadyDone, None);
    }
    if secondary.is(Role::Current) && primary != Some(Role::Current) {
        let kills = primary.map_or(Dies::UnknownPrimary, Dies::Known);
        return (Choice::Replace { kills }, Some(kills));
    }
    let kills = match secondary {
        Secondary::None | Secondary::Known(Role::Pending) => None,
        // The same password twice: it stays, as the new secondary.
        Secondary::Known(role) if primary == Some(role) => None,
        Secondary::Known(role) => Some(Dies::Known(role)),
        Secondary::Unknown => Some(Dies::UnknownSecondary),
    };
    (Choice::Retain { kills }, kills)
}

impl Choice {
    /// The statement, where there is one, with roles for passwords.
    #[must_use]
    pub const fn statement(&self) -> Option<Sql<Option<Role>>> {
        let to = Some(Role::Pending);
        match self {
            Self::Retain { .. } => Some(Sql::Set { to, retain: true }),
            Self::Replace { .. } => Some(Sql::Set { to, retain: false }),
            Self::AlreadyDone | Self::Wait | Self::Refuse { .. } | Self::Leave { .. } => None,
        }
    }
}

impl Seen {
    /// Its passwords for the model, where no role stands for no version of the secret.
    #[must_use]
    pub fn passwords(&self) -> Passwords<Option<Role>> {
        let secondary = match self.secondary {
            Secondary::None => None,
            Secondary::Known(role) => Some(Some(role)),
            Secondary::Unknown => Some(None),
        };
        Passwords {
            primary: self.primary,
            secondary,
        }
    }
}

/// What was decided of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The account.
    pub account: Account,
    /// The decision.
    pub choice: Choice,
    /// What opens the door before and after, and what dies.
    pub reason: String,
}

/// One `ALTER USER`, which MySQL carries out for all its accounts or for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whether with `RETAIN CURRENT PASSWORD`.
    pub retain: bool,
    /// Whose password is set, sorted.
    pub accounts: Vec<Account>,
}

/// What follows for the user as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The pending password opens every account that a password opens.
    AlreadyDone,
    /// These statements, in this order; it may end after any of them.
    Go(Vec<Statement>),
    /// Nothing for any account now, because of some account.
    Wait,
    /// Nothing for any account, because of some account, or because there is none to be set.
    Refuse,
}

/// What was decided of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Of each account, sorted.
    pub decided: Vec<Decided>,
    /// Of all of them.
    pub verdict: Verdict,
}

/// What to do with all accounts of a user.
///
/// One account that has to wait or is refused holds the others back: the pending password could
/// not become current all the same, and an account half rotated is one more thing to explain.
#[must_use]
pub fn plan(known: &Known, seen: &[Seen], settled: bool, overwrite_unknown: bool) -> Plan {
    let mut seen: Vec<_> = seen.iter().collect();
    seen.sort_by(|a, b| a.account.cmp(&b.account));
    let decide = |seen: &Seen| {
        let choice = match seen.shut() {
            None if known.pending_is_current() => Choice::AlreadyDone,
            _ => set(seen, settled, overwrite_unknown),
        };
        let (account, reason) = (seen.account.clone(), words::reason(seen, &choice));
        Decided {
            account,
            choice,
            reason,
        }
    };
    let decided: Vec<_> = seen.into_iter().map(decide).collect();
    let verdict = verdict(&decided);
    Plan { decided, verdict }
}

fn verdict(decided: &[Decided]) -> Verdict {
    let any = |is: fn(&Choice) -> bool| decided.iter().any(|one| is(&one.choice));
    let all_left = !any(|choice| !matches!(choice, Choice::Leave { .. }));
    if all_left || any(|choice| matches!(choice, Choice::Refuse { .. })) {
        return Verdict::Refuse;
    }
    if any(|choice| matches!(choice, Choice::Wait)) {
        return Verdict::Wait;
    }
    match statements(decided) {
        none if none.is_empty() => Verdict::AlreadyDone,
        statements => Verdict::Go(statements),
    }
}

/// The accounts with the same change in one statement.
fn statements(decided: &[Decided]) -> Vec<Statement> {
    let mut alike: BTreeMap<bool, Vec<Account>> = BTreeMap::new();
    for Decided {
        account, choice, ..
    } in decided
    {
        if let Some(Sql::Set { retain, .. }) = choice.statement() {
            alike.entry(retain).or_default().push(account.clone());
        }
    }
    let statement = |(retain, accounts)| Statement { retain, accounts };
    alike.into_iter().map(statement).collect()
}

#[cfg(test)]
mod tests;
