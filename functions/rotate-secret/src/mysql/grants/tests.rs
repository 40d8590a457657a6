use insta::assert_snapshot;
use proptest::{collection::btree_set, prelude::*};

use super::*;

fn account(user: &str, host: &str) -> Account {
    Account {
        user: user.to_owned(),
        host: host.to_owned(),
    }
}

fn app() -> Account {
    account("app", "%")
}

/// The grants of a line about `app`, one in each line.
fn seen(line: &str) -> String {
    match read(line, &app()) {
        Ok(grants) => {
            let lines = grants.iter().map(|grant| {
                format!(
                    "{grant:?}
"
                )
            });
            lines.collect::<Vec<_>>().concat()
        }
        Err(error) => error.to_string(),
    }
}

/// A statement's parts as the server would spell them.
fn spelled(parts: &[Part<'_>]) -> String {
    let name = |name: &str| format!("`{}`", name.replace('`', "``"));
    let part = |part: &Part<'_>| match part {
        Part::Sql(sql) => (*sql).to_owned(),
        Part::Account(account) => format!("{}@{}", name(&account.user), name(&account.host)),
    };
    parts.iter().map(part).collect()
}

fn privilege(privilege: &str, on: &str, grantable: bool) -> Grant {
    Grant::Privilege {
        privilege: privilege.to_owned(),
        on: on.to_owned(),
        grantable,
    }
}

#[test]
fn usage_is_no_privilege_but_for_the_grant_option_it_comes_with() {
    assert_eq!(seen("GRANT USAGE ON *.* TO `app`@`%`"), "");
    assert_eq!(
        read("GRANT USAGE ON *.* TO `app`@`%` WITH GRANT OPTION", &app()),
        Ok(vec![privilege("USAGE", "*.*", true)])
    );
}

#[test]
fn the_grant_option_is_for_all_privileges_of_the_line() {
    for (line, on) in [
        (
            "GRANT SELECT, INSERT ON `shop`.* TO `app`@`%` WITH GRANT OPTION",
            "`shop`.*",
        ),
        (
            "GRANT SELECT,INSERT ON *.* TO `app`@`%` WITH GRANT OPTION",
            "*.*",
        ),
    ] {
        let both = ["SELECT", "INSERT"].map(|word| privilege(word, on, true));
        assert_eq!(read(line, &app()), Ok(both.to_vec()));
    }
}

#[test]
fn what_looks_like_the_end_of_a_name_is_part_of_it() {
    assert_snapshot!(
        seen("GRANT CREATE TEMPORARY TABLES ON `a`` TO x ON \"d' .*`.`t``.*` TO `app`@`%`"),
        @r#"Privilege { privilege: "CREATE TEMPORARY TABLES", on: "`a`` TO x ON \"d' .*`.`t``.*`", grantable: false }"#
    );
    assert_snapshot!(
        seen(r"GRANT SELECT ON `shop\_eu`.* TO `app`@`%`"),
        @r#"Privilege { privilege: "SELECT", on: "`shop\\_eu`.*", grantable: false }"#
    );
}

#[test]
fn each_column_is_a_grant() {
    assert_snapshot!(
        seen("GRANT SELECT (`id`), UPDATE (`id`, `a``, (b`), DELETE ON `shop`.`orders` TO `app`@`%`"),
        @r#"
    Privilege { privilege: "SELECT (`id`)", on: "`shop`.`orders`", grantable: false }
    Privilege { privilege: "UPDATE (`id`)", on: "`shop`.`orders`", grantable: false }
    Privilege { privilege: "UPDATE (`a``, (b`)", on: "`shop`.`orders`", grantable: false }
    Privilege { privilege: "DELETE", on: "`shop`.`orders`", grantable: false }
    "#
    );
}

