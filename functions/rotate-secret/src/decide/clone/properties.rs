//! The clone against MySQL's own ways with rights, written here anew: whatever two users have,
//! the steps make the clone what the original is, and change nobody else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*, sample::select};

use super::{super::testing::account, *};
use crate::database::Grant;

/// The schema that restrictions are about.
const HIDDEN: &str = "`hidden`.*";

const STATIC: [&str; 3] = ["DELETE", "INSERT", "SELECT"];

/// The rights of one account, as MySQL keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rights {
    /// By object: privileges, columns of SELECT, and the right to hand on.
    on: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>, bool)>,
    dynamic: BTreeMap<String, bool>,
    roles: BTreeMap<Account, bool>,
    proxies: BTreeMap<Account, bool>,
    restrictions: BTreeSet<(String, String)>,
}

impl Rights {
    fn give(&mut self, grant: &Grant) {
        match grant {
            Grant::Privilege {
                privilege,
                on,
                grantable,
            } if privilege.contains('_') => {
                assert_eq!(on, "*.*");
                *self.dynamic.entry(privilege.clone()).or_default() |= grantable;
            }
            // To grant what is restricted lifts the restriction, and grants nothing else.
            Grant::Privilege { privilege, on, .. } if self.restricts(privilege, on) => {
                self.restrictions.remove(&(privilege.clone(), on.clone()));
            }
            Grant::Privilege {
                privilege,
                on,
                grantable,
            } => {
                let (plain, columns, option) = self.on.entry(on.clone()).or_default();
                match privilege.as_str() {
                    "ALL PRIVILEGES" => plain.extend(STATIC.map(String::from)),
                    "GRANT OPTION" => *option = true,
                    column if column.contains('(') => columns.extend([column.to_string()]),
                    name => plain.extend([name.to_string()]),
                }
                *option |= grantable;
            }
            Grant::Role { role, admin } => *self.roles.entry(role.clone()).or_default() |= admin,
            Grant::Proxy { on, grantable } => {
                *self.proxies.entry(on.clone()).or_default() |= grantable;
            }
            Grant::Restriction { privilege, on } => {
                assert!(self.is_global(privilege), "nothing to restrict");
                // It is a REVOKE: what was granted on the schema itself goes as well.
                if let Some((plain, ..)) = self.on.get_mut(on) {
                    plain.remove(privilege);
                }
                self.restrictions.insert((privilege.clone(), on.clone()));
            }
        }
    }

    fn take(&mut self, grant: &Grant) {
        match grant {
            Grant::Privilege { privilege, .. } if privilege.contains('_') => {
                self.dynamic.remove(privilege).expect("granted");
            }
            Grant::Privilege { privilege, on, .. } => {
                let (plain, columns, option) = self.on.get_mut(on).expect("granted");
                match privilege.as_str() {
                    "ALL PRIVILEGES" => plain.clear(),
                    "GRANT OPTION" => *option = false,
                    column if column.contains('(') => assert!(columns.remove(column)),
                    name => assert!(plain.remove(name)),
                }
                if on == "*.*" {
                    self.restrictions.retain(|(name, _)| name != privilege);
                    let options = self
                        .dynamic
                        .values_mut()
                        .filter(|_| privilege == "GRANT OPTION");
                    options.for_each(|option| *option = false);
                }
            }
            Grant::Role { role, .. } => drop(self.roles.remove(role).expect("granted")),
            Grant::Proxy { on, .. } => drop(self.proxies.remove(on).expect("granted")),
            // `GRANT privilege ON on`, as above.
            Grant::Restriction { privilege, on } => self.give(&Grant::Privilege {
                privilege: privilege.clone(),
                on: on.clone(),
                grantable: false,
            }),
        }
    }

    fn restricts(&self, privilege: &str, on: &str) -> bool {
        let one = (privilege.to_string(), on.to_string());
        self.restrictions.contains(&one)
    }

    fn is_global(&self, privilege: &str) -> bool {
        let global = self.on.get("*.*");
        global.is_some_and(|(plain, ..)| plain.contains(privilege))
    }

