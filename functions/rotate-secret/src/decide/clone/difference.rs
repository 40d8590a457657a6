//! The clone's accounts against the original's, host by host.

use std::collections::BTreeSet;

use aurora_sql::Account;

use super::{
    CloneChange, CloneError, Pair, Step, apart,
    atoms::atoms,
    rights::{Moves, moves},
};
use crate::database::{Definition, Grant};

/// The steps in a safe order: accounts before their rights, wanted rights before surplus ones are
/// taken (but for those of [`Moves::first`]), default roles when the roles are there.
pub(super) fn steps(
    pair: &Pair,
    originals: &[Definition],
    clones: &[Definition],
) -> Result<Vec<Step>, CloneError> {
    let mut originals: Vec<_> = originals.iter().collect();
    originals.sort_by(|a, b| a.account.cmp(&b.account));
    let mut steps = vec![];
    for original in &originals {
        let host = &original.account.host;
        let clone = clones.iter().find(|clone| clone.account.host == *host);
        steps.extend(of_host(pair, original, clone)?);
    }
    let surplus = clones.iter().filter(|clone| {
        let host = &clone.account.host;
        originals
            .iter()
            .all(|original| original.account.host != *host)
    });
    let mut drops: Vec<_> = surplus.map(|clone| dropped(&clone.account)).collect();
    drops.sort_by(|a, b| a.change.account().cmp(b.change.account()));
    steps.extend(drops);
    steps.sort_by_key(|step| phase(&step.change));
    Ok(steps)
}

const fn phase(change: &CloneChange) -> u8 {
    match change {
        CloneChange::Create { .. } => 0,
        CloneChange::SetOptions { .. } => 1,
        // In the order of `Moves`.
        CloneChange::Grant { .. } | CloneChange::Revoke { .. } => 2,
        CloneChange::SetDefaultRoles { .. } => 3,
        CloneChange::Drop { .. } => 4,
    }
}

fn of_host(
    pair: &Pair,
    original: &Definition,
    clone: Option<&Definition>,
) -> Result<Vec<Step>, CloneError> {
    let account = Account {
        user: pair.clone.clone(),
        host: original.account.host.clone(),
    };
    let mut steps = vec![];
    if let Some(clone) = clone {
        same_plugin(original, clone)?;
        steps.extend(options(original, clone));
    } else {
        steps.push(created(&account, original));
    }
    let none = BTreeSet::new();
    let held = clone.map_or(&none, |clone| &clone.grants);
    let moves = moves(&atoms(&original.grants), &atoms(held));
    let had = clone
        .map_or(&none_of(), |clone| &clone.default_roles)
        .clone();
    let roles = default_roles(&account, original, &had, &moves);
    steps.extend(granted(&account, moves));
    steps.extend(roles);
    Ok(steps)
}

const fn none_of() -> BTreeSet<Account> {
    BTreeSet::new()
}

fn same_plugin(original: &Definition, clone: &Definition) -> Result<(), CloneError> {
    if original.plugin == clone.plugin {
        return Ok(());
    }
    Err(CloneError::Plugin {
        account: clone.account.clone(),
        has: clone.plugin.clone(),
        wants: original.plugin.clone(),
    })
}

fn created(account: &Account, original: &Definition) -> Step {
    let reason = format!(
        "{} has no clone yet: created with its options",
        original.account
    );
    let (account, like) = (account.clone(), original.clone());
    Step {
        change: CloneChange::Create { account, like },
        reason,
    }
}

fn dropped(account: &Account) -> Step {
    let reason = format!(
        "the original has no account for host {}: dropped",
        account.host
    );
    Step {
        change: CloneChange::Drop {
            account: account.clone(),
        },
        reason,
    }
}

fn options(original: &Definition, clone: &Definition) -> Option<Step> {
    let (lacks, has) = apart(&original.options, &clone.options);
    if lacks.is_empty() && has.is_empty() {
        return None;
    }
    let list = |options: Vec<String>| match options {
        none if none.is_empty() => "nothing".into(),
        some => some.join(", "),
    };
    let reason = format!(
        "it has {} where the original has {}",
        list(has),
        list(lacks)
    );
    let (account, like) = (clone.account.clone(), original.clone());
    Some(Step {
        change: CloneChange::SetOptions { account, like },
        reason,
    })
}

fn granted(account: &Account, moves: Moves) -> Vec<Step> {
    let Moves { first, grant, last } = moves;
    let revoke = |why: &'static str| {
        move |grant: Grant| Step {
            reason: format!("it has {}, {why}", words(&grant)),
            change: CloneChange::Revoke {
                from: account.clone(),
                grant,
            },
        }
    };
    let give = |grant: Grant| Step {
        reason: format!("the original has {}", words(&grant)),
        change: CloneChange::Grant {
            to: account.clone(),
            grant,
        },
    };
    let first = first.into_iter().map(revoke(
        "which is more than the original has: what remains of it is granted next",
    ));
    let last = last.into_iter().map(revoke("which the original has not"));
    first
        .chain(grant.into_iter().map(give))
        .chain(last)
        .collect()
}

/// A role that is revoked, even if it is granted anew, is no default role any more.
fn default_roles(
    account: &Account,
    original: &Definition,
    had: &BTreeSet<Account>,
    moves: &Moves,
) -> Option<Step> {
    let mut revoked = moves.first.iter().chain(&moves.last);
    let taken =
        revoked.any(|grant| matches!(grant, Grant::Role { role, .. } if had.contains(role)));
    if original.default_roles == *had && !taken {
        return None;
    }
    let roles: Vec<_> = original
        .default_roles
        .iter()
        .map(ToString::to_string)
        .collect();
    let reason = match roles.as_slice() {
        [] => "the original has no default role".into(),
        roles => format!("the original's default roles are {}", roles.join(", ")),
    };
    let (account, roles) = (account.clone(), original.default_roles.clone());
    Some(Step {
        change: CloneChange::SetDefaultRoles { account, roles },
        reason,
    })
}

/// A grant, as people say it.
fn words(grant: &Grant) -> String {
    let more = |more: bool, words: &'static str| if more { words } else { "" };
    match grant {
        Grant::Privilege {
            privilege,
            on,
            grantable,
        } => {
            format!(
                "{privilege} on {on}{}",
                more(*grantable, " with grant option")
            )
        }
        Grant::Role { role, admin } => {
            format!("role {role}{}", more(*admin, " with admin option"))
        }
        Grant::Proxy { on, grantable } => {
            format!("proxy on {on}{}", more(*grantable, " with grant option"))
        }
        Grant::Restriction { privilege, on } => format!("no {privilege} on {on}"),
    }
}
