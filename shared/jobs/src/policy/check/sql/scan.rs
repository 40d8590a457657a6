//! SQL in pieces: what stands in quotes and in comments is told from what does not.

/// A piece of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
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

/// The pieces of `sql`, in their order.
///
/// # Errors
/// What of it does not end, or is no SQL.
pub(super) fn scan(sql: &str) -> Result<Vec<Token<'_>>, String> {
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