#[test]
fn routines_roles_proxies_and_restrictions_are_told_apart() {
    let lines = [
        "GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE `shop`.`p` TO `app`@`%`",
        "GRANT ALL PRIVILEGES ON `shop`.* TO `app`@`%`",
        "GRANT `reader`@`%`,`wri``ter`@`10.%` TO `app`@`%` WITH ADMIN OPTION",
        "GRANT PROXY ON ``@`` TO `app`@`%` WITH GRANT OPTION",
        "REVOKE INSERT, UPDATE ON `mysql`.* FROM `app`@`%`",
    ];
    assert_snapshot!(lines.map(seen).concat(), @r#"
    Privilege { privilege: "EXECUTE", on: "PROCEDURE `shop`.`p`", grantable: false }
    Privilege { privilege: "ALTER ROUTINE", on: "PROCEDURE `shop`.`p`", grantable: false }
    Privilege { privilege: "ALL PRIVILEGES", on: "`shop`.*", grantable: false }
    Role { role: Account { user: "reader", host: "%" }, admin: true }
    Role { role: Account { user: "wri`ter", host: "10.%" }, admin: true }
    Proxy { on: Account { user: "", host: "" }, grantable: true }
    Restriction { privilege: "INSERT", on: "`mysql`.*" }
    Restriction { privilege: "UPDATE", on: "`mysql`.*" }
    "#);
}

#[test]
fn what_is_not_known_is_named_and_never_left_out() {
    let lines = [
        "DENY SELECT ON *.* TO `app`@`%`",
        "GRANT SELECT ON TABLESPACE `x` TO `app`@`%`",
        "GRANT SELECT ON `shop`.`t`.* TO `app`@`%`",
        "GRANT SELECT ON `shop` TO `app`@`%`",
        "GRANT SELECT ON *.* TO `app`@`%` REQUIRE SSL",
        "GRANT SELECT ON *.* TO `other`@`%`",
        "GRANT SELECT EXCEPT (a) ON *.* TO `app`@`%`",
        "GRANT `role` TO `app`@`%`",
        "GRANT SELECT ON `shop",
        "",
    ];
    let errors = lines.map(|line| seen(line) + "\n").concat();
    assert_snapshot!(errors.replace("reading SHOW GRANTS, which has ", ""), @r"
    a line that begins with DENY,
    privileges on TABLESPACE,
    where TO is expected .,
    an object that is neither a schema, a table nor a routine,
    a line that goes on after the account with REQUIRE,
    a line about another account,
    a column that is not in quotes,
    a role without a host,
    privileges on a quote without its end,
    a line that begins with nothing,
    ");
}

#[test]
fn each_grant_has_its_two_statements() {
    let role = Grant::Role {
        role: account("reader", "%"),
        admin: true,
    };
    let proxy = Grant::Proxy {
        on: account("root", "localhost"),
        grantable: false,
    };
    let restriction = Grant::Restriction {
        privilege: "SELECT".to_owned(),
        on: "`mysql`.*".to_owned(),
    };
    let grants = [
        privilege("SELECT (`id`)", "`shop`.`orders`", false),
        privilege("GRANT OPTION", "*.*", false),
        privilege("XA_RECOVER_ADMIN", "*.*", true),
        role,
        proxy,
        restriction,
    ];
    let app = app();
    let both = |grant| {
        let (give, take) = (granting(grant, &app), revoking(grant, &app));
        format!("{}\n{}\n", spelled(&give), spelled(&take))
    };
    assert_snapshot!(grants.iter().map(both).collect::<String>(), @r"
    GRANT SELECT (`id`) ON `shop`.`orders` TO `app`@`%`
    REVOKE SELECT (`id`) ON `shop`.`orders` FROM `app`@`%`
    GRANT USAGE ON *.* TO `app`@`%` WITH GRANT OPTION
    REVOKE GRANT OPTION ON *.* FROM `app`@`%`
    GRANT XA_RECOVER_ADMIN ON *.* TO `app`@`%` WITH GRANT OPTION
    REVOKE XA_RECOVER_ADMIN ON *.* FROM `app`@`%`
    GRANT `reader`@`%` TO `app`@`%` WITH ADMIN OPTION
    REVOKE `reader`@`%` FROM `app`@`%`
    GRANT PROXY ON `root`@`localhost` TO `app`@`%`
    REVOKE PROXY ON `root`@`localhost` FROM `app`@`%`
    REVOKE SELECT ON `mysql`.* FROM `app`@`%`
    GRANT SELECT ON `mysql`.* TO `app`@`%`
    ");
}

const HOSTILE: &str = r#"([`'"\\. @,()*%_]|TO|ON|FROM|[a-z])*"#;

prop_compose! {
    fn any_account()(user in HOSTILE, host in HOSTILE) -> Account {
        Account { user, host }
    }
}

prop_compose! {
    fn name()(name in HOSTILE) -> String {
        format!("`{}`", name.replace('`', "``"))
    }
}

fn object() -> impl Strategy<Value = String> {
    let routine = prop::sample::select(vec!["PROCEDURE ", "FUNCTION ", "LIBRARY ", ""]);
    prop_oneof![
        Just("*.*".to_owned()),
        name().prop_map(|schema| format!("{schema}.*")),
        (routine, name(), name()).prop_map(|(kind, schema, name)| format!("{kind}{schema}.{name}")),
    ]
}

fn any_grant() -> impl Strategy<Value = Grant> {
    let words = vec![
        "SELECT",
        "CREATE TEMPORARY TABLES",
        "ALL PRIVILEGES",
        "SYSTEM_USER",
    ];
    let words = prop::sample::select(words).prop_map(str::to_owned);
    let columns = name().prop_map(|column| format!("UPDATE ({column})"));
    let words = prop_oneof![words, columns];
    prop_oneof![
        (words, object(), any::<bool>()).prop_map(|(words, on, more)| privilege(&words, &on, more)),
        object().prop_map(|on| privilege("USAGE", &on, true)),
        (any_account(), any::<bool>()).prop_map(|(role, admin)| Grant::Role { role, admin }),
        (any_account(), any::<bool>()).prop_map(|(on, grantable)| Grant::Proxy { on, grantable }),
        ("SELECT|CREATE VIEW", name()).prop_map(|(privilege, schema)| Grant::Restriction {
            privilege,
            on: format!("{schema}.*"),
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_granted_is_read_back(grant in any_grant(), to in any_account()) {
        let line = spelled(&granting(&grant, &to));
        prop_assert_eq!(read(&line, &to), Ok(vec![grant]), "{}", line);
    }

    #[test]
    fn many_columns_in_one_line_are_as_many_grants(columns in btree_set(name(), 1..5)) {
        let list: Vec<_> = columns.iter().cloned().collect();
        let line = format!("GRANT SELECT ({}) ON `a`.`b` TO `app`@`%`", list.join(", "));
        let grants = columns.iter().map(|column| privilege(&format!("SELECT ({column})"), "`a`.`b`", false));
        prop_assert_eq!(read(&line, &app()), Ok(grants.collect()));
    }
}
