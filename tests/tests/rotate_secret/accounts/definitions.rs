use nightshift_tests::mysql::Mysql;
use rotate_secret::{
    database::{Definition, Session},
    decide::clone::{Alignment, Pair, align},
};
use secrets::Secret;

use super::{account, admin, run, server};

/// A kind of account: how it is made, and how it is changed afterwards. `<me>` is the account.
struct Case {
    user: &'static str,
    host: &'static str,
    made: &'static [&'static str],
    changed: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        user: "plain",
        host: "%",
        made: &[],
        changed: &["GRANT USAGE ON *.* TO <me> WITH GRANT OPTION"],
    },
    Case {
        user: "schemas",
        host: "10.0.%",
        made: &[
            r"GRANT SELECT, CREATE TEMPORARY TABLES ON `shop\_eu`.* TO <me>",
            "GRANT ALL ON `shop%`.* TO <me> WITH GRANT OPTION",
            r#"GRANT INSERT ON `a``b "d' TO x`.* TO <me>"#,
            r#"GRANT DELETE ON `a``b "d' TO x`.`ON *.*` TO <me> WITH GRANT OPTION"#,
        ],
        changed: &[
            "REVOKE DELETE, DROP ON `shop%`.* FROM <me>",
            r"REVOKE SELECT ON `shop\_eu`.* FROM <me>",
            r#"REVOKE GRANT OPTION ON `a``b "d' TO x`.`ON *.*` FROM <me>"#,
        ],
    },
    Case {
        user: "columns",
        host: "%",
        made: &[
            "GRANT SELECT (id), UPDATE (id, name, `we``ird, (c`), DELETE ON shop.orders TO <me>",
            "GRANT SELECT, REFERENCES (id) ON shop.orders TO <me>",
        ],
        changed: &[
            "REVOKE SELECT ON shop.orders FROM <me>",
            "GRANT SELECT (id, name) ON shop.orders TO <me>",
            "REVOKE UPDATE (`we``ird, (c`) ON shop.orders FROM <me>",
        ],
    },
    Case {
        user: "routines",
        host: "%",
        made: &[
            "GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE shop.p TO <me>",
            "GRANT EXECUTE ON FUNCTION shop.f TO <me> WITH GRANT OPTION",
        ],
        changed: &[
            "REVOKE ALTER ROUTINE ON PROCEDURE shop.p FROM <me>",
            "REVOKE ALL ON FUNCTION shop.f FROM <me>",
        ],
    },
    Case {
        user: "dynamic",
        host: "localhost",
        made: &[
            "GRANT APPLICATION_PASSWORD_ADMIN, SYSTEM_USER ON *.* TO <me>",
            "GRANT CONNECTION_ADMIN ON *.* TO <me> WITH GRANT OPTION",
            "GRANT SELECT ON *.* TO <me> WITH GRANT OPTION",
        ],
        changed: &[
            "REVOKE CONNECTION_ADMIN, SYSTEM_USER ON *.* FROM <me>",
            "GRANT CONNECTION_ADMIN ON *.* TO <me>",
            "REVOKE GRANT OPTION ON *.* FROM <me>",
        ],
    },
    Case {
        user: "restricted",
        host: "%",
        made: &[
            "GRANT SELECT, INSERT ON *.* TO <me>",
            "REVOKE SELECT ON mysql.* FROM <me>",
            "REVOKE SELECT, INSERT ON shop.* FROM <me>",
            "GRANT DELETE ON shop.* TO <me>",
        ],
        changed: &[
            "GRANT INSERT ON shop.* TO <me>",
            "REVOKE SELECT ON *.* FROM <me>",
        ],
    },
    Case {
        user: "roles",
        host: "%",
        made: &[
            "GRANT reader TO <me>",
            "GRANT `wri``ter`@`10.%` TO <me> WITH ADMIN OPTION",
            "ALTER USER <me> DEFAULT ROLE ALL",
        ],
        changed: &[
            "REVOKE `wri``ter`@`10.%` FROM <me>",
            "ALTER USER <me> DEFAULT ROLE NONE",
        ],
    },
    Case {
        user: "proxies",
        host: "%",
        made: &[
            "GRANT PROXY ON ''@'' TO <me>",
            "GRANT PROXY ON admin@'%' TO <me> WITH GRANT OPTION",
            "REVOKE GRANT OPTION ON *.* FROM <me>",
        ],
        changed: &["REVOKE PROXY ON ''@'' FROM <me>"],
    },
    Case {
        user: "options",
        host: "%",
        made: &[
            r#"ALTER USER <me> REQUIRE SUBJECT '/O="it\'s" \\ ISSUER' AND ISSUER '/CN=\'' AND CIPHER 'c'
               WITH MAX_QUERIES_PER_HOUR 5 MAX_UPDATES_PER_HOUR 6 MAX_USER_CONNECTIONS 8
               PASSWORD EXPIRE INTERVAL 30 DAY PASSWORD HISTORY 5 PASSWORD REUSE INTERVAL 9 DAY
               PASSWORD REQUIRE CURRENT FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED
               ACCOUNT LOCK"#,
            r#"ALTER USER <me> ATTRIBUTE '{"a": "it\'s \\"REQUIRE SSL\\""}'"#,
            "ALTER USER <me> PASSWORD EXPIRE",
        ],
        changed: &[
            "ALTER USER <me> REQUIRE X509 WITH MAX_QUERIES_PER_HOUR 0 PASSWORD EXPIRE NEVER
             PASSWORD HISTORY DEFAULT PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 0
             PASSWORD_LOCK_TIME 0 ACCOUNT UNLOCK",
        ],
    },
    Case {
        user: "`TO'\"\\ON *.*,()",
        host: "%",
        made: &[
            "GRANT ALL ON *.* TO <me> WITH GRANT OPTION",
            "REVOKE DROP ON mysql.* FROM <me>",
        ],
        changed: &[
            "REVOKE ALL ON *.* FROM <me>",
            "GRANT SELECT ON shop.* TO <me>",
        ],
    },
];

