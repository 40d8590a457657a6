use insta::assert_snapshot;

use super::{
    super::testing::{account, seen},
    *,
};
use crate::{
    database::Grant,
    decide::{
        Role,
        set::{Choice, Dies},
    },
};

fn pair() -> Pair {
    Pair::of("app").unwrap()
}

pub(super) fn privilege(privilege: &str, on: &str, grantable: bool) -> Grant {
    Grant::Privilege {
        privilege: privilege.into(),
        on: on.into(),
        grantable,
    }
}

fn role(name: &str, admin: bool) -> Grant {
    Grant::Role {
        role: account(name, "%"),
        admin,
    }
}

fn definition(user: &str, host: &str, options: &[&str], grants: &[Grant]) -> Definition {
    Definition {
        account: account(user, host),
        options: options.iter().map(ToString::to_string).collect(),
        plugin: "caching_sha2_password".into(),
        default_roles: BTreeSet::new(),
        grants: grants.iter().cloned().collect(),
    }
}

fn told(steps: &[Step]) -> String {
    let line = |step: &Step| {
        let what = match &step.change {
            CloneChange::Create { .. } => "create",
            CloneChange::SetOptions { .. } => "options",
            CloneChange::Grant { .. } => "grant",
            CloneChange::Revoke { .. } => "revoke",
            CloneChange::SetDefaultRoles { .. } => "default roles",
            CloneChange::Drop { .. } => "drop",
        };
        format!("{what} {}: {}", step.change.account(), step.reason)
    };
    steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn now(originals: &[Definition], clones: &[Definition]) -> String {
    match align(&pair(), "app", originals, clones) {
        Ok(Alignment::Now(steps)) => told(&steps),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_clone_is_named_as_aws_names_it() {
    let of = |user| Pair::of(user).map(|pair| (pair.original, pair.clone));
    let app = Ok(("app".to_string(), "app_clone".to_string()));
    assert_eq!(of("app"), app);
    assert_eq!(of("app_clone"), app);
    assert_eq!(pair().next("app"), "app_clone");
    assert_eq!(pair().next("app_clone"), "app");
    assert_eq!(of("_clone"), Err(CloneError::Nameless));
}

#[test]
fn a_clones_name_has_no_more_characters_than_mysql_allows() {
    let longest = "é".repeat(26);
    assert_eq!(Pair::of(&longest).unwrap().clone.chars().count(), 32);
    assert_eq!(
        Pair::of(&format!("{longest}_clone")).unwrap().original,
        longest
    );
    let error = Pair::of("reporting_service_of_the_shop").unwrap_err();
    assert_snapshot!(error, @"the clone of reporting_service_of_the_shop would be reporting_service_of_the_shop_clone, of 35 characters: MySQL allows 32; use a shorter user name or another strategy");
}

#[test]
fn a_new_clone_gets_everything_in_an_order_that_works() {
    let mut original = definition(
        "app",
        "%",
        &["REQUIRE SSL"],
        &[
            privilege("USAGE", "*.*", false),
            privilege("SELECT", "`shop`.*", true),
            role("writer", false),
        ],
    );
    original.default_roles = [account("writer", "%")].into();
    assert_snapshot!(now(&[original], &[]), @"
    create 'app_clone'@'%': 'app'@'%' has no clone yet: created with its options
    grant 'app_clone'@'%': the original has GRANT OPTION on `shop`.*
    grant 'app_clone'@'%': the original has SELECT on `shop`.*
    grant 'app_clone'@'%': the original has role 'writer'@'%'
    default roles 'app_clone'@'%': the original's default roles are 'writer'@'%'
    ");
}

#[test]
fn the_clone_loses_what_the_original_has_lost() {
    let originals = [
        definition(
            "app",
            "%",
            &["REQUIRE SSL"],
            &[privilege("SELECT", "`shop`.*", false)],
        ),
        definition("app", "localhost", &[], &[]),
    ];
    let clones = [
        definition(
            "app_clone",
            "%",
            &["REQUIRE NONE"],
            &[
                privilege("SELECT", "`shop`.*", true),
                privilege("DELETE", "`shop`.*", true),
                role("admin", true),
            ],
        ),
        definition("app_clone", "10.0.%", &[], &[]),
        definition("app_clone", "localhost", &[], &[]),
    ];
    assert_snapshot!(now(&originals, &clones), @"
    options 'app_clone'@'%': it has REQUIRE NONE where the original has REQUIRE SSL
    revoke 'app_clone'@'%': it has GRANT OPTION on `shop`.*, which is more than the original has: what remains of it is granted next
    revoke 'app_clone'@'%': it has DELETE on `shop`.*, which the original has not
    revoke 'app_clone'@'%': it has role 'admin'@'%' with admin option, which the original has not
    drop 'app_clone'@'10.0.%': the original has no account for host 10.0.%: dropped
    ");
}

#[test]
fn single_privileges_replace_all_privileges_in_an_order_that_leaves_them() {
    let originals = [definition(
        "app",
        "%",
        &[],
        &[privilege("SELECT", "`shop`.*", false)],
    )];
    let all = [definition(
        "app_clone",
        "%",
        &[],
        &[privilege("ALL PRIVILEGES", "`shop`.*", false)],
    )];
    assert_snapshot!(now(&originals, &all), @"
    revoke 'app_clone'@'%': it has ALL PRIVILEGES on `shop`.*, which is more than the original has: what remains of it is granted next
    grant 'app_clone'@'%': the original has SELECT on `shop`.*
    ");
}

#[test]
fn equal_accounts_need_nothing() {
    let columns = |user, list: &str| {
        definition(
            user,
            "%",
            &["REQUIRE SSL"],
            &[privilege(list, "`shop`.`t`", false)],
        )
    };
    assert_eq!(
        now(
            &[columns("app", "SELECT (`a`, `b`)")],
            &[columns("app_clone", "SELECT (`b`,`a`)")]
        ),
        ""
    );
}

#[test]
fn the_user_that_applications_log_in_as_is_never_changed() {
    let original = definition("app", "%", &[], &[]);
    let clone = definition(
        "app_clone",
        "%",
        &[],
        &[privilege("DELETE", "`shop`.*", false)],
    );
    let Ok(Alignment::Later(steps)) = align(&pair(), "app_clone", &[original], &[clone]) else {
        panic!("the clone is current")
    };
    assert_eq!(steps.len(), 1, "the difference is told");
}

#[test]
fn nothing_is_compared_with_a_stranger_or_without_an_original() {
    let app = || definition("app", "%", &[], &[]);
    let clone = || definition("app_clone", "%", &[], &[]);
    let stray = align(&pair(), "app", &[app()], &[clone(), app()]).unwrap_err();
    assert_snapshot!(stray, @"'app'@'%' is an account neither of app nor of its clone");
    assert!(matches!(
        align(&pair(), "app", &[app(), clone()], &[]),
        Err(CloneError::Stray { .. })
    ));
    let gone = align(&pair(), "app_clone", &[], &[clone()]).unwrap_err();
    assert_snapshot!(gone, @"app_clone is taken for the clone of app, and there is no user app: create it, or give app_clone another name");
}

#[test]
fn another_plugin_is_a_persons_matter() {
    let mut clone = definition("app_clone", "%", &[], &[]);
    clone.plugin = "mysql_native_password".into();
    let error = align(
        &pair(),
        "app",
        &[definition("app", "%", &[], &[])],
        &[clone],
    )
    .unwrap_err();
    assert_snapshot!(error, @"'app_clone'@'%' authenticates with mysql_native_password, its original with caching_sha2_password: drop 'app_clone'@'%', and the rotation creates it anew");
}

#[test]
fn the_password_of_the_other_user_is_replaced() {
    let unknown = Choice::Refuse {
        kills: Dies::UnknownPrimary,
    };
    let not_its_turn = Choice::Refuse {
        kills: Dies::Known(Role::Current),
    };
    let replace = |role| Choice::Replace {
        kills: Dies::Known(role),
    };
    for (letters, settled, choice) in [
        ("p-", false, Choice::AlreadyDone),
        ("q-", true, replace(Role::Previous)),
        ("q-", false, Choice::Wait),
        ("o-", false, replace(Role::Older)),
        ("?-", true, unknown),
        ("c-", true, not_its_turn),
    ] {
        assert_eq!(
            password(&seen(letters), settled, false),
            choice,
            "{letters}"
        );
    }
    assert_snapshot!(password_reason(&password(&seen("q-"), true, false)), @"the pending password replaces the previous password, which no longer opens the door; applications log in as the other user meanwhile");
    assert_snapshot!(password_reason(&password(&seen("?-"), true, false)), @"its password is no version of this secret: somebody else may log in with it. Drop the user if nobody needs it, or allow overwrite_unknown");
}

/// What becomes of the password of a clone's account that gets its original's option.
fn realigned(clone: &str, original: &str) -> String {
    let (app, other) = (
        definition("app", "%", &[original], &[]),
        definition("app_clone", "%", &[clone], &[]),
    );
    let Ok(Alignment::Now(steps)) = align(&pair(), "app", &[app], &[other]) else {
        panic!("the clone's turn is next");
    };
    let mut one = seen("q-");
    one.account = account("app_clone", "%");
    one.locked = clone == "ACCOUNT LOCK";
    password_reason(&password(&after(one, &steps), true, false))
}

#[test]
fn an_account_that_is_unlocked_with_its_original_gets_the_password() {
    let (locked, unlocked) = ("ACCOUNT LOCK", "ACCOUNT UNLOCK");
    assert_snapshot!(realigned(locked, locked), @"the account is locked: left as it is");
    assert_snapshot!(realigned(unlocked, locked), @"the account is locked: left as it is");
    assert_snapshot!(realigned(locked, unlocked), @"the pending password replaces the previous password, which no longer opens the door; applications log in as the other user meanwhile");
}
