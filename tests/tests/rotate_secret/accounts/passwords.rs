use aurora_sql::SqlError;
use nightshift_tests::mysql::Mysql;
use rotate_secret::database::{Change, Entry, Held, Session};
use secrets::Secret;

use super::{account, admin, open, run, server};

/// What is known of the accounts of `user`, where these are the candidates.
async fn seen(session: &mut impl Session, user: &str, candidates: &[&str]) -> Vec<String> {
    let secrets: Vec<_> = candidates.iter().map(|text| Secret::new(*text)).collect();
    let secrets: Vec<_> = secrets.iter().collect();
    let name = |held| match held {
        Held::Candidate(number) => candidates[number],
        Held::Unknown => "?",
    };
    let line = |entry: Entry| {
        let secondary = entry.secondary.map_or("", name);
        let locked = if entry.locked { " locked" } else { "" };
        format!(
            "{} {}/{secondary}{locked}",
            entry.account.host,
            name(entry.primary)
        )
    };
    let entries = session.entries(user, &secrets).await.unwrap();
    entries.into_iter().map(line).collect()
}

/// Whether each password opens the door.
async fn opens(server: &Mysql, user: &str, passwords: &[&str]) -> Vec<bool> {
    let mut opens = vec![];
    for password in passwords {
        match open(server, user, password).await {
            Ok(session) => {
                session.close().await;
                opens.push(true);
            }
            Err(SqlError::AccessDenied { .. }) => opens.push(false),
            Err(other) => panic!("{other}"),
        }
    }
    opens
}

#[tokio::test]
async fn each_account_shows_which_password_is_primary_and_which_is_secondary() {
    let server = server().await;
    run(
        &server,
        &[
            "CREATE USER app@'%' IDENTIFIED BY 'one'",
            "CREATE USER app@'10.%' IDENTIFIED BY 'other' ACCOUNT LOCK",
            "CREATE USER App@'%' IDENTIFIED BY 'not of app'",
        ],
    )
    .await;
    let mut admin = admin(&server).await;
    let known = ["one", "two", "three"];
    assert_eq!(
        seen(&mut admin, "app", &known).await,
        ["% one/", "10.% ?/ locked"]
    );

    let both = [account("app", "%"), account("app", "10.%")];
    let retained = |password, retain| Change::SetPassword {
        accounts: &both,
        password,
        retain,
    };
    let (two, three) = (Secret::new("two"), Secret::new("three"));
    admin.change(&retained(&two, true)).await.unwrap();
    assert_eq!(
        seen(&mut admin, "app", &known).await,
        ["% two/one", "10.% two/? locked"]
    );
    assert_eq!(opens(&server, "app", &known).await, [true, true, false]);

    admin.change(&retained(&three, false)).await.unwrap();
    assert_eq!(
        seen(&mut admin, "app", &known).await,
        ["% three/one", "10.% three/? locked"]
    );
    assert_eq!(opens(&server, "app", &known).await, [true, false, true]);

    let discard = Change::DiscardOld { accounts: &both };
    admin.change(&discard).await.unwrap();
    assert_eq!(
        seen(&mut admin, "app", &known).await,
        ["% three/", "10.% three/ locked"]
    );
    assert_eq!(opens(&server, "app", &known).await, [false, false, true]);

    for other in ["app ", "app' OR '1'='1", "APP"] {
        assert_eq!(seen(&mut admin, other, &known).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_login_changes_its_own_password_only_instead_of_the_primary_one() {
    let server = server().await;
    run(
        &server,
        &[
            "CREATE USER app@'%' IDENTIFIED BY 'it''s \\\\ \"one\"'",
            "GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO app@'%'",
        ],
    )
    .await;
    let known = ["it's \\ \"one\"", "two'; DROP", "three"];
    let [one, two, three] = known.map(Secret::new);
    let own = |password, instead_of, retain| Change::SetOwnPassword {
        password,
        instead_of: Some(instead_of),
        retain,
    };
    let mut app = open(&server, "app", known[0]).await.unwrap();
    app.change(&own(&two, &one, true)).await.unwrap();
    assert_eq!(opens(&server, "app", &known).await, [true, true, false]);

    // `one` opens the door, and is not the primary any more.
    let refused = app.change(&own(&three, &one, true)).await.unwrap_err();
    assert!(
        matches!(refused, SqlError::Refused { code: 3891, .. }),
        "{refused}"
    );
    assert_eq!(opens(&server, "app", &known).await, [true, true, false]);

    app.change(&own(&three, &two, false)).await.unwrap();
    assert_eq!(opens(&server, "app", &known).await, [true, false, true]);
    app.change(&Change::DiscardOwnOld).await.unwrap();
    assert_eq!(opens(&server, "app", &known).await, [false, false, true]);
}

#[tokio::test]
async fn a_server_says_what_it_is_and_who_one_is() {
    let server = server().await;
    run(
        &server,
        &["CREATE USER `o'hara@home`@'127.0.0.%' IDENTIFIED BY 'x'"],
    )
    .await;
    let mut session = open(&server, "o'hara@home", "x").await.unwrap();
    let said = session.server().await.unwrap();
    assert_eq!(said.me, account("o'hara@home", "127.0.0.%"));
    assert!(
        said.writable && said.dual_passwords && said.encrypted,
        "{said:?}"
    );
    run(&server, &["SET GLOBAL super_read_only = ON"]).await;
    assert!(!session.server().await.unwrap().writable);

    let mut other = admin(&server).await;
    assert!(
        session
            .lock("rotation", std::time::Duration::ZERO)
            .await
            .unwrap()
    );
    assert!(
        !other
            .lock("rotation", std::time::Duration::ZERO)
            .await
            .unwrap()
    );
    session.close().await;
    assert!(
        other
            .lock("rotation", std::time::Duration::from_secs(5))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_login_that_may_not_read_accounts_is_told_so() {
    let server = server().await;
    run(
        &server,
        &[
            "CREATE USER app@'%' IDENTIFIED BY 'one'",
            "CREATE USER some@'%' IDENTIFIED BY 'some'",
            "GRANT SELECT (user, host) ON mysql.user TO some@'%'",
        ],
    )
    .await;
    for (user, password) in [("app", "one"), ("some", "some")] {
        let mut session = open(&server, user, password).await.unwrap();
        let entries = session.entries("admin", &[]).await.unwrap_err();
        assert!(
            matches!(entries, SqlError::MissingRight { .. }),
            "{entries}"
        );
        let definition = session
            .definition(&account("admin", "%"))
            .await
            .unwrap_err();
        assert!(
            matches!(definition, SqlError::MissingRight { .. }),
            "{definition}"
        );
    }
}
