//! The one place where a text becomes part of SQL.

use zeroize::Zeroizing;

/// A growing text that leaves no copy of itself behind: where it must move to a larger place, the
/// old one is overwritten.
pub(crate) struct Text(Zeroizing<String>);

impl Text {
    pub(crate) fn new() -> Self {
        Self(Zeroizing::default())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn push(&mut self, part: &str) {
        let needed = self.0.len() + part.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(needed.next_power_of_two()));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(part);
    }

    /// A string literal in single quotes. It is right in a session whose `sql_mode` has no
    /// `NO_BACKSLASH_ESCAPES` and whose character set is utf8mb4; every
    /// [`Session`](crate::Session) is one.
    /// <https://dev.mysql.com/doc/refman/8.0/en/string-literals.html>
    pub(crate) fn push_literal(&mut self, text: &str) {
        self.push("'");
        self.push_escaped(text, |c| match c {
            '\0' => Some("\\0"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\u{1a}' => Some("\\Z"),
            '\'' => Some("\\'"),
            '\\' => Some("\\\\"),
            _ => None,
        });
        self.push("'");
    }

    /// A name in backticks, which are doubled within it; nothing else has a meaning there.
    pub(crate) fn push_identifier(&mut self, name: &str) {
        self.push("`");
        self.push_escaped(name, |c| (c == '`').then_some("``"));
        self.push("`");
    }

    fn push_escaped(&mut self, text: &str, escape: impl Fn(char) -> Option<&'static str>) {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            if let Some(escaped) = escape(character) {
                self.push(&text[plain..at]);
                self.push(escaped);
                plain = at + character.len_utf8();
            }
        }
        self.push(&text[plain..]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn literal(text: &str) -> String {
        let mut sql = Text::new();
        sql.push_literal(text);
        sql.as_str().to_owned()
    }

    /// Reads a literal as the manual's grammar says, from its quote to the quote that ends it;
    /// what follows it is the second part.
    fn read(sql: &str) -> Option<(String, &str)> {
        let mut text = String::new();
        let mut characters = sql.strip_prefix('\'')?.chars();
        loop {
            match characters.next()? {
                '\\' => text.push(match characters.next()? {
                    '0' => '\0',
                    'n' => '\n',
                    'r' => '\r',
                    'Z' => '\u{1a}',
                    other => other,
                }),
                '\'' if characters.as_str().starts_with('\'') => {
                    text.push('\'');
                    characters.next();
                }
                '\'' => return Some((text, characters.as_str())),
                other => text.push(other),
            }
        }
    }

    #[test]
    fn a_quote_cannot_end_the_literal_it_stands_in() {
        assert_eq!(literal(r"it's \' or"), r"'it\'s \\\' or'");
        assert_eq!(literal("\0\n\r\u{1a}%_$\""), "'\\0\\n\\r\\Z%_$\"'");
    }

    #[test]
    fn a_text_is_whole_however_often_it_has_grown() {
        let mut text = Text::new();
        for _ in 0..1000 {
            text.push("0123456789");
        }
        assert_eq!(text.as_str(), "0123456789".repeat(1000));
    }

    proptest! {
        #[test]
        fn a_literal_is_read_back_as_what_was_written(
            text in r#"([\x00-\x7F'\\]|['"\\%_`$@;-]|\PC)*"#,
        ) {
            let sql = literal(&text) + " the rest";
            prop_assert_eq!(read(&sql), Some((text, " the rest")));
        }

        #[test]
        fn an_identifier_ends_where_it_should(name in r#"[a-z`'"\\. -]{0,64}"#) {
            let mut sql = Text::new();
            sql.push_identifier(&name);
            let inner = sql.as_str().strip_prefix('`').and_then(|s| s.strip_suffix('`'));
            let inner = inner.expect("it is quoted");
            prop_assert_eq!(inner.split("``").filter(|s| s.contains('`')).count(), 0);
            prop_assert_eq!(inner.replace("``", "`"), name);
        }
    }
}
