//! How the pending password is set for the user whose turn is next.

use super::step::{CloneChange, Step};
use crate::decide::{
    Role, Seen,
    set::{Choice, Dies},
};

/// An option of an account that no password opens.
const LOCKED: &str = "ACCOUNT LOCK";

/// The account as it will be once these steps are taken: one that was locked together with its
/// original, and is unlocked with it, must not let in by the password it had then.
#[must_use]
pub fn after(mut seen: Seen, steps: &[Step]) -> Seen {
    for step in steps {
        if let CloneChange::SetOptions { account, like } = &step.change
            && *account == seen.account
        {
            seen.locked = like.options.contains(LOCKED);
        }
    }
    seen
}

/// What to do with `seen`, an account of the user whose turn is next; its roles are those of the
/// versions with this user's name. `settled` and `overwrite_unknown` as in
/// [`set`](crate::decide::set::set).
///
/// Nobody logs in as this user but clients that cached the previous version: so its primary
/// password is replaced and not retained.
#[must_use]
pub fn password(seen: &Seen, settled: bool, overwrite_unknown: bool) -> Choice {
    let kills = seen.primary.map_or(Dies::UnknownPrimary, Dies::Known);
    match (seen.shut(), kills) {
        (Some(why), _) => Choice::Leave { why },
        (None, Dies::Known(Role::Pending)) => Choice::AlreadyDone,
        // Not the turn of this user: whoever asks is mistaken.
        (None, Dies::Known(Role::Current)) => Choice::Refuse { kills },
        (None, Dies::Known(Role::Previous)) if !settled => Choice::Wait,
        (None, Dies::UnknownPrimary) if !overwrite_unknown => Choice::Refuse { kills },
        (None, _) => Choice::Replace { kills },
    }
}

/// Why, in words that follow the account's name.
#[must_use]
pub fn password_reason(choice: &Choice) -> String {
    match choice {
        Choice::AlreadyDone => "the pending password opens the door already".into(),
        Choice::Retain { .. } => "the pending password is set beside the primary one".into(),
        Choice::Replace { kills: Dies::Known(role) } => format!("the pending password replaces {role}, which no longer opens the door; applications log in as the other user meanwhile"),
        Choice::Replace { .. } => "the pending password replaces one that is no version of this secret".into(),
        Choice::Wait => "the previous password still opens the door for clients that cache the secret: try again when they have settled".into(),
        Choice::Refuse { kills: Dies::Known(role) } => format!("{role} is a password of this user, so it is not its turn"),
        Choice::Refuse { .. } => "its password is no version of this secret: somebody else may log in with it. Drop the user if nobody needs it, or allow overwrite_unknown".into(),
        Choice::Leave { why } => format!("the account {why}: left as it is"),
    }
}
