//! Grants, taken apart as far as they can be granted and revoked one by one.

use std::collections::BTreeSet;

use crate::database::Grant;

/// The right to hand on the privileges on an object.
pub(super) const GRANT_OPTION: &str = "GRANT OPTION";

/// The same grants as the smallest that can be granted and revoked: a privilege on two columns as
/// two, a static privilege `WITH GRANT OPTION` as itself and `GRANT OPTION` on its object, and
/// without `USAGE`, which is none. Comparing ``SELECT (`a`, `b`)`` with ``SELECT (`a`)`` would
/// otherwise revoke both columns.
pub(super) fn atoms(grants: &BTreeSet<Grant>) -> BTreeSet<Grant> {
    grants.iter().flat_map(atom).collect()
}

fn atom(grant: &Grant) -> Vec<Grant> {
    let Grant::Privilege {
        privilege,
        on,
        grantable,
    } = grant
    else {
        return vec![grant.clone()];
    };
    if is_dynamic(privilege) {
        return vec![grant.clone()];
    }
    let one = |privilege| Grant::Privilege {
        privilege,
        on: on.clone(),
        grantable: false,
    };
    let privileges = by_column(privilege)
        .into_iter()
        .filter(|name| name != "USAGE");
    let option = grantable.then(|| GRANT_OPTION.into());
    privileges.chain(option).map(one).collect()
}

/// MySQL's static privileges are written with spaces, the dynamic ones with underscores.
/// <https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html>
pub(super) fn is_dynamic(privilege: &str) -> bool {
    let name = privilege.split('(').next().unwrap_or(privilege);
    name.contains('_')
}

/// ``SELECT (`a`, `b`)`` as ``SELECT (`a`)`` and ``SELECT (`b`)``.
fn by_column(privilege: &str) -> Vec<String> {
    let inner = privilege.split_once('(').zip(privilege.rfind(')'));
    let Some(((name, _), end)) = inner else {
        return vec![privilege.into()];
    };
    let columns = privilege.get(name.len() + 1..end).unwrap_or_default();
    // A comma in a column's name is between back quotes; a doubled back quote closes and reopens.
    let mut quoted = false;
    let columns = columns.split(|c| {
        quoted ^= c == '`';
        c == ',' && !quoted
    });
    let column = |column: &str| format!("{} ({})", name.trim(), column.trim());
    columns.map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_privilege_on_columns_is_one_for_each_column() {
        assert_eq!(
            by_column("SELECT (`id`, `name`)"),
            ["SELECT (`id`)", "SELECT (`name`)"]
        );
        assert_eq!(
            by_column("UPDATE (`a, b`,`c``,`)"),
            ["UPDATE (`a, b`)", "UPDATE (`c``,`)"]
        );
        assert_eq!(by_column("SELECT (`f(x)`)"), ["SELECT (`f(x)`)"]);
        assert_eq!(by_column("SELECT"), ["SELECT"]);
    }

    fn privilege(privilege: &str, grantable: bool) -> Grant {
        Grant::Privilege {
            privilege: privilege.into(),
            on: "*.*".into(),
            grantable,
        }
    }

    #[test]
    fn the_right_to_hand_on_is_a_right_of_its_own() {
        let of = |grant| atoms(&BTreeSet::from([grant]));
        let option = privilege(GRANT_OPTION, false);
        assert_eq!(of(privilege("USAGE", false)), BTreeSet::new());
        assert_eq!(
            of(privilege("USAGE", true)),
            BTreeSet::from([option.clone()])
        );
        let both = BTreeSet::from([privilege("SELECT", false), option]);
        assert_eq!(of(privilege("SELECT", true)), both);
    }

    #[test]
    fn a_dynamic_privilege_is_handed_on_by_itself() {
        let backup = privilege("BACKUP_ADMIN", true);
        assert_eq!(
            atoms(&BTreeSet::from([backup.clone()])),
            BTreeSet::from([backup])
        );
        assert!(!is_dynamic("SELECT (`my_column`)"));
    }
}