    /// `SHOW GRANTS`.
    fn show(&self) -> BTreeSet<Grant> {
        let mut shown = BTreeSet::new();
        let mut add = |privilege: &str, on: &str, grantable| {
            let (privilege, on) = (privilege.to_string(), on.to_string());
            shown.insert(Grant::Privilege {
                privilege,
                on,
                grantable,
            });
        };
        add("USAGE", "*.*", false);
        for (on, (plain, columns, option)) in &self.on {
            match plain.len() {
                0 if columns.is_empty() && !option => {}
                0 if columns.is_empty() => add("USAGE", on, true),
                3 if on != "*.*" => add("ALL PRIVILEGES", on, *option),
                _ => plain.iter().for_each(|name| add(name, on, *option)),
            }
            let names: Vec<_> = columns
                .iter()
                .map(|column| &column[8..column.len() - 1])
                .collect();
            if !names.is_empty() {
                add(&format!("SELECT ({})", names.join(", ")), on, *option);
            }
        }
        self.dynamic
            .iter()
            .for_each(|(name, option)| add(name, "*.*", *option));
        let roles = self.roles.iter().map(|(role, admin)| Grant::Role {
            role: role.clone(),
            admin: *admin,
        });
        shown.extend(roles);
        let proxies = self.proxies.iter().map(|(on, option)| Grant::Proxy {
            on: on.clone(),
            grantable: *option,
        });
        shown.extend(proxies);
        let restrictions = self
            .restrictions
            .iter()
            .map(|(privilege, on)| Grant::Restriction {
                privilege: privilege.clone(),
                on: on.clone(),
            });
        shown.extend(restrictions);
        shown
    }
}

fn privileges() -> impl Strategy<Value = Grant> {
    let names = vec![
        "DELETE",
        "INSERT",
        "SELECT",
        "ALL PRIVILEGES",
        "SELECT (`a`)",
        "SELECT (`b`)",
    ];
    let plain = (select(names), select(vec!["`s`.*", "`s`.`t`"]));
    let global = (select(STATIC.to_vec()), Just("*.*"));
    let dynamic = (
        select(vec!["BACKUP_ADMIN", "XA_RECOVER_ADMIN"]),
        Just("*.*"),
    );
    let hidden = (select(vec!["INSERT", "SELECT"]), Just(HIDDEN));
    let either = prop_oneof![4 => plain, 2 => global, 2 => dynamic, 1 => hidden];
    (either, proptest::bool::weighted(0.3)).prop_map(|((privilege, on), grantable)| {
        let columns_of_a_schema = privilege.contains('(') && on == "`s`.*";
        let on = if columns_of_a_schema { "`s`.`t`" } else { on };
        let grantable = grantable && on != HIDDEN;
        Grant::Privilege {
            privilege: privilege.into(),
            on: on.into(),
            grantable,
        }
    })
}

fn others() -> impl Strategy<Value = Grant> {
    let names = || select(vec!["reader", "writer"]).prop_map(|name| account(name, "%"));
    prop_oneof![
        (names(), any::<bool>()).prop_map(|(role, admin)| Grant::Role { role, admin }),
        (names(), any::<bool>()).prop_map(|(on, grantable)| Grant::Proxy { on, grantable }),
    ]
}

