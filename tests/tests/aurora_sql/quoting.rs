//! What is quoted means itself, whatever is in it.

use aurora_sql::{Account, Identifier, Session, Statement};
use secrets::Secret;

use crate::server::{PASSWORD, open, shared, user};

/// Texts that end, escape, comment out or stand for something where quoting is wrong.
const HOSTILE: [&str; 20] = [
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "'\\",
    "\"",
    "`",
    "x'; DROP TABLE t; -- ",
    "x\\'; DROP TABLE t; #",
    "/*! 1 */",
    "?",
    ":name",
    "%s_%",
    "$1${a}",
    "a\nb\r\u{1a}\t",
    "nul\0nul",
    "pässwörd 密码 😀",
    "\u{bf}\u{5c}' or 1",
    " spaces  ",
];

/// Short texts of the characters that matter, from a generator with a fixed start.
fn random(count: usize, most: usize) -> Vec<String> {
    const LETTERS: &[char] = &[
        '\'', '\\', '"', '`', '\0', '\n', '%', '-', '#', 'x', 'ä', '😀', ' ',
    ];
    let mut dice = fastrand::Rng::with_seed(4);
    let mut text = |_| {
        let length = dice.usize(..=most);
        (0..length).filter_map(|_| dice.choice(LETTERS)).collect()
    };
    (0..count).map(&mut text).collect()
}

#[tokio::test]
async fn a_literal_is_the_text_that_it_was_made_of() {
    let server = shared().await;
    user(&server, "literal").await;
    let mut session = open(&server, "literal", PASSWORD).await.unwrap();
    let mut texts = random(400, 12);
    texts.extend(HOSTILE.map(str::to_owned));
    texts.push("'\\".repeat(10_000));
    for some in texts.chunks(50) {
        let select = Statement::new("comparing literals", "SELECT ");
        let with = |statement: Statement, text: &String| {
            let statement = statement.sql("HEX(").literal(&Secret::new(text.as_str()));
            statement.sql("), ")
        };
        let select = some.iter().fold(select, with).sql("1");
        let row = &session.query(&select).await.unwrap()[0];
        for (column, text) in some.iter().enumerate() {
            let two = |hex, byte| format!("{hex}{byte:02X}");
            let hex = text.bytes().fold(String::new(), two);
            assert_eq!(row.required_text(column).unwrap(), hex, "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_bound_value_is_the_text_that_was_bound() {
    let server = shared().await;
    user(&server, "bound").await;
    let mut session = open(&server, "bound", PASSWORD).await.unwrap();
    for text in HOSTILE {
        let select = Statement::new("comparing values", "SELECT ?, ? + 1, ? IS NULL");
        let select = select.bind(text).bind(41_u64).bind(None::<i64>);
        let row = &session.query(&select).await.unwrap()[0];
        assert_eq!(row.required_text(0).unwrap(), text);
        assert_eq!(row.integer(1), Ok(Some(42)));
        assert_eq!(row.integer(2), Ok(Some(1)));
    }
}

/// No name may end with a space, a tab or a line's end, and 40 characters are the most that a file
/// can be named after where each must be encoded.
#[tokio::test]
async fn a_name_in_backticks_is_that_name() {
    let server = shared().await;
    user(&server, "names").await;
    let mut session = open(&server, "names", PASSWORD).await.unwrap();
    let schema = Identifier::new("names").unwrap();
    let texts = random(40, 40).into_iter().chain(HOSTILE.map(str::to_owned));
    let mut tried = 0;
    for name in texts.filter(|text| !text.ends_with(char::is_whitespace)) {
        let Ok(table) = Identifier::new(name) else {
            continue;
        };
        tried += 1;
        let qualified = |sql| Statement::new("a test", sql).identifier(&schema).sql(".");
        let create = qualified("CREATE TABLE ")
            .identifier(&table)
            .sql(" (n INT)");
        session.execute(&create).await.unwrap();
        let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = ?";
        let listed = session
            .query(&Statement::new("a test", sql).bind("names"))
            .await;
        let listed = listed.unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|row| row.required_text(0).unwrap())
            .collect();
        assert_eq!(listed, [table.name()]);
        session
            .execute(&qualified("DROP TABLE ").identifier(&table))
            .await
            .unwrap();
    }
    assert!(tried > 15, "{tried}");
}

async fn change(session: &mut Session, statement: Statement) {
    let done = session.execute(&statement).await;
    done.unwrap_or_else(|error| panic!("{error}"));
}

/// A server takes neither a name nor a password beyond a NUL: it ends what clients send.
#[tokio::test]
async fn an_account_with_any_name_and_password_is_made_logs_in_and_is_dropped() {
    let server = shared().await;
    user(&server, "maker").await;
    let mut maker = open(&server, "maker", PASSWORD).await.unwrap();
    let hosts = [
        "%",
        "127.0.0.1",
        "127.0.0.%",
        "_27.0.0.1",
        "127.0.0.0/255.255.255.0",
    ];
    let mut random = random(60, 30).into_iter();
    let mut texts: Vec<String> = HOSTILE.map(str::to_owned).into();
    texts.extend(random.by_ref().take(8));
    texts.retain(|text| !text.contains('\0'));
    for (at, text) in texts.iter().enumerate() {
        let user = format!(
            "u{}",
            text.chars()
                .take(30)
                .filter(|c| *c <= '\u{FFFF}')
                .collect::<String>()
        );
        let user = user.trim_end().to_owned();
        let account = Account {
            user: user.clone(),
            host: hosts[at % hosts.len()].to_owned(),
        };
        let password = format!("{text}{}", &texts[(at + 1) % texts.len()]);
        let create = Statement::new("a test", "CREATE USER ").account(&account);
        change(
            &mut maker,
            create
                .sql(" IDENTIFIED BY ")
                .literal(&Secret::new(password.as_str())),
        )
        .await;
        let opened = open(&server, &user, &password).await;
        let mut session = opened.unwrap_or_else(|error| panic!("{account} {password:?}: {error}"));
        assert_eq!(session.account().await, Ok(account.clone()));
        change(
            &mut maker,
            Statement::new("a test", "DROP USER ").account(&account),
        )
        .await;
    }
}
