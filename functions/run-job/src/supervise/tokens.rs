//! The words of a statement, apart from its texts and comments.

/// One word, name or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword, a function or a name without quotes, in upper case.
    Word(String),
    /// A name in backticks.
    Quoted(String),
    /// A text in single or double quotes: in the sessions that are used here, both are texts.
    Text,
    /// Any other character, such as a bracket, a comma, a digit or `;`.
    Sign(char),
}

/// The tokens of `sql`. What stands in `/*! … */` or `/*+ … */` counts: the server takes it for SQL.
/// A quote or comment that is not ended goes to the end; the server refuses such a statement.
/// <https://dev.mysql.com/doc/refman/8.0/en/comments.html>
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let (token, behind) = next(rest, character);
        found.extend(token);
        rest = behind;
    }
    found
}

fn next(rest: &str, character: char) -> (Option<Token>, &str) {
    let one = &rest[character.len_utf8()..];
    match character {
        '\'' | '"' => (Some(Token::Text), behind_text(one, character)),
        '`' => {
            let (name, behind) = quoted(one);
            (Some(Token::Quoted(name)), behind)
        }
        '#' => (None, behind_line(one)),
        '-' if is_line_comment(rest) => (None, behind_line(one)),
        '/' if rest.starts_with("/*!") => (
            None,
            rest[3..].trim_start_matches(|c: char| c.is_ascii_digit()),
        ),
        '/' if rest.starts_with("/*+") => (None, &rest[3..]),
        '/' if rest.starts_with("/*") => (None, rest[2..].split_once("*/").map_or("", |two| two.1)),
        '*' if rest.starts_with("*/") => (None, &rest[2..]),
        c if is_of_word(c) && !c.is_ascii_digit() => {
            let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            (Some(Token::Word(rest[..end].to_uppercase())), &rest[end..])
        }
        c if c.is_whitespace() => (None, one),
        c => (Some(Token::Sign(c)), one),
    }
}

/// <https://dev.mysql.com/doc/refman/8.0/en/identifiers.html>
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$@".contains(c) || c > '\u{7f}'
}

/// `--` must be followed by white space or a control character.
fn is_line_comment(rest: &str) -> bool {
    let behind = rest.strip_prefix("--");
    behind.is_some_and(|behind| behind.chars().next().is_none_or(|c| c <= ' '))
}

fn behind_line(rest: &str) -> &str {
    rest.split_once('\n').map_or("", |(_, behind)| behind)
}

/// A doubled quote is one text behind another, which comes to the same here.
fn behind_text(rest: &str, quote: char) -> &str {
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if c == quote {
            return &rest[at + 1..];
        }
    }
    ""
}

fn quoted(rest: &str) -> (String, &str) {
    let (mut name, mut rest) = (String::new(), rest);
    while let Some((inner, behind)) = rest.split_once('`') {
        name.push_str(inner);
        match behind.strip_prefix('`') {
            Some(more) => {
                name.push('`');
                rest = more;
            }
            None => return (name, behind),
        }
    }
    name.push_str(rest);
    (name, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sql: &str) -> String {
        let spelled = |token| match token {
            Token::Word(word) => word,
            Token::Quoted(name) => format!("`{name}`"),
            Token::Text => "''".to_owned(),
            Token::Sign(sign) => sign.to_string(),
        };
        let words: Vec<String> = tokens(sql).into_iter().map(spelled).collect();
        words.join(" ")
    }

    #[test]
    fn texts_names_and_comments_hide_what_is_in_them() {
        for (sql, read) in [
            (
                "select 'it''s; COMMIT' -- ; COMMIT\nfrom t",
                "SELECT '' '' FROM T",
            ),
            (r#"select "a\"; COMMIT", 'b\'; x'"#, "SELECT '' , ''"),
            ("select `a``b; c` # ; d\n;", "SELECT `a`b; c` ;"),
            ("/* ; */ delete /* x */ from t", "DELETE FROM T"),
            ("select 1--1", "SELECT 1 - - 1"),
            ("select 'open ; COMMIT", "SELECT ''"),
            ("/* open ; COMMIT", ""),
            ("größe = 1", "GRÖSSE = 1"),
        ] {
            assert_eq!(words(sql), read, "{sql}");
        }
    }

    #[test]
    fn what_the_server_carries_out_is_no_comment() {
        assert_eq!(words("/*!80000 COMMIT */"), "COMMIT");
        assert_eq!(
            words("DELETE /*+ SET_VAR(a = 1) */ t"),
            "DELETE SET_VAR ( A = 1 ) T"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(sql in r#"([ -~]|['"`\\/*!+#;-]|\PC|\n)*"#) {
            tokens(&sql);
        }

        #[test]
        fn a_text_never_ends_early(text in r"([a-z ;]|'')*") {
            let sql = format!("DO '{text}' + 1");
            let found: Vec<Token> = tokens(&sql).into_iter().filter(|t| *t != Token::Text).collect();
            let all = [Token::Word("DO".to_owned()), Token::Sign('+'), Token::Sign('1')];
            proptest::prop_assert_eq!(found, all);
        }
    }
}
