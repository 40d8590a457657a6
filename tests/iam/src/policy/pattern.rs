//! Patterns: texts of a policy with wildcards and policy variables.

use std::borrow::Cow;

use super::context::{Context, Found, Key};
use super::error::{PolicyError, Stop};

/// What `*` and `?` mean in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// Themselves, as in `StringEquals`.
    Literal,
    /// Any characters, one character: actions, `StringLike`.
    Anywhere,
    /// As in `Resource`: within a segment of the ARN; only a `*` that ends its segment reaches
    /// beyond the colon.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    Arn,
}

/// A text that a text of a request is held against.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    written: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    One { colons: bool },
    Many { colons: bool },
    Variable { key: Key, default: Option<String> },
}

impl Pattern {
    /// Reads a pattern; `${…}` is a policy variable where `variables` says so.
    pub(crate) fn parse(
        written: &str,
        wildcards: Wildcards,
        variables: bool,
    ) -> Result<Self, PolicyError> {
        let mut tokens = Vec::new();
        let mut rest = written;
        while let Some(first) = rest.chars().next() {
            if variables && rest.starts_with("${") {
                let (token, after) = variable(written, &rest[2..])?;
                push(&mut tokens, token);
                rest = after;
                continue;
            }
            rest = &rest[first.len_utf8()..];
            push(&mut tokens, token(first, rest, wildcards));
        }
        Ok(Self {
            written: written.to_owned(),
            tokens,
        })
    }

    /// Reads an action, which has no case: it is to be held against lower-case ones.
    pub(crate) fn action(written: &str) -> Result<Self, PolicyError> {
        let parsed = Self::parse(&written.to_ascii_lowercase(), Wildcards::Anywhere, false)?;
        let written = written.to_owned();
        Ok(Self { written, ..parsed })
    }

    /// As it is written.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Whether it has a policy variable.
    pub(crate) fn has_variable(&self) -> bool {
        let is_variable = |token: &Token| matches!(token, Token::Variable { .. });
        self.tokens.iter().any(is_variable)
    }

    /// Whether `text` is what the pattern says, its variables being those of `context`.
    pub(crate) fn matches(&self, text: &str, context: &dyn Context) -> Result<bool, Stop> {
        Ok(fits(&self.resolved(context)?, text))
    }

    /// The same, ignoring case.
    pub(crate) fn matches_in_any_case(
        &self,
        text: &str,
        context: &dyn Context,
    ) -> Result<bool, Stop> {
        let mut tokens = self.resolved(context)?.into_owned();
        for token in &mut tokens {
            if let Token::Text(text) = token {
                *text = text.to_lowercase();
            }
        }
        Ok(fits(&tokens, &text.to_lowercase()))
    }

    /// The same for a pattern without variables.
    pub(crate) fn matches_plainly(&self, text: &str) -> bool {
        fits(&self.tokens, text)
    }

    fn resolved(&self, context: &dyn Context) -> Result<Cow<'_, [Token]>, Stop> {
        if !self.has_variable() {
            return Ok(Cow::Borrowed(&self.tokens));
        }
        let tokens = self.tokens.iter().map(|token| resolve(token, context));
        tokens.collect::<Result<Vec<_>, _>>().map(Cow::Owned)
    }
}

fn token(first: char, rest: &str, wildcards: Wildcards) -> Token {
    let arn = wildcards == Wildcards::Arn;
    match first {
        '*' if wildcards != Wildcards::Literal => Token::Many {
            colons: !arn || rest.is_empty() || rest.starts_with(':'),
        },
        '?' if wildcards != Wildcards::Literal => Token::One { colons: !arn },
        other => Token::Text(other.to_string()),
    }
}

/// Reads `key}`, `key, 'default'}` or one of `*}`, `?}`, `$}`, which stand for themselves.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
fn variable<'a>(written: &str, rest: &'a str) -> Result<(Token, &'a str), PolicyError> {
    let wrong = |problem: &str| PolicyError::new(written, problem);
    let (inside, after) = rest
        .split_once('}')
        .ok_or_else(|| wrong("a policy variable without its closing brace"))?;
    if matches!(inside, "*" | "?" | "$") {
        return Ok((Token::Text(inside.to_owned()), after));
    }
    let (key, default) = match inside.split_once(", ") {
        None => (inside, None),
        Some((key, quoted)) => {
            let quoted = quoted.strip_prefix('\'').and_then(|q| q.strip_suffix('\''));
            let default = quoted.ok_or_else(|| wrong("a default is written in single quotes"))?;
            (key, Some(default.to_owned()))
        }
    };
    if !key.contains(':') || key.contains(char::is_whitespace) {
        return Err(wrong("not the name of a condition key"));
    }
    let key = Key::new(key);
    Ok((Token::Variable { key, default }, after))
}

