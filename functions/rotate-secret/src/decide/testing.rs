//! Accounts and their passwords in few letters: `c`, `p`, `q`, `o` for the current, pending,
//! previous and an older version, `?` for a password of none, `-` for none.

use aurora_sql::Account;

use super::{Role, Secondary, Seen};

pub fn account(user: &str, host: &str) -> Account {
    Account {
        user: user.into(),
        host: host.into(),
    }
}

/// `seen("c?")`: primary current, secondary unknown.
pub fn seen(letters: &str) -> Seen {
    let mut letters = letters.chars();
    Seen {
        account: account("app", "%"),
        primary: role(letters.next().unwrap()),
        secondary: match letters.next().unwrap() {
            '-' => Secondary::None,
            letter => role(letter).map_or(Secondary::Unknown, Secondary::Known),
        },
        locked: false,
        passwordless: None,
    }
}

fn role(letter: char) -> Option<Role> {
    match letter {
        'c' => Some(Role::Current),
        'p' => Some(Role::Pending),
        'q' => Some(Role::Previous),
        'o' => Some(Role::Older),
        '?' => None,
        other => panic!("no role: {other}"),
    }
}
