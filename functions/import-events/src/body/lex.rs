//! SQL, piece by piece.

use std::borrow::Cow;

use crate::event::SqlMode;

/// One piece of SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: Kind,
    /// As it is written.
    pub(crate) source: &'a str,
    /// Where it begins, in bytes.
    pub(crate) at: usize,
    /// What it says: of a name or a text, without its quotes.
    pub(crate) value: Cow<'a, str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes.
    Name,
    /// A text in quotes.
    Text,
    /// A number without a sign.
    Number,
    /// An operator, a bracket, a comma.
    Symbol,
}

/// Operators of more than one character, the longest first.
const SYMBOLS: [&str; 16] = [
    "<=>", "->>", "<=", ">=", "<>", "!=", ":=", "||", "&&", "<<", ">>", "->", "@@", "|", "&", "@",
];

/// The pieces of `sql`, without its comments. `None` where a quote or a comment has no end, and
/// where a comment is one that the server reads: `/*! … */` and `/*+ … */`.
/// <https://dev.mysql.com/doc/refman/8.0/en/language-structure.html>
pub(crate) fn tokens<'a>(sql: &'a str, mode: &SqlMode) -> Option<Vec<Token<'a>>> {
    let (mut rest, mut tokens) = (sql, Vec::new());
    loop {
        rest = without_comments(rest)?;
        if rest.is_empty() {
            return Some(tokens);
        }
        let after_dot = tokens.last().is_some_and(|last: &Token| last.source == ".");
        let mut token = next(rest, mode, after_dot)?;
        token.at = sql.len() - rest.len();
        rest = &rest[token.source.len()..];
        tokens.push(token);
    }
}

fn without_comments(mut rest: &str) -> Option<&str> {
    loop {
        rest = rest.trim_start();
        let dashes = rest.strip_prefix("--");
        let line =
            dashes.is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c <= ' '));
        if line || rest.starts_with('#') {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            if comment.starts_with(['!', '+']) {
                return None;
            }
            rest = comment.split_once("*/")?.1;
        } else {
            return Some(rest);
        }
    }
}

fn next<'a>(rest: &'a str, mode: &SqlMode, after_dot: bool) -> Option<Token<'a>> {
    let first = rest.chars().next()?;
    let plain = |kind, length: usize| {
        let source = &rest[..length];
        let value = Cow::Borrowed(source);
        Some(Token {
            kind,
            source,
            at: 0,
            value,
        })
    };
    let word = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
    match first {
        '`' => quoted(rest, first, Kind::Name, false),
        '"' if mode.has("ANSI_QUOTES") => quoted(rest, first, Kind::Name, false),
        '"' | '\'' => quoted(rest, first, Kind::Text, !mode.has("NO_BACKSLASH_ESCAPES")),
        '0'..='9' if !after_dot => match number(rest) {
            // A name may begin with digits: `7days`.
            length if length < word => plain(Kind::Word, word),
            length => plain(Kind::Number, length),
        },
        _ if word > 0 => plain(Kind::Word, word),
        _ => {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
            plain(
                Kind::Symbol,
                symbol.map_or(first.len_utf8(), |symbol| symbol.len()),
            )
        }
    }
}

/// The length of a number: `30`, `1.5`. One with an exponent is a word, which nothing recognises.
fn number(rest: &str) -> usize {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let whole = digits(rest);
    match rest[whole..].strip_prefix('.') {
        Some(fraction) => whole + 1 + digits(fraction),
        None => whole,
    }
}

fn in_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || character >= '\u{80}'
}

/// Something in quotes: doubled ones are one, and a backslash may escape.
/// <https://dev.mysql.com/doc/refman/8.0/en/string-literals.html>
fn quoted(rest: &str, quote: char, kind: Kind, escapes: bool) -> Option<Token<'_>> {
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && escapes {
            escaped(characters.next()?.1, &mut value);
        } else if character != quote {
            value.push(character);
        } else if characters.next_if(|(_, c)| *c == quote).is_some() {
            value.push(quote);
        } else {
            let source = &rest[..=at];
            return Some(Token {
                kind,
                source,
                at: 0,
                value: value.into(),
            });
        }
    }
    None
}

fn escaped(character: char, value: &mut String) {
    match character {
        '0' => value.push('\0'),
        'b' => value.push('\u{8}'),
        'n' => value.push('\n'),
        'r' => value.push('\r'),
        't' => value.push('\t'),
        'Z' => value.push('\u{1a}'),
        // These keep their backslash, for LIKE.
        '%' | '_' => value.extend(['\\', character]),
        other => value.push(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(sql: &str, mode: &str) -> String {
        let Some(tokens) = tokens(sql, &SqlMode::of(mode)) else {
            return "unread".into();
        };
        let told = tokens
            .iter()
            .map(|token| format!("{:?} {}", token.kind, token.value));
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn comments_are_left_out_and_quotes_hold_together() {
        let sql =
            "DELETE -- it's\n FROM `a``b`.7t # x\n WHERE /* ; */ c<=-1.5 AND d = 'it''s \\' -- '";
        insta::assert_snapshot!(all(sql, ""), @"Word DELETE, Word FROM, Name a`b, Symbol ., Word 7t, Word WHERE, Word c, Symbol <=, Symbol -, Number 1.5, Word AND, Word d, Symbol =, Text it's ' -- ");
        insta::assert_snapshot!(all("1--1", ""), @"Number 1, Symbol -, Symbol -, Number 1");
        insta::assert_snapshot!(all("SELECT @@global.x, @y := 2", ""), @"Word SELECT, Symbol @@, Word global, Symbol ., Word x, Symbol ,, Symbol @, Word y, Symbol :=, Number 2");
    }

    #[test]
    fn the_sql_mode_says_what_quotes_mean() {
        assert_eq!(all(r#""a\"b""#, ""), "Text a\"b");
        assert_eq!(
            all(r#""a" = 'b\'"#, "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"),
            r"Name a, Symbol =, Text b\"
        );
    }

    #[test]
    fn what_the_server_may_read_otherwise_is_not_read() {
        for sql in [
            "'a",
            "`a",
            "/* a",
            "/*! DELETE */",
            "SELECT /*+ SET_VAR(a=1) */ 1",
            "'a\\'",
        ] {
            assert_eq!(all(sql, ""), "unread", "{sql}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_parts_of_the_text_in_their_order(sql in r#"([`'"\\. @,();#*/-]|[a-z0-9]|\PC)*"#) {
            let mut end = 0;
            for token in tokens(&sql, &SqlMode::default()).into_iter().flatten() {
                prop_assert!(token.at >= end && !token.source.is_empty());
                end = token.at + token.source.len();
                prop_assert_eq!(&sql[token.at..end], token.source);
            }
        }

        #[test]
        fn a_text_is_read_as_it_was_written(text in r#"([`'";-]|\PC)*"#) {
            let spelled = format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
            let read = tokens(&spelled, &SqlMode::default()).unwrap();
            prop_assert_eq!(&read[0].value, &text);
        }
    }
}