fn rights() -> impl Strategy<Value = Rights> {
    let restricted = select(STATIC.to_vec()).prop_map(|privilege| Grant::Restriction {
        privilege: privilege.into(),
        on: HIDDEN.into(),
    });
    let grants = prop_oneof![6 => privileges(), 2 => others(), 2 => restricted];
    vec(grants, 0..12).prop_map(|grants| {
        let mut rights = Rights::default();
        for grant in grants {
            let nothing_to_restrict = matches!(
                &grant,
                Grant::Restriction { privilege, .. } if !rights.is_global(privilege)
            );
            if !nothing_to_restrict {
                rights.give(&grant);
            }
        }
        rights
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct User {
    options: BTreeSet<String>,
    default_roles: BTreeSet<Account>,
    rights: Rights,
}

/// The accounts of a user by host.
type Hosts = BTreeMap<String, User>;

fn users() -> impl Strategy<Value = Hosts> {
    let options = vec(
        select(vec!["REQUIRE SSL".to_string(), "ACCOUNT UNLOCK".into()]),
        0..3,
    );
    let user = (options, any::<bool>(), rights()).prop_map(|(options, default, rights)| {
        let roles = rights.roles.keys().filter(|_| default).cloned().collect();
        User {
            options: options.into_iter().collect(),
            default_roles: roles,
            rights,
        }
    });
    let hosts = select(vec!["%".to_string(), "10.0.%".into(), "localhost".into()]);
    proptest::collection::btree_map(hosts, user, 1..4)
}

fn definitions(name: &str, users: &Hosts) -> Vec<Definition> {
    let definition = |(host, user): (&String, &User)| Definition {
        account: account(name, host),
        options: user.options.clone(),
        plugin: "caching_sha2_password".into(),
        default_roles: user.default_roles.clone(),
        grants: user.rights.show(),
    };
    users.iter().map(definition).collect()
}

fn apply(clones: &mut Hosts, change: &CloneChange) {
    let CloneChange::Create { account, like } = change else {
        return alter(clones, change);
    };
    let (options, default_roles, rights) = (like.options.clone(), [].into(), Rights::default());
    let user = User {
        options,
        default_roles,
        rights,
    };
    assert_eq!(
        clones.insert(account.host.clone(), user),
        None,
        "it existed"
    );
}

fn alter(clones: &mut Hosts, change: &CloneChange) {
    let host = &change.account().host;
    let user = clones.get_mut(host).expect("it exists");
    match change {
        CloneChange::Create { .. } => unreachable!("created above"),
        CloneChange::SetOptions { like, .. } => user.options.clone_from(&like.options),
        CloneChange::Grant { grant, .. } => user.rights.give(grant),
        CloneChange::Revoke { grant, .. } => {
            user.rights.take(grant);
            user.default_roles
                .retain(|role| user.rights.roles.contains_key(role));
        }
        CloneChange::SetDefaultRoles { roles, .. } => {
            assert!(
                roles
                    .iter()
                    .all(|role| user.rights.roles.contains_key(role))
            );
            user.default_roles.clone_from(roles);
        }
        CloneChange::Drop { .. } => drop(clones.remove(host)),
    }
}

fn steps(originals: &Hosts, clones: &Hosts) -> Vec<Step> {
    let pair = Pair::of("app").unwrap();
    let (originals, clones) = (
        definitions("app", originals),
        definitions("app_clone", clones),
    );
    match align(&pair, "app", &originals, &clones) {
        Ok(Alignment::Now(steps)) => steps,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_clone_becomes_what_the_original_is(originals in users(), mut clones in users()) {
        for step in steps(&originals, &clones) {
            prop_assert_eq!(&step.change.account().user, "app_clone");
            apply(&mut clones, &step.change);
        }
        let user = "app";
        prop_assert_eq!(definitions(user, &clones), definitions(user, &originals));
        prop_assert_eq!(steps(&originals, &clones), vec![]);
    }

    #[test]
    fn a_step_that_was_the_last_before_death_is_gone_on_from(
        originals in users(), mut clones in users(), died in 0..20_usize,
    ) {
        for step in steps(&originals, &clones).iter().take(died) {
            apply(&mut clones, &step.change);
        }
        for step in steps(&originals, &clones) {
            apply(&mut clones, &step.change);
        }
        prop_assert_eq!(steps(&originals, &clones), vec![]);
    }

    #[test]
    fn the_order_in_which_accounts_are_read_is_irrelevant(originals in users(), clones in users()) {
        let pair = Pair::of("app").unwrap();
        let (mut ours, mut theirs) = (definitions("app", &originals), definitions("app_clone", &clones));
        let forwards = align(&pair, "app", &ours, &theirs);
        ours.reverse();
        theirs.reverse();
        prop_assert_eq!(align(&pair, "app", &ours, &theirs), forwards);
    }
}