fn push(tokens: &mut Vec<Token>, token: Token) {
    match (tokens.last_mut(), token) {
        (Some(Token::Text(text)), Token::Text(more)) => text.push_str(&more),
        (_, token) => tokens.push(token),
    }
}

/// A variable's value stands for itself, whatever wildcards are in it.
fn resolve(token: &Token, context: &dyn Context) -> Result<Token, Stop> {
    let Token::Variable { key, default } = token else {
        return Ok(token.clone());
    };
    match (context.find(key), default) {
        (Found::One(value), _) => Ok(Token::Text(value.into_owned())),
        (Found::Missing, Some(default)) => Ok(Token::Text(default.clone())),
        (Found::Missing, None) => Err(Stop::Unresolved(key.written().to_owned())),
        (Found::Set(_), _) => Err(Stop::undefined(key)),
    }
}

fn fits(tokens: &[Token], text: &str) -> bool {
    match tokens {
        [] => text.is_empty(),
        [Token::Text(literal), rest @ ..] => text
            .strip_prefix(literal.as_str())
            .is_some_and(|after| fits(rest, after)),
        [Token::One { colons }, rest @ ..] => {
            let mut characters = text.chars();
            let first = characters.next();
            first.is_some_and(|c| *colons || c != ':') && fits(rest, characters.as_str())
        }
        // What ends the pattern ends its segment.
        [Token::Many { .. }] => true,
        [Token::Many { colons }, rest @ ..] => {
            let end = if *colons { None } else { text.find(':') };
            let reach = end.unwrap_or(text.len());
            let mut starts = text[..reach].char_indices().map(|(at, _)| at);
            starts.any(|at| fits(rest, &text[at..])) || fits(rest, &text[reach..])
        }
        // Resolved before: a variable that is left has no value.
        [Token::Variable { .. }, ..] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Written;

    fn like(pattern: &str, text: &str) -> bool {
        let pattern = Pattern::parse(pattern, Wildcards::Anywhere, true).unwrap();
        pattern.matches(text, &Written::default()).unwrap()
    }

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "ac", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("a?c", "abc", true),
            ("a*c", "a:b/c", true),
            ("a?c", "a:c", true),
            ("a?c", "ac", false),
            ("a*b*c", "a-c-b-c", true),
            ("*ä?", "xäö", true),
            ("abc", "ABC", false),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_variable_is_its_value_and_its_value_has_no_wildcards() {
        let context = Written::default().one("aws:username", "a*");
        let pattern = Pattern::parse("home/${aws:UserName}/${*}", Wildcards::Anywhere, true);
        let pattern = pattern.unwrap();
        assert_eq!(pattern.matches("home/a*/*", &context), Ok(true));
        assert_eq!(pattern.matches("home/ab/*", &context), Ok(false));
        assert_eq!(pattern.matches("home/a*/x", &context), Ok(false));
        let missing = pattern.matches("home/a*/*", &Written::default());
        assert_eq!(missing, Err(Stop::Unresolved("aws:UserName".into())));
    }

    #[test]
    fn a_variable_that_has_no_value_takes_its_default() {
        assert!(like("x/${aws:userid, 'anonymous'}", "x/anonymous"));
    }

    #[test]
    fn without_variables_a_dollar_is_a_dollar() {
        let pattern = Pattern::parse("${aws:username}", Wildcards::Anywhere, false).unwrap();
        assert!(pattern.matches_plainly("${aws:username}"));
    }

    #[test]
    fn a_variable_that_is_not_understood_is_an_error() {
        for wrong in ["${aws:username", "${username}", "${aws:userid, x}", "${}"] {
            assert!(
                Pattern::parse(wrong, Wildcards::Anywhere, true).is_err(),
                "{wrong}"
            );
        }
    }
}
