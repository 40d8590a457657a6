//! A condition of the team's own, in SQL: looked through before it is put between parentheses.

use jiff::civil::DateTime;

use crate::database::Piece;

/// The condition in pieces, with the trigger's time for each `:now`.
///
/// What is looked for is only whether it stays within the parentheses around it: whatever stands in
/// quotes is passed over, and comments are refused, since the server may carry some of them out.
/// <https://dev.mysql.com/doc/refman/8.0/en/comments.html>
///
/// # Errors
/// Why it is refused, in words, with the remedy.
pub(super) fn pieces(text: &str, now: DateTime) -> Result<Vec<Piece>, String> {
    if text.trim().is_empty() {
        return Err("it is empty: write a condition, such as `state = 'closed'`".to_owned());
    }
    let mut reader = Reader::new(text, now);
    while !reader.rest.is_empty() {
        reader.step()?;
    }
    reader.end()
}

struct Reader<'a> {
    rest: &'a str,
    now: DateTime,
    open: usize,
    read: String,
    pieces: Vec<Piece>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str, now: DateTime) -> Self {
        Self {
            rest: text,
            now,
            open: 0,
            read: String::new(),
            pieces: Vec::new(),
        }
    }

    fn step(&mut self) -> Result<(), String> {
        let comments = ["--", "#", "/*", "*/"];
        if let Some(comment) = comments.iter().find(|sign| self.rest.starts_with(**sign)) {
            return Err(format!(
                "it has a comment ({comment}): leave comments out; write `- -1` for minus minus one"
            ));
        }
        match self.rest.chars().next() {
            Some(quote @ ('\'' | '"' | '`')) => return self.quoted(quote),
            Some('(') => self.open += 1,
            Some(')') => self.close()?,
            Some(';') => return Err("it has a `;`: write one condition only".to_owned()),
            Some('?') => return Err("it has a `?`: write the value itself".to_owned()),
            Some(':') => return self.named(),
            Some('\0') => return Err("it has a NUL: leave it out".to_owned()),
            _ => {}
        }
        let one = self.rest.chars().next().map_or(0, char::len_utf8);
        self.take(one);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let open = self.open.checked_sub(1);
        self.open = open.ok_or("it closes a parenthesis that it did not open")?;
        Ok(())
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.read.push_str(taken);
        self.rest = rest;
    }

    /// A doubled quote ends one text and begins the next, which comes to the same.
    fn quoted(&mut self, quote: char) -> Result<(), String> {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped && quote != '`';
            ends
        });
        let (end, _) = end.ok_or_else(|| format!("it opens a {quote} that it does not close"))?;
        self.take(end + 1);
        Ok(())
    }

    fn named(&mut self) -> Result<(), String> {
        let name = self.rest.get(1..).unwrap_or_default();
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '=');
        let (name, rest) = name.split_at(end.unwrap_or(name.len()));
        if name != "now" {
            return Err(format!(
                "it has `:{name}`: the only name known is `:now`, the trigger's time in UTC"
            ));
        }
        self.flush();
        self.pieces.push(Piece::Now(self.now));
        self.rest = rest;
        Ok(())
    }

    fn flush(&mut self) {
        if !self.read.is_empty() {
            self.pieces.push(Piece::Sql(std::mem::take(&mut self.read)));
        }
    }

    fn end(mut self) -> Result<Vec<Piece>, String> {
        if self.open > 0 {
            return Err("it opens a parenthesis that it does not close".to_owned());
        }
        self.flush();
        Ok(self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<Piece>, String> {
        pieces(text, date(2026, 3, 1).at(2, 0, 0, 0))
    }

    fn sql(text: &str) -> Piece {
        Piece::Sql(text.to_owned())
    }

    #[test]
    fn now_is_the_triggers_time_except_in_quotes() {
        let now = Piece::Now(date(2026, 3, 1).at(2, 0, 0, 0));
        let read = read("(`:now` = ':now' AND a < :now - INTERVAL 1 DAY)");
        let before = sql("(`:now` = ':now' AND a < ");
        let after = sql(" - INTERVAL 1 DAY)");
        assert_eq!(read, Ok(vec![before, now, after]));
    }

    #[test]
    fn quotes_hide_what_is_in_them() {
        for text in [
            "a = 'it''s ; -- ) ?'",
            r"a = 'it\'s # )'",
            r#"a = "/* ;" AND `b``)` = 1"#,
            r"`\` = 1 AND a = '\\'",
            "ä = 'ü)' AND a - 1 > 2 / 3",
        ] {
            assert_eq!(read(text), Ok(vec![sql(text)]));
        }
    }

    #[test]
    fn what_would_leave_its_parentheses_is_refused_in_words() {
        for (text, why) in [
            (
                " ",
                "it is empty: write a condition, such as `state = 'closed'`",
            ),
            (
                "a = 1) OR (b = 1",
                "it closes a parenthesis that it did not open",
            ),
            ("(a = 1", "it opens a parenthesis that it does not close"),
            ("a = 'x", "it opens a ' that it does not close"),
            (r"a = 'x\'", "it opens a ' that it does not close"),
            (
                "a = 1; DROP TABLE b",
                "it has a `;`: write one condition only",
            ),
            ("a = ?", "it has a `?`: write the value itself"),
            (
                "a = 1 -- b",
                "it has a comment (--): leave comments out; write `- -1` for minus minus one",
            ),
            (
                "a = 1 # b",
                "it has a comment (#): leave comments out; write `- -1` for minus minus one",
            ),
            (
                "a /*!= 2 OR*/ = 1",
                "it has a comment (/*): leave comments out; write `- -1` for minus minus one",
            ),
            (
                "a < :then",
                "it has `:then`: the only name known is `:now`, the trigger's time in UTC",
            ),
            (
                "@a := 1",
                "it has `:=`: the only name known is `:now`, the trigger's time in UTC",
            ),
        ] {
            assert_eq!(read(text), Err(why.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(text in "[a-z ()'`\"\\\\;#:ä-]{0,30}") {
            if let Ok(pieces) = read(&text) {
                let whole: String = pieces.into_iter().map(|piece| match piece {
                    Piece::Sql(sql) => sql,
                    Piece::Now(_) => ":now".to_owned(),
                }).collect();
                prop_assert_eq!(whole, text);
            }
        }
    }
}
