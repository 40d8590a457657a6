//! What SQL a policy may hold. This keeps mistakes and surprises out; what a user may do at all, the
//! server says.

mod scan;

use self::scan::{Token, scan};

/// Functions whose value changes under way, or that do something: with `(` behind them.
const MOVING: [&str; 16] = [
    "NOW",
    "SYSDATE",
    "CURDATE",
    "CURTIME",
    "RAND",
    "UUID",
    "UUID_SHORT",
    "RANDOM_BYTES",
    "SLEEP",
    "BENCHMARK",
    "GET_LOCK",
    "RELEASE_LOCK",
    "RELEASE_ALL_LOCKS",
    "LAST_INSERT_ID",
    "LOAD_FILE",
    "CONNECTION_ID",
];
/// The same that need no `(`.
const MOVING_WORDS: [&str; 9] = [
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "OUTFILE",
];
/// What a statement may begin with: not what would end or outlive its transaction or its session.
const STATEMENTS: [&str; 14] = [
    "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "SELECT", "DO", "TRUNCATE", "OPTIMIZE",
    "ANALYZE", "ALTER", "CREATE", "DROP", "RENAME",
];

type Problem = Result<(), String>;

/// Checks a condition that is put in parentheses behind `WHERE`.
///
/// # Errors
/// What was expected, and what was found in its place.
pub(super) fn condition(sql: &str) -> Problem {
    let tokens = scan(sql)?;
    if tokens.is_empty() {
        return Err("expected a condition such as state = 'closed', got nothing".into());
    }
    single(&tokens)?;
    balanced(&tokens)?;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Comment { .. } => return Err("expected no comment, got one".into()),
            Token::Sign(sign @ ('?' | '@')) => {
                return Err(format!("expected no {sign} outside quotes, got one"));
            }
            Token::Placeholder(name) if *name != "now" => {
                return Err(format!("expected no placeholder but :now, got :{name}"));
            }
            Token::Word(word) if moves(word, &tokens[at + 1..]) => {
                return Err(format!(
                    "expected a condition that stays the same for the whole run, got {word}; \
                     the trigger's time is :now"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Checks one statement.
///
/// # Errors
/// As [`condition`].
pub(super) fn statement(sql: &str) -> Problem {
    let mut tokens = scan(sql)?;
    while tokens.last() == Some(&Token::Sign(';')) {
        tokens.pop();
    }
    single(&tokens)?;
    match first(&tokens).map(str::to_ascii_uppercase).as_deref() {
        None => Err("expected one statement, got nothing".into()),
        Some("CALL") => {
            Err("expected a statement, got CALL; say call in place of statement".into())
        }
        Some(word) if STATEMENTS.contains(&word) => Ok(()),
        Some(word) => Err(format!(
            "expected a statement that begins with {}, got {word}; put what is more into a \
             procedure and say call",
            STATEMENTS.join(", ")
        )),
    }
}

/// Checks a query that answers a number.
///
/// # Errors
/// As [`condition`].
pub(super) fn query(sql: &str) -> Problem {
    let tokens = scan(sql)?;
    single(&tokens)?;
    let first = first(&tokens).unwrap_or("nothing");
    if ["SELECT", "WITH"].contains(&first.to_ascii_uppercase().as_str()) {
        return Ok(());
    }
    Err(format!("expected a SELECT, got {first}"))
}

/// One statement, and nothing hidden in a comment.
fn single(tokens: &[Token<'_>]) -> Problem {
    if tokens.contains(&Token::Sign(';')) {
        return Err("expected no ; outside quotes, got one".into());
    }
    if tokens.contains(&Token::Comment { runs: true }) {
        return Err("expected no /*! */, which the server runs, got one".into());
    }
    Ok(())
}

/// No `)` closes what was not opened here.
fn balanced(tokens: &[Token<'_>]) -> Problem {
    let mut open = 0_usize;
    for token in tokens {
        open = match token {
            Token::Sign('(') => open + 1,
            Token::Sign(')') => open
                .checked_sub(1)
                .ok_or("expected as many ( as ), got a ) too many")?,
            _ => open,
        };
    }
    if open == 0 {
        return Ok(());
    }
    Err("expected as many ( as ), got a ( too many".into())
}

fn first<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let mut written = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Comment { .. } | Token::Sign('(')));
    match written.next()? {
        Token::Word(word) => Some(word),
        _ => Some("a sign"),
    }
}

fn moves(word: &str, behind: &[Token<'_>]) -> bool {
    let word = word.to_ascii_uppercase();
    let called = behind.first() == Some(&Token::Sign('('));
    let empty = called && behind.get(1) == Some(&Token::Sign(')'));
    MOVING_WORDS.contains(&word.as_str())
        || called && MOVING.contains(&word.as_str())
        || empty && word == "UNIX_TIMESTAMP"
}
