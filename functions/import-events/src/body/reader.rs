//! Reading pieces of SQL one after another.

use super::lex::{Kind, Token};

/// A place among the pieces.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a, 't> {
    rest: &'t [Token<'a>],
}

/// Words that are never a name without quotes where names are read here.
const RESERVED: [&str; 33] = [
    "AND",
    "BETWEEN",
    "BINARY",
    "BY",
    "CASE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DELETE",
    "DISTINCT",
    "EXISTS",
    "FALSE",
    "FROM",
    "IN",
    "INTERVAL",
    "IS",
    "LIKE",
    "LIMIT",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NOT",
    "NULL",
    "OR",
    "ORDER",
    "SELECT",
    "TRUE",
    "UNKNOWN",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "WHERE",
    "XOR",
];

impl<'a, 't> Reader<'a, 't> {
    pub(super) const fn new(tokens: &'t [Token<'a>]) -> Self {
        Self { rest: tokens }
    }

    pub(super) const fn rest(self) -> &'t [Token<'a>] {
        self.rest
    }

    pub(super) const fn is_over(self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(self) -> Option<&'t Token<'a>> {
        self.rest.first()
    }

    pub(super) fn next(&mut self) -> Option<&'t Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Whether these words are next; if so, they are then behind.
    pub(super) fn words(&mut self, words: &str) -> bool {
        let all = words.split(' ').enumerate();
        let mut all =
            all.map(|(at, word)| self.rest.get(at).is_some_and(|token| is_word(token, word)));
        let found = all.all(|found| found);
        if found {
            self.rest = &self.rest[words.split(' ').count()..];
        }
        found
    }

    /// Whether this symbol is next; if so, it is then behind.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_some_and(|token| is_symbol(token, symbol));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// A name, in quotes or not. One that begins with a digit could be a number: `0x1F`, `1e5`.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let token = self.next()?;
        let reserved = RESERVED.iter().any(|word| is_word(token, word));
        let digit = token.source.starts_with(|c: char| c.is_ascii_digit());
        let named = match token.kind {
            Kind::Word => !reserved && !digit,
            Kind::Name => true,
            Kind::Text | Kind::Number | Kind::Symbol => false,
        };
        named.then_some(&*token.value)
    }

    /// A name with what it is in: `schema.name`.
    pub(super) fn path(&mut self) -> Option<Vec<&'t str>> {
        let mut path = vec![self.name()?];
        while self.symbol(".") {
            path.push(self.name()?);
        }
        Some(path)
    }

    /// A whole number, in quotes or not.
    pub(super) fn whole(&mut self) -> Option<i64> {
        let token = self.next()?;
        let number = matches!(token.kind, Kind::Number | Kind::Text);
        let digits = token.value.bytes().all(|b| b.is_ascii_digit());
        (number && digits).then(|| token.value.parse().ok())?
    }

    /// What `read` reads, or nothing at all.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }

    /// The pieces up to one for which `end` holds outside all brackets; that one stays ahead.
    pub(super) fn until(&mut self, end: impl Fn(&Token<'a>) -> bool) -> &'t [Token<'a>] {
        let mut depth = 0_i32;
        let at = self.rest.iter().position(|token| {
            let ended = depth == 0 && end(token);
            depth += i32::from(is_symbol(token, "(")) - i32::from(is_symbol(token, ")"));
            ended
        });
        let (before, rest) = self.rest.split_at(at.unwrap_or(self.rest.len()));
        self.rest = rest;
        before
    }
}

/// Whether a piece is this keyword.
pub(super) fn is_word(token: &Token<'_>, word: &str) -> bool {
    token.kind == Kind::Word && token.source.eq_ignore_ascii_case(word)
}

/// Whether a piece is this symbol.
pub(super) fn is_symbol(token: &Token<'_>, symbol: &str) -> bool {
    token.kind == Kind::Symbol && token.source == symbol
}

/// The part of `sql` from the first of its pieces to the last.
pub(super) fn text<'s>(tokens: &[Token<'_>], sql: &'s str) -> &'s str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &sql[first.at..last.at + last.source.len()],
        _ => "",
    }
}
