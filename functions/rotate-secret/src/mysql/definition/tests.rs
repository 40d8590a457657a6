use insta::assert_snapshot;

use super::*;

const HEAD: &str = "CREATE USER `app`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x2441243030";

fn app() -> Account {
    Account {
        user: "app".to_owned(),
        host: "%".to_owned(),
    }
}

/// The options of an account with these clauses, one in each line.
fn seen(clauses: &str, beside: &Beside) -> String {
    match read(&format!("{HEAD}{clauses}"), &app(), beside) {
        Ok(clauses) => clauses
            .options
            .into_iter()
            .map(|option| option + "\n")
            .collect(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_clause_is_an_option() {
    let clauses = " REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 8 \
        PASSWORD EXPIRE DEFAULT ACCOUNT LOCK PASSWORD HISTORY 5 PASSWORD REUSE INTERVAL 9 DAY \
        PASSWORD REQUIRE CURRENT FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED \
        ATTRIBUTE '{\"comment\": \"it\\'s ACCOUNT UNLOCK\"}'";
    assert_snapshot!(seen(clauses, &Beside::default()), @r"
    ACCOUNT LOCK
    FAILED_LOGIN_ATTEMPTS 3
    PASSWORD EXPIRE DEFAULT
    PASSWORD HISTORY 5
    PASSWORD REQUIRE CURRENT
    PASSWORD REUSE INTERVAL 9 DAY
    PASSWORD_LOCK_TIME UNBOUNDED
    REQUIRE SSL
    WITH MAX_QUERIES_PER_HOUR 5
    WITH MAX_USER_CONNECTIONS 8
    ");
}

#[test]
fn a_required_subject_ends_where_mysql_user_says() {
    let beside = Beside {
        subject: r"/O=it's' ISSUER 'x\".to_owned(),
        issuer: "/CN=ca".to_owned(),
        ..Beside::default()
    };
    let clauses = r" REQUIRE SUBJECT '/O=it's' ISSUER 'x\' ISSUER '/CN=ca' ACCOUNT UNLOCK";
    assert_snapshot!(seen(clauses, &beside), @r"
    ACCOUNT UNLOCK
    REQUIRE SUBJECT '/O=it''s'' ISSUER ''x\\' ISSUER '/CN=ca'
    ");
    let unread = "reading SHOW CREATE USER, which has another requirement of TLS than mysql.user,";
    assert_eq!(seen(clauses, &Beside::default()), unread);
}

#[test]
fn an_expired_password_leaves_the_lifetime_behind_it() {
    let lasting = |lifetime| Beside {
        lifetime,
        ..Beside::default()
    };
    assert_eq!(
        seen(" PASSWORD EXPIRE", &lasting(None)),
        "PASSWORD EXPIRE DEFAULT\n"
    );
    assert_eq!(
        seen(" PASSWORD EXPIRE", &lasting(Some(0))),
        "PASSWORD EXPIRE NEVER\n"
    );
    assert_eq!(
        seen(" PASSWORD EXPIRE INTERVAL 30 DAY", &lasting(Some(30))),
        "PASSWORD EXPIRE INTERVAL 30 DAY\n"
    );
}

#[test]
fn default_roles_and_plugin_are_read() {
    let text = format!("{HEAD} DEFAULT ROLE `reader`@`%`,`wri``ter`@`10.%` REQUIRE NONE");
    let clauses = read(&text, &app(), &Beside::default()).unwrap();
    assert_eq!(clauses.plugin, "caching_sha2_password");
    let roles: Vec<_> = clauses
        .default_roles
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(roles, ["'reader'@'%'", "'wri`ter'@'10.%'"]);
}

#[test]
fn what_is_not_known_is_an_error_without_a_word_of_the_statement() {
    let none = Beside::default();
    for (clauses, what) in [
        (" BACKUP NEVER", "an option that is not known"),
        (" hash' REQUIRE NONE", "an option that is not known"),
        (" REQUIRE SAN 'x'", "a requirement of TLS that is not known"),
        (" WITH MAX_MEMORY 5", "a limit that is not known"),
        (" PASSWORD HISTORY abc", "an option that is not known"),
        (
            " AND IDENTIFIED WITH 'webauthn'",
            "more than one authentication factor",
        ),
    ] {
        let error = format!("reading SHOW CREATE USER, which has {what},");
        assert_eq!(seen(clauses, &none), error, "{clauses}");
    }
    let other = Account {
        user: "other".to_owned(),
        host: "%".to_owned(),
    };
    let error = read(HEAD, &other, &none).unwrap_err().to_string();
    assert_eq!(
        error,
        "reading SHOW CREATE USER, which has another account,"
    );
}

#[test]
fn what_is_shown_to_be_off_is_as_if_it_were_not_shown() {
    let clauses = " REQUIRE NONE WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 10 \
        PASSWORD HISTORY 0 FAILED_LOGIN_ATTEMPTS 0";
    assert_snapshot!(seen(clauses, &Beside::default()), @r"
    PASSWORD HISTORY 0
    REQUIRE NONE
    WITH MAX_UPDATES_PER_HOUR 10
    ");
}

#[test]
fn what_is_off_is_named_where_the_server_knows_it() {
    let shown = [
        "WITH MAX_USER_CONNECTIONS 8",
        "PASSWORD_LOCK_TIME 2",
        "REQUIRE SSL",
    ];
    let shown: BTreeSet<_> = shown.map(str::to_owned).into();
    let seen = |version| {
        let options = with_what_is_off(&shown, Version::of(version));
        options
            .into_iter()
            .map(|option| option + "\n")
            .collect::<String>()
    };
    assert_snapshot!(seen("8.0.39"), @r"
    FAILED_LOGIN_ATTEMPTS 0
    PASSWORD_LOCK_TIME 2
    REQUIRE SSL
    WITH MAX_CONNECTIONS_PER_HOUR 0
    WITH MAX_QUERIES_PER_HOUR 0
    WITH MAX_UPDATES_PER_HOUR 0
    WITH MAX_USER_CONNECTIONS 8
    ");
    assert!(!seen("5.7.44").contains("FAILED_LOGIN_ATTEMPTS"));
}
