//! How one set of grants becomes another.
//!
//! MySQL keeps rights not as the lines of `SHOW GRANTS`: revoking one line may take others along.
//!
//! - `ALL PRIVILEGES` on a schema is every single privilege on it; revoking one of the two forms
//!   takes from the other.
//! - `WITH GRANT OPTION` belongs to the object, not to the privilege, and stays when the privilege
//!   is revoked: only `REVOKE GRANT OPTION` takes it. Dynamic privileges, roles and proxies have it
//!   each for itself, and lose it by being revoked and granted anew; on `*.*` `REVOKE GRANT OPTION`
//!   takes it from every dynamic privilege as well.
//! - A restriction (partial revoke) belongs to a global privilege and goes with it; to grant what it
//!   restricts would lift it.
//!
//! <https://dev.mysql.com/doc/refman/8.0/en/grant.html>,
//! <https://dev.mysql.com/doc/refman/8.0/en/partial-revokes.html>

use std::collections::BTreeSet;

use super::atoms::{GRANT_OPTION, is_dynamic};
use crate::database::Grant;

const ALL: &str = "ALL PRIVILEGES";
const GLOBAL: &str = "*.*";

/// What to do, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Moves {
    /// Revoked first, because revoking them later would take wanted rights along.
    pub(super) first: Vec<Grant>,
    /// Granted; restrictions behind the privileges they restrict.
    pub(super) grant: Vec<Grant>,
    /// Revoked when everything wanted is there.
    pub(super) last: Vec<Grant>,
}

/// How `have` becomes `want`. Both are [`atoms`](super::atoms::atoms).
pub(super) fn moves(want: &BTreeSet<Grant>, have: &BTreeSet<Grant>) -> Moves {
    let goes_first = |one: &&Grant| !want.contains(one) && goes_first(one, want, have);
    let first: Vec<_> = have.iter().filter(goes_first).cloned().collect();
    let left = have.iter().filter_map(|one| after(one, &first));
    let left: BTreeSet<_> = left.collect();
    let surplus = |one: &&Grant| !want.contains(one) && surplus(one, want);
    let last = left.iter().filter(surplus).cloned().collect();
    let grant = want.difference(&left).cloned().collect();
    Moves { first, grant, last }
}

/// Whether the surplus right `one` goes before the missing ones come.
fn goes_first(one: &Grant, want: &BTreeSet<Grant>, have: &BTreeSet<Grant>) -> bool {
    let with_less = less(one).is_some_and(|less| want.contains(&less));
    match one {
        Grant::Privilege { privilege, on, .. } => {
            let wants_here = || want.iter().any(|one| object(one) == Some(on));
            let lifts =
                || on == GLOBAL && restricted(have, privilege) && !wanted(want, privilege, on);
            with_less || privilege == GRANT_OPTION || (privilege == ALL && wants_here()) || lifts()
        }
        Grant::Role { .. } | Grant::Proxy { .. } => with_less,
        Grant::Restriction { .. } => false,
    }
}

/// What is left of `one` when the rights `gone` are revoked.
fn after(one: &Grant, gone: &[Grant]) -> Option<Grant> {
    let global = |name: &str| gone.iter().any(|gone| is_global(gone, name));
    match one {
        _ if gone.contains(one) => None,
        Grant::Restriction { privilege, .. } if global(privilege) => None,
        Grant::Privilege { privilege, .. } if is_dynamic(privilege) && global(GRANT_OPTION) => {
            Some(less(one).unwrap_or_else(|| one.clone()))
        }
        _ => Some(one.clone()),
    }
}

/// Whether the surplus right `one` has to be revoked at the end.
fn surplus(one: &Grant, want: &BTreeSet<Grant>) -> bool {
    match one {
        Grant::Privilege { privilege, on, .. } => {
            let columns = privilege.contains('(');
            let by_all = wanted(want, ALL, on) && !columns && !is_dynamic(privilege);
            // The REVOKE that makes a restriction takes the privilege on the schema itself along.
            let by_restriction = want.contains(&Grant::Restriction {
                privilege: privilege.clone(),
                on: on.clone(),
            });
            !by_all && !by_restriction && !wanted(want, privilege, on)
        }
        Grant::Role { .. } | Grant::Proxy { .. } => {
            !want.iter().any(|more| less(more).as_ref() == Some(one))
        }
        // Without the global privilege there is nothing left to lift.
        Grant::Restriction { privilege, .. } => wanted(want, privilege, GLOBAL),
    }
}

fn object(one: &Grant) -> Option<&String> {
    match one {
        Grant::Privilege { on, .. } => Some(on),
        Grant::Role { .. } | Grant::Proxy { .. } | Grant::Restriction { .. } => None,
    }
}

/// The same without the right to hand it on; none where it has no such right.
fn less(one: &Grant) -> Option<Grant> {
    let mut less = one.clone();
    let right = match &mut less {
        Grant::Privilege { grantable, .. } | Grant::Proxy { grantable, .. } => grantable,
        Grant::Role { admin, .. } => admin,
        Grant::Restriction { .. } => return None,
    };
    std::mem::take(right).then_some(less)
}

fn wanted(want: &BTreeSet<Grant>, name: &str, object: &str) -> bool {
    want.iter().any(|one| {
        matches!(one, Grant::Privilege { privilege, on, .. } if privilege == name && on == object)
    })
}

fn is_global(one: &Grant, name: &str) -> bool {
    matches!(one, Grant::Privilege { privilege, on, .. } if privilege == name && on == GLOBAL)
}

fn restricted(have: &BTreeSet<Grant>, name: &str) -> bool {
    have.iter()
        .any(|one| matches!(one, Grant::Restriction { privilege, .. } if privilege == name))
}