impl Case {
    /// Runs statements about the original.
    async fn run(&self, server: &Mysql, statements: &[&str]) {
        let me = format!("`{}`@`{}`", self.user.replace('`', "``"), self.host);
        for statement in statements {
            run(server, &[&statement.replace("<me>", &me)]).await;
        }
    }

    /// Brings the clone in line. It may take a second round: some statements change more than they
    /// say, such as `GRANT PROXY … WITH GRANT OPTION`, which gives the right to hand on all.
    async fn align(&self, session: &mut impl Session) {
        let password = Secret::new("clone's");
        for _round in 0..3 {
            let pair = Pair::of(self.user).unwrap();
            let [originals, clones] = self.both(session).await;
            let steps = align(&pair, self.user, &originals, &clones).unwrap();
            let Alignment::Now(steps) = steps else {
                panic!("{}: the clone's turn is next", self.user);
            };
            if steps.is_empty() {
                return;
            }
            for step in steps {
                let changed = session.change(&step.change.with(&password)).await;
                changed.unwrap_or_else(|error| panic!("{}: {error}: {step:?}", self.user));
            }
        }
        panic!("{}: {:#?}", self.user, self.both(session).await);
    }

    /// The original, and the clone where there is one.
    async fn both(&self, session: &mut impl Session) -> [Vec<Definition>; 2] {
        let mut both = [vec![], vec![]];
        for (user, found) in [self.user.to_owned(), format!("{}_clone", self.user)]
            .iter()
            .zip(&mut both)
        {
            for entry in session.entries(user, &[]).await.unwrap() {
                found.push(session.definition(&entry.account).await.unwrap());
            }
        }
        both
    }

    /// That the clone is what the original is, by what is read of both and by MySQL's own tables.
    async fn check(&self, server: &Mysql, session: &mut impl Session) {
        let [originals, mut clones] = self.both(session).await;
        for clone in &mut clones {
            self.user.clone_into(&mut clone.account.user);
        }
        assert_eq!(originals.len(), 1);
        assert_eq!(clones, originals);
        for (table, user) in TABLES {
            let original = rows(server, table, user, self.user).await;
            let clone = rows(server, table, user, &format!("{}_clone", self.user)).await;
            assert_eq!(clone, original, "mysql.{table} of {}", self.user);
            assert!(table != "user" || original.len() == 1, "{original:?}");
        }
    }
}

/// Where MySQL keeps what an account is, and which column has its name.
/// <https://dev.mysql.com/doc/refman/8.0/en/grant-tables.html>
const TABLES: [(&str, &str); 9] = [
    ("user", "User"),
    ("db", "User"),
    ("tables_priv", "User"),
    ("columns_priv", "User"),
    ("procs_priv", "User"),
    ("proxies_priv", "User"),
    ("global_grants", "USER"),
    ("role_edges", "TO_USER"),
    ("default_roles", "USER"),
];

/// What a table has of a user, without its name, its password, its notes, and when and by whom.
/// Partial revokes are left to `SHOW GRANTS`: the table has them in no particular order.
async fn rows(server: &Mysql, table: &str, column: &str, user: &str) -> Vec<Vec<String>> {
    let columns = format!(
        "SELECT CONCAT('`', column_name, '`') FROM information_schema.columns
         WHERE table_schema = 'mysql' AND table_name = '{table}' AND column_name NOT IN
             ('{column}', 'authentication_string', 'password_expired', 'password_last_changed',
              'Timestamp', 'Grantor')
         ORDER BY ordinal_position"
    );
    let columns = server.root(&columns).await.concat().join(", ");
    let attributes = r#"NULLIF(CAST(JSON_REMOVE(User_attributes, "$.metadata", "$.Restrictions")
                        AS CHAR), "{}")"#;
    let columns = columns.replace("`User_attributes`", attributes);
    let user = user.replace('\\', "\\\\").replace('\'', "''");
    let rows = format!("SELECT {columns} FROM mysql.{table} WHERE {column} = '{user}'");
    let mut rows = server.root(&rows).await;
    rows.sort();
    rows
}

#[tokio::test]
async fn a_clone_becomes_what_its_original_is_and_follows_it() {
    let server = server().await;
    let mut session = admin(&server).await;
    for case in CASES {
        case.run(&server, &["CREATE USER <me> IDENTIFIED BY 'original''s'"])
            .await;
        case.run(&server, case.made).await;
        case.align(&mut session).await;
        case.check(&server, &mut session).await;
        case.run(&server, case.changed).await;
        case.align(&mut session).await;
        case.check(&server, &mut session).await;
    }
}

/// A salt is any 20 bytes of 7 bits.
#[tokio::test]
async fn a_stored_password_that_looks_like_a_clause_is_none() {
    let server = server().await;
    run(
        &server,
        &[
            "CREATE USER quotes@'%' IDENTIFIED WITH caching_sha2_password \
             AS '$A$005$\\' REQUIRE \"NONE AS \\'0123456789012345678901234567890123456789012' \
             REQUIRE SSL",
        ],
    )
    .await;
    let mut session = admin(&server).await;
    let definition = session.definition(&account("quotes", "%")).await.unwrap();
    assert!(definition.options.contains("REQUIRE SSL"), "{definition:?}");
}
