//! The rules of composite alarms: `ALARM("a") AND NOT (OK(b) OR TRUE)`.

use super::State;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `TRUE` or `FALSE`.
    Always(bool),
    /// Whether an alarm, by name, is in a state.
    Is(State, String),
    /// `NOT …`
    Not(Box<Rule>),
    /// `… AND …`
    All(Vec<Rule>),
    /// `… OR …`
    Any(Vec<Rule>),
}

impl Rule {
    /// Reads a rule; none where it is not well formed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut left = tokens.as_slice();
        let rule = any(&mut left)?;
        left.is_empty().then_some(rule)
    }

    /// Whether it holds, where `state` knows the alarms. Of an alarm that is gone nothing holds.
    pub fn holds(&self, state: &impl Fn(&str) -> Option<State>) -> bool {
        match self {
            Self::Always(yes) => *yes,
            Self::Is(wanted, name) => state(name) == Some(*wanted),
            Self::Not(rule) => !rule.holds(state),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(state)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(state)),
        }
    }

    /// The names of the alarms in it, each once, in order.
    #[must_use]
    pub fn children(&self) -> Vec<&str> {
        let mut names = match self {
            Self::Always(_) => Vec::new(),
            Self::Is(_, name) => vec![name.as_str()],
            Self::Not(rule) => rule.children(),
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::children).collect(),
        };
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Rule {
    /// The names of the alarms because of which it holds, where `holds`, or does not: each once, in order.
    pub fn because(&self, holds: bool, state: &impl Fn(&str) -> Option<State>) -> Vec<&str> {
        let mut names = match self {
            Self::Is(_, name) if self.holds(state) == holds => vec![name.as_str()],
            Self::Always(_) | Self::Is(..) => Vec::new(),
            Self::Not(rule) => rule.because(!holds, state),
            Self::All(rules) | Self::Any(rules) => {
                let rules = rules.iter();
                rules.flat_map(|rule| rule.because(holds, state)).collect()
            }
        };
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Name(String),
    Open,
    Close,
}

/// Words, parentheses, and names within parentheses behind the name of a state.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' if state_before(&tokens).is_some() => name(&rest[1..])?,
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()".contains(c));
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                (Token::Word(word.to_owned()), after)
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

fn state_before(tokens: &[Token]) -> Option<State> {
    match tokens.last() {
        Some(Token::Word(word)) => State::named(word),
        _ => None,
    }
}

/// What stands in the parentheses of `ALARM(…)`: a name or an ARN, quoted or not.
fn name(text: &str) -> Option<(Token, &str)> {
    let text = text.trim_start();
    let (inner, rest) = match text.strip_prefix('"') {
        Some(quoted) => {
            let (name, rest) = quoted.split_once('"')?;
            (name, rest.trim_start().strip_prefix(')')?)
        }
        None => text.split_once(')')?,
    };
    let name = inner
        .rsplit_once(":alarm:")
        .map_or(inner, |(_, name)| name)
        .trim();
    (!name.is_empty()).then(|| (Token::Name(name.to_owned()), rest))
}

fn word(left: &mut &[Token], wanted: &str) -> bool {
    let found = matches!(left.first(), Some(Token::Word(word)) if word == wanted);
    if found {
        *left = &left[1..];
    }
    found
}

fn any(left: &mut &[Token]) -> Option<Rule> {
    let mut rules = vec![all(left)?];
    while word(left, "OR") {
        rules.push(all(left)?);
    }
    single(rules, Rule::Any)
}

fn all(left: &mut &[Token]) -> Option<Rule> {
    let mut rules = vec![one(left)?];
    while word(left, "AND") {
        rules.push(one(left)?);
    }
    single(rules, Rule::All)
}

fn single(mut rules: Vec<Rule>, several: fn(Vec<Rule>) -> Rule) -> Option<Rule> {
    if rules.len() == 1 {
        rules.pop()
    } else {
        Some(several(rules))
    }
}

fn one(left: &mut &[Token]) -> Option<Rule> {
    if word(left, "NOT") {
        return one(left).map(|rule| Rule::Not(Box::new(rule)));
    }
    let (first, rest) = left.split_first()?;
    *left = rest;
    match first {
        Token::Open => {
            let rule = any(left)?;
            let (close, rest) = left.split_first()?;
            *left = rest;
            (*close == Token::Close).then_some(rule)
        }
        Token::Word(word) if word == "TRUE" => Some(Rule::Always(true)),
        Token::Word(word) if word == "FALSE" => Some(Rule::Always(false)),
        Token::Word(word) => {
            let state = State::named(word)?;
            let (Token::Name(name), rest) = left.split_first()? else {
                return None;
            };
            *left = rest;
            Some(Rule::Is(state, name.clone()))
        }
        Token::Close | Token::Name(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_holds_by_the_states_of_its_alarms() {
        let state = |name: &str| match name {
            "a (1)" => Some(State::Alarm),
            "b" => Some(State::Ok),
            "c" => Some(State::InsufficientData),
            _ => None,
        };
        for (text, expected) in [
            ("ALARM(\"a (1)\")", true),
            ("ALARM(b)", false),
            ("OK( b )", true),
            (
                "OK(arn:aws:cloudwatch:eu-central-1:123456789012:alarm:b)",
                true,
            ),
            ("INSUFFICIENT_DATA(c) AND NOT ALARM(b)", true),
            ("NOT OK(b) OR ALARM(b)", false),
            ("TRUE OR FALSE AND FALSE", true),
            ("(TRUE OR FALSE) AND FALSE", false),
            ("NOT (ALARM(gone) OR OK(gone))", true),
        ] {
            let rule = Rule::parse(text).expect(text);
            assert_eq!(rule.holds(&state), expected, "{text}");
        }
        let rule = Rule::parse("ALARM(z) AND (OK(b) OR NOT ALARM(z))").unwrap();
        assert_eq!(rule.children(), ["b", "z"]);
    }

    #[test]
    fn a_rule_names_the_alarms_that_make_it_hold_or_not() {
        let state = |name: &str| match name {
            "a" | "b" => Some(State::Alarm),
            _ => Some(State::Ok),
        };
        for (text, expected) in [
            ("ALARM(b) OR ALARM(a) OR ALARM(c)", &["a", "b"][..]),
            ("ALARM(a) AND ALARM(c)", &["c"]),
            ("ALARM(a) AND NOT ALARM(c)", &["a", "c"]),
            ("NOT (ALARM(a) OR ALARM(c))", &["a"]),
            ("TRUE OR ALARM(c)", &[]),
        ] {
            let rule = Rule::parse(text).expect(text);
            let because = rule.because(rule.holds(&state), &state);
            assert_eq!(because, expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_no_rule() {
        for bad in [
            "",
            "ALARM",
            "ALARM()",
            "ALARM(a",
            "ALARM(\"a)",
            "ALARM a",
            "alarm(a)",
            "(ALARM(a)",
            "ALARM(a))",
            "ALARM(a) ALARM(b)",
            "ALARM(a) AND",
            "AND ALARM(a)",
            "NOT",
            "XOR(a)",
        ] {
            assert_eq!(Rule::parse(bad), None, "{bad}");
        }
    }
}
