//! When an old password ceases to open the door.
//!
//! Only after the policy's grace, counted from when AWSCURRENT moved; never while a version is
//! pending and not current; never a password that somebody set by hand, unless the policy says
//! `overwrite_unknown`; and only where the current password is the primary one or is made so first,
//! because DISCARD OLD PASSWORD kills the secondary.

mod words;

use aurora_model::Span;
use jiff::Timestamp;

use super::{
    Role, Secondary, Seen,
    model::Statement,
    own::{Attempt, OwnSight, Version},
};

/// How things stand with the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether a version is AWSPENDING and not AWSCURRENT: a rotation is going on, or stuck.
    pub unfinished: bool,
    /// When AWSCURRENT moved last, where it is known.
    pub moved: Option<Timestamp>,
    /// How long the old password stays after that.
    pub grace: Span,
    /// The time.
    pub now: Timestamp,
    /// Whether passwords that are no version of the secret may be killed.
    pub overwrite_unknown: bool,
}

/// What is done with the secondary password of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It opens the door until then.
    Keep {
        /// The end of its grace.
        until: Timestamp,
    },
    /// The current password is the primary one: `DISCARD OLD PASSWORD`.
    Discard,
    /// The current password is the secondary one: it replaces the primary, which dies, and then
    /// its second copy is discarded. It opens the door all the while.
    ReassertThenDiscard,
    /// Nothing.
    Leave {
        /// Why.
        why: Why,
    },
}

/// Why no password is discarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No password opens the account; in words that follow its name.
    Shut(String),
    /// There is no secondary password, or none that is known.
    NothingRetained,
    /// A rotation is going on, or stuck.
    Unfinished,
    /// The current password does not open the door: no other may be taken away.
    CurrentShut,
    /// Somebody set the other password by hand.
    Unknown,
    /// Nobody knows when AWSCURRENT moved.
    MoveUnknown,
}

/// What to do with the secondary password of `seen`.
#[must_use]
pub fn discard(seen: &Seen, standing: &Standing) -> Choice {
    let leave = |why| Choice::Leave { why };
    let primary = seen.primary == Some(Role::Current);
    if let Some(why) = seen.shut() {
        return leave(Why::Shut(why));
    }
    if standing.unfinished || seen.opens(Role::Pending) {
        return leave(Why::Unfinished);
    }
    if !seen.opens(Role::Current) {
        return leave(Why::CurrentShut);
    }
    if seen.secondary == Secondary::None {
        return leave(Why::NothingRetained);
    }
    if has_unknown(seen) && !standing.overwrite_unknown {
        return leave(Why::Unknown);
    }
    let after_grace = if primary {
        Choice::Discard
    } else {
        Choice::ReassertThenDiscard
    };
    standing.in_grace().unwrap_or(after_grace)
}

fn has_unknown(seen: &Seen) -> bool {
    seen.primary.is_none() || seen.secondary == Secondary::Unknown
}

impl Standing {
    /// What grace asks for, while it lasts.
    fn in_grace(&self) -> Option<Choice> {
        let Some(moved) = self.moved else {
            return Some(Choice::Leave {
                why: Why::MoveUnknown,
            });
        };
        let until = moved
            .checked_add(self.grace.duration())
            .unwrap_or(Timestamp::MAX);
        (self.now < until).then_some(Choice::Keep { until })
    }
}

impl Choice {
    /// The statements, in their order; it may end after any of them.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement<Option<Role>>> {
        let reassert = Statement::Set {
            to: Some(Role::Current),
            retain: false,
        };
        match self {
            Self::Discard => vec![Statement::Discard],
            Self::ReassertThenDiscard => vec![reassert, Statement::Discard],
            Self::Keep { .. } | Self::Leave { .. } => vec![],
        }
    }
}

/// What a user that may not read `mysql.user` does with its own secondary password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// As the user logs in with the current password: the attempts in turn, each only after error
    /// 3891 of the one before; after the first that succeeds the current password is the primary
    /// one, and `ALTER USER USER() DISCARD OLD PASSWORD` follows. If none does, nothing follows.
    Try(Vec<Attempt>),
    /// Nothing, for one of the reasons of [`discard`].
    Not(Choice),
}

/// What a user whom `opens` describes does with its own secondary password. It is only discarded
/// where the previous password logs in: then it is known whose door is shut.
#[must_use]
pub fn own(opens: OwnSight, standing: &Standing) -> Own {
    let leave = |why| Own::Not(Choice::Leave { why });
    if standing.unfinished || opens.pending {
        return leave(Why::Unfinished);
    }
    if !opens.current {
        return leave(Why::CurrentShut);
    }
    if !opens.previous {
        return leave(Why::NothingRetained);
    }
    let instead_of = |old| Attempt {
        to: Version::Current,
        instead_of: Some(old),
        retain: false,
    };
    let proofs = [Version::Current, Version::Previous].map(instead_of);
    standing
        .in_grace()
        .map_or_else(|| Own::Try(proofs.into()), Own::Not)
}

#[cfg(test)]
mod tests;
