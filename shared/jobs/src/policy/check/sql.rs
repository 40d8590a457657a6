//! What SQL a policy may hold. This keeps mistakes and surprises out; what a user may do at all, the
//! server says.

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
/// What a statement may not begin with: it would end or outlive the transaction or the session.
const SESSION_WORDS: [&str; 22] = [
    "BEGIN",
    "START",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "SET",
    "USE",
    "LOCK",
    "UNLOCK",
    "XA",
    "PREPARE",
    "EXECUTE",
    "DEALLOCATE",
    "HANDLER",
    "DELIMITER",
    "DECLARE",
    "KILL",
    "SHUTDOWN",
    "RESTART",
    "CHANGE",
    "RESET",
];

type Problem = Result<(), String>;

/// A piece of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// A text or a name in quotes.
    Quoted,
    /// `/* … */`, `-- …` or `# …`; whether the server would run what is in it.
    Comment { runs: bool },
    /// `:now` and the like.
    Placeholder(&'a str),
    /// Anything else.
    Sign(char),
}

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
    let tokens = scan(sql)?;
    single(&tokens)?;
    match first(&tokens).map(str::to_ascii_uppercase).as_deref() {
        None => Err("expected one statement, got nothing".into()),
        Some("CALL") => {
            Err("expected a statement, got CALL; say call in place of statement".into())
        }
        Some(word) if SESSION_WORDS.contains(&word) => Err(format!(
            "expected a statement that stands by itself, got {word}; put several into a procedure \
             and say call"
        )),
        Some(_) => Ok(()),
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
        return Err("expected no ; outside quotes, got one; leave it out at the end".into());
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

fn scan(sql: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(sign) = rest.chars().next() {
        let (token, length) = next(rest, sign)?;
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The token that `rest` begins with, and its length.
fn next(rest: &str, sign: char) -> Result<(Token<'_>, usize), String> {
    let until = |end: &str, from: usize| rest[from..].find(end).map(|at| from + at + end.len());
    if let '\'' | '"' | '`' = sign {
        return quoted(rest, sign).map(|length| (Token::Quoted, length));
    }
    if sign == '#' || dashes(rest) {
        let length = until("\n", 1).unwrap_or(rest.len());
        return Ok((Token::Comment { runs: false }, length));
    }
    if let Some(inside) = rest.strip_prefix("/*") {
        let runs = inside.starts_with('!');
        let length = until("*/", 2).ok_or("expected */ at the end of a comment, got none")?;
        return Ok((Token::Comment { runs }, length));
    }
    if sign == ':' {
        let name = word(&rest[1..]);
        return Ok((Token::Placeholder(&rest[1..=name]), 1 + name));
    }
    match word(rest) {
        0 if sign == '\0' => Err("expected SQL, got a NUL in it".into()),
        0 => Ok((Token::Sign(sign), sign.len_utf8())),
        length => Ok((Token::Word(&rest[..length]), length)),
    }
}

/// Whether `rest` begins with `--` as a comment: `5--1` is none.
/// <https://dev.mysql.com/doc/refman/8.0/en/comments.html>
fn dashes(rest: &str) -> bool {
    let behind = rest.strip_prefix("--").map(|behind| behind.chars().next());
    behind.is_some_and(|c| c.is_none_or(|c| c.is_whitespace() || c.is_control()))
}

/// The bytes of the word that `text` begins with.
fn word(text: &str) -> usize {
    let of_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.find(|c| !of_word(c)).unwrap_or(text.len())
}

/// The bytes of the text in quotes that `rest` begins with. Whether `\'` ends a text depends on the
/// server's mode, so it is refused; a quote that is written twice is one in every mode.
/// <https://dev.mysql.com/doc/refman/8.0/en/sql-mode.html#sqlmode_no_backslash_escapes>
fn quoted(rest: &str, quote: char) -> Result<usize, String> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\\' if quote != '`' => escaped = !escaped,
            c if c == quote && escaped => {
                return Err(format!(
                    "expected {quote}{quote} for a quote in a text, got \\{quote}"
                ));
            }
            c if c == quote => return Ok(at + 1),
            _ => escaped = false,
        }
    }
    Err(format!("expected {quote} at the end of a text, got none"))
}
