//! SQL that a server wrote, read piece by piece.

use aurora_sql::{Account, SqlError};

/// An answer of the server with something in it that this function does not know. To leave it out
/// would be to get an account wrong, so it is an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reading {statement}, which has {what},")]
pub(crate) struct Unread {
    /// Whose answer it was: `SHOW GRANTS`.
    pub(crate) statement: &'static str,
    /// What was not understood, in words without any quoted part of the answer.
    pub(crate) what: String,
}

impl From<Unread> for SqlError {
    /// With the client's number for an answer that is not as expected.
    /// <https://dev.mysql.com/doc/mysql-errors/8.0/en/client-error-reference.html>
    fn from(unread: Unread) -> Self {
        Self::Refused {
            what: unread.to_string(),
            code: 2027,
            state: "HY000".to_owned(),
        }
    }
}

/// One piece of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A keyword, a number, a name without quotes.
    Word(&'a str),
    /// A name or a text in quotes.
    Quoted(Quoted<'a>),
    /// Any other character.
    Symbol(char),
    /// A quote without its end.
    Unclosed,
    /// Nothing is left.
    End,
}

/// A name or a text in quotes, as it is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quoted<'a> {
    quote: char,
    inner: &'a str,
}

impl Quoted<'_> {
    /// What it says: doubled quotes are one, and in single quotes a backslash escapes.
    /// <https://dev.mysql.com/doc/refman/8.0/en/string-literals.html>
    pub(crate) fn text(self) -> String {
        let mut text = String::with_capacity(self.inner.len());
        let mut characters = self.inner.chars();
        while let Some(character) = characters.next() {
            match character {
                // The second of a pair; a single one would have ended the quotes.
                quote if quote == self.quote => text.extend(characters.next()),
                '\\' if self.quote == '\'' => text.extend(characters.next().map(unescaped)),
                other => text.push(other),
            }
        }
        text
    }
}

const fn unescaped(character: char) -> char {
    match character {
        '0' => '\0',
        'b' => '\u{8}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'Z' => '\u{1a}',
        other => other,
    }
}

/// What is left of a statement.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// The next piece, which is then behind.
    pub(crate) fn next(&mut self) -> Token<'a> {
        let text = self.rest.trim_start();
        let Some(first) = text.chars().next() else {
            return Token::End;
        };
        let (token, length) = match first {
            '`' | '\'' | '"' => quoted(text, first),
            _ if in_word(first) => {
                let length = text.find(|c| !in_word(c)).unwrap_or(text.len());
                (Token::Word(&text[..length]), length)
            }
            _ => (Token::Symbol(first), first.len_utf8()),
        };
        self.rest = &text[length..];
        token
    }

    /// The next piece, which stays ahead.
    pub(crate) fn peek(mut self) -> Token<'a> {
        self.next()
    }

    /// Whether `token` is next; if so, it is then behind.
    pub(crate) fn take(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == token;
        if found {
            self.next();
        }
        found
    }

    /// Whether these words are next; if so, all of them are then behind.
    pub(crate) fn words(&mut self, words: &str) -> bool {
        let before = *self;
        let found = words.split(' ').all(|word| self.take(Token::Word(word)));
        if !found {
            *self = before;
        }
        found
    }

    /// An account in quotes: `` `app`@`%` ``.
    pub(crate) fn account(&mut self) -> Option<Account> {
        let user = self.quoted()?.text();
        if !self.take(Token::Symbol('@')) {
            return None;
        }
        let host = self.quoted()?.text();
        Some(Account { user, host })
    }

    /// Accounts with commas between them; `None` where there is not even one.
    pub(crate) fn accounts(&mut self) -> Option<Vec<Account>> {
        let mut accounts = vec![self.account()?];
        while self.take(Token::Symbol(',')) {
            accounts.push(self.account()?);
        }
        Some(accounts)
    }

    /// Something in quotes.
    pub(crate) fn quoted(&mut self) -> Option<Quoted<'a>> {
        match self.next() {
            Token::Quoted(quoted) => Some(quoted),
            _ => None,
        }
    }

    /// Whether `text` is next in single quotes, without any escape; if so, it is then behind.
    pub(crate) fn bare(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix('\'');
        let rest = rest.and_then(|rest| rest.strip_prefix(text)?.strip_prefix('\''));
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What lies between an earlier place and this one, as it is spelled.
    pub(crate) fn since(self, earlier: Self) -> &'a str {
        earlier.rest[..earlier.rest.len() - self.rest.len()].trim()
    }
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// The quoted part that `text` begins with, and its length with the quotes.
fn quoted(text: &str, quote: char) -> (Token<'_>, usize) {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == '\'' {
            characters.next();
        } else if character == quote && characters.next_if(|(_, c)| *c == quote).is_none() {
            let inner = &text[1..at];
            return (Token::Quoted(Quoted { quote, inner }), at + 1);
        }
    }
    (Token::Unclosed, text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut tokens = Tokens::new(text);
        std::iter::from_fn(|| match tokens.next() {
            Token::End => None,
            Token::Unclosed => Some("unclosed".to_owned()),
            Token::Word(word) => Some(format!("word {word}")),
            Token::Quoted(quoted) => Some(format!("quoted {}", quoted.text())),
            Token::Symbol(symbol) => Some(format!("symbol {symbol}")),
        })
        .collect()
    }

    #[test]
    fn quotes_hold_together_what_looks_like_a_statement() {
        assert_eq!(
            all(r#"GRANT `a`` TO .*` 'it''s \'\\' "x "" y\" 5"#),
            [
                "word GRANT",
                "quoted a` TO .*",
                r"quoted it's '\",
                r#"quoted x " y\"#,
                "word 5"
            ]
        );
    }

    #[test]
    fn a_quote_without_its_end_takes_all_that_is_left() {
        assert_eq!(all("a `b"), ["word a", "unclosed"]);
        assert_eq!(all(r"'a\'"), ["unclosed"]);
        assert_eq!(all("``"), ["quoted "]);
        assert_eq!(all("```"), ["unclosed"]);
    }

    #[test]
    fn a_text_without_escapes_is_found_by_what_it_must_be() {
        let mut tokens = Tokens::new(r" 'it's \' ISSUER'");
        assert!(!tokens.bare("its"));
        assert!(tokens.bare(r"it's \"));
        assert_eq!(tokens.next(), Token::Word("ISSUER"));
    }

    #[test]
    fn words_are_taken_all_or_none() {
        let mut tokens = Tokens::new("WITH GRANT OPTION");
        assert!(!tokens.words("WITH ADMIN OPTION"));
        assert!(tokens.words("WITH GRANT OPTION"));
        assert_eq!(tokens.next(), Token::End);
    }

    proptest! {
        #[test]
        fn a_name_in_backticks_is_read_as_it_was_written(name in r#"([`'"\\. @,()]|TO|\PC)*"#) {
            let spelled = format!("`{}` x", name.replace('`', "``"));
            let mut tokens = Tokens::new(&spelled);
            prop_assert_eq!(tokens.quoted().map(Quoted::text), Some(name));
            prop_assert_eq!(tokens.next(), Token::Word("x"));
        }

        #[test]
        fn no_text_makes_it_stumble(text in r#"([`'"\\. @,()]|[a-z]|\PC)*"#) {
            let mut tokens = Tokens::new(&text);
            let pieces = std::iter::repeat_with(|| tokens.next());
            prop_assert!(pieces.take(text.len() + 1).any(|token| token == Token::End));
        }
    }
}
