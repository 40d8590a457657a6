//! The decision about one account as a sentence: what opens the door, and what dies.

use super::{super::Role, Choice, Dies, Seen};
use crate::decide::model::Passwords;

/// Why `choice` was made for `seen`. The account itself is not named.
pub(super) fn reason(seen: &Seen, choice: &Choice) -> String {
    let before = doors(&seen.passwords());
    match choice {
        Choice::AlreadyDone => format!("nothing to set: {before} the door already"),
        Choice::Retain { kills } => changed(
            seen,
            choice,
            "set with RETAIN CURRENT PASSWORD, in one statement",
            *kills,
        ),
        Choice::Replace { kills } => changed(
            seen,
            choice,
            "the current password is only the secondary one, which RETAIN would kill, so the \
             primary is replaced, in one statement",
            Some(*kills),
        ),
        Choice::Wait => format!(
            "{before} the door; setting the pending password now would kill the previous one, \
             which clients that cache the secret may still use: try again when they have settled"
        ),
        Choice::Refuse { kills } => format!("{before} the door; {}", refusal(*kills)),
        Choice::Leave { why } => format!("the account {why}: left as it is"),
    }
}

fn changed(seen: &Seen, choice: &Choice, how: &str, kills: Option<Dies>) -> String {
    let before = seen.passwords();
    let after = choice.statement().and_then(|sql| before.after(&sql).ok());
    let after = doors(after.as_ref().unwrap_or(&before));
    let dies = kills.map_or_else(String::new, |dies| {
        format!(", and {} no longer does", name(dies))
    });
    let shut = if seen.opens(Role::Current) {
        ""
    } else {
        "; AWSCURRENT did not open this account before, nor will it after"
    };
    let before = doors(&before);
    format!("{before} the door; {how}: then {after} it{dies}{shut}")
}

fn refusal(kills: Dies) -> &'static str {
    match kills {
        Dies::UnknownSecondary => {
            "the secondary password is no version of this secret, and setting the pending one \
             would kill it: DISCARD OLD PASSWORD if nobody needs it, or allow overwrite_unknown"
        }
        Dies::UnknownPrimary | Dies::Known(_) => {
            "the current password is only the secondary one, and the primary, which would have to \
             be replaced, is no version of this secret: set the current password again if nobody \
             needs the other, or allow overwrite_unknown"
        }
    }
}

fn name(dies: Dies) -> String {
    match dies {
        Dies::Known(role) => role.to_string(),
        Dies::UnknownPrimary | Dies::UnknownSecondary => password(None),
    }
}

fn password(role: Option<Role>) -> String {
    role.map_or_else(
        || "a password that is no version of this secret".into(),
        |role| role.to_string(),
    )
}

/// `the pending password and the current password open`
fn doors(passwords: &Passwords<Option<Role>>) -> String {
    let primary = password(passwords.primary);
    match passwords.secondary {
        Some(secondary) if secondary != passwords.primary => {
            format!("{primary} and {} open", password(secondary))
        }
        _ => format!("{primary} opens"),
    }
}
