//! Which password a server has, read from what it stores.

use aurora_sql::{Session, Statement, stored::Stored};
use nightshift_tests::mysql::Mysql;
use secrets::Secret;

use crate::server::{PASSWORD, open, shared, user};

/// The primary and the secondary password of `user`.
pub async fn stored(session: &mut Session, user: &str) -> (Stored, Option<Stored>) {
    let sql =
        "SELECT plugin, authentication_string, User_attributes FROM mysql.user WHERE user = ?";
    let statement = Statement::new("reading the passwords", sql).bind(user);
    let row = &session.query(&statement).await.unwrap()[0];
    let plugin = row.required_text(0).unwrap();
    let string = row.bytes(1).unwrap().unwrap_or_default();
    let attributes = row.text(2).unwrap().unwrap_or_default();
    let secondary = Stored::secondary(&plugin, &attributes);
    (Stored::of(&plugin, &string), secondary)
}

/// Which of `known` opens the account, by what is stored and by trying.
async fn assert_agrees(server: &Mysql, known: &[&str]) {
    let mut session = open(server, "reader", PASSWORD).await.unwrap();
    let (primary, secondary) = stored(&mut session, "two").await;
    assert!(primary.readable());
    for password in known {
        let secret = Secret::new(*password);
        let says = primary.is(&secret) || secondary.as_ref().is_some_and(|it| it.is(&secret));
        let opens = open(server, "two", password).await.is_ok();
        assert_eq!(says, opens, "{password}");
    }
}

#[tokio::test]
async fn what_is_stored_says_which_password_opens_the_door() {
    let server = shared().await;
    user(&server, "reader").await;
    let known = [
        "first",
        "second 'with' \\ quotes",
        "third-pässwörd-of-more-than-32-bytes",
        "",
    ];
    for sql in [
        r"CREATE USER two@'%' IDENTIFIED BY 'first'",
        r"ALTER USER two@'%' IDENTIFIED BY 'second ''with'' \ quotes' RETAIN CURRENT PASSWORD",
        r"ALTER USER two@'%' IDENTIFIED BY 'third-pässwörd-of-more-than-32-bytes'",
        r"ALTER USER two@'%' DISCARD OLD PASSWORD",
        r"ALTER USER two@'%' IDENTIFIED BY ''",
    ] {
        let sql = format!("SET sql_mode = 'NO_BACKSLASH_ESCAPES'; {sql}");
        server.root(&sql).await;
        assert_agrees(&server, &known).await;
    }
}
