//! The condition of a `DELETE` as one text, for a session of `run-job`.

use jobs::policy::Name;

use super::{
    lex::{Kind, Token},
    moment::{Base, clock},
    reader::{Reader, is_symbol, is_word},
};
use crate::event::Event;

/// A condition for `where` of a purge.
#[derive(Debug, PartialEq)]
pub(super) struct Free {
    pub(super) sql: String,
    /// Whether it has the time of the run in it.
    pub(super) says_now: bool,
}

/// Keywords that mean the same in every session.
const WORDS: [&str; 27] = [
    "AND", "OR", "NOT", "XOR", "IN", "IS", "NULL", "LIKE", "BETWEEN", "TRUE", "FALSE", "DIV",
    "MOD", "CASE", "WHEN", "THEN", "ELSE", "END", "INTERVAL", "SECOND", "MINUTE", "HOUR", "DAY",
    "WEEK", "MONTH", "QUARTER", "YEAR",
];

/// Functions of their arguments alone.
const FUNCTIONS: [&str; 18] = [
    "ABS",
    "CHAR_LENGTH",
    "COALESCE",
    "DATE",
    "DATEDIFF",
    "DATE_ADD",
    "DATE_SUB",
    "IF",
    "IFNULL",
    "ISNULL",
    "LEFT",
    "LENGTH",
    "LOWER",
    "NULLIF",
    "TIMESTAMPDIFF",
    "TRIM",
    "UPPER",
    "YEAR",
];

/// The condition in words that mean the same in a session of `run-job`; `None` where some may not:
/// a subquery, a variable, a function that is not known, the time in a zone other than UTC.
pub(super) fn condition(
    tokens: &[Token<'_>],
    event: &Event,
    own: &dyn Fn(&[&str]) -> Option<Name>,
) -> Option<Free> {
    let (more, _) = event.sql_mode.beside_ours();
    let quotes = [
        "ANSI",
        "ANSI_QUOTES",
        "NO_BACKSLASH_ESCAPES",
        "NO_AUTO_VALUE_ON_ZERO",
    ];
    if more.iter().any(|flag| !quotes.contains(flag)) {
        return None;
    }
    let mut reader = Reader::new(tokens);
    let (mut sql, mut says_now, mut after_value) = (String::new(), false, false);
    while !reader.is_over() {
        let piece = match time(&mut reader, event) {
            Time::Said(sql) => {
                says_now = true;
                Piece { sql, value: true }
            }
            Time::Elsewhere => return None,
            Time::None => piece(&mut reader, own)?,
        };
        // Two values without an operator: one of them is a word with a meaning of its own.
        if after_value && piece.value {
            return None;
        }
        after_value = piece.value || piece.sql == ")";
        push(&mut sql, &piece.sql);
    }
    (!sql.is_empty()).then_some(Free { sql, says_now })
}

/// A piece as it is spelled for a session of `run-job`.
struct Piece {
    sql: String,
    /// Whether it is a column or a value.
    value: bool,
}

enum Time {
    None,
    /// A function that says the time, as `:now` does.
    Said(String),
    /// One that says it in a zone that a session of `run-job` does not have.
    Elsewhere,
}

fn time(reader: &mut Reader<'_, '_>, event: &Event) -> Time {
    let unix = |reader: &mut Reader<'_, '_>| {
        (reader.words("UNIX_TIMESTAMP") && reader.symbol("(") && reader.symbol(")")).then_some(())
    };
    if reader.attempt(unix).is_some() {
        return Time::Said("UNIX_TIMESTAMP(:now)".into());
    }
    match reader.attempt(clock) {
        None => Time::None,
        Some(Base::Now | Base::Today) if !event.zone.is_utc() => Time::Elsewhere,
        Some(Base::Now | Base::UtcNow) => Time::Said(":now".into()),
        Some(Base::Today | Base::UtcToday) => Time::Said("DATE(:now)".into()),
    }
}

/// One piece that means the same.
fn piece(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Piece> {
    let token = reader.peek()?;
    let next = reader.rest().get(1);
    let called = next.is_some_and(|next| is_symbol(next, "("));
    let known = |words: &[&str]| words.iter().any(|word| is_word(token, word));
    let keyword = known(&WORDS) || (called && known(&FUNCTIONS));
    match token.kind {
        Kind::Symbol
            if is_symbol(token, "||") || token.source.starts_with(['@', ':', '?', ';']) =>
        {
            None
        }
        Kind::Text => text(reader.next()?).map(|sql| Piece { sql, value: true }),
        Kind::Word if keyword => {
            let sql = reader.next()?.source.to_uppercase();
            Some(Piece { sql, value: false })
        }
        Kind::Word | Kind::Name => column(reader, own),
        Kind::Number | Kind::Symbol => {
            let value = token.kind == Kind::Number;
            let sql = reader.next()?.source.to_owned();
            Some(Piece { sql, value })
        }
    }
}

/// A column of the statement's table, and no function.
fn column(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Piece> {
    let column = own(&reader.path()?)?;
    let called = reader.peek().is_some_and(|next| is_symbol(next, "("));
    let sql = crate::event::quoted(column.as_str());
    (!called).then_some(Piece { sql, value: true })
}

/// In single quotes. One that has a colon could be taken for `:now`.
fn text(token: &Token<'_>) -> Option<String> {
    let plain = !token.value.contains([':', '\0']);
    let escaped = token.value.replace('\\', "\\\\").replace('\'', "''");
    plain.then(|| format!("'{escaped}'"))
}

fn push(sql: &mut String, part: &str) {
    let tight = sql.is_empty() || sql.ends_with('(') || matches!(part, ")" | ",");
    let called = part == "(" && FUNCTIONS.iter().any(|name| sql.ends_with(name));
    if !tight && !called {
        sql.push(' ');
    }
    sql.push_str(part);
}
