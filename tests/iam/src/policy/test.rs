//! What an operator compares.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::arn::ArnPattern;
use super::context::{Context, Found};
use super::error::{PolicyError, Stop};
use super::pattern::{Pattern, Wildcards};

/// A base operator with its values. `negated` ones are true when no value fits (NOR).
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Null(Vec<bool>),
    Bool(Vec<bool>),
    Text {
        fold: bool,
        negated: bool,
        values: Vec<Pattern>,
    },
    Arn {
        negated: bool,
        values: Vec<ArnPattern>,
    },
    Number(Order, Vec<f64>),
    Date(Order, Vec<Timestamp>),
}

/// How a number or a date is to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equals,
    NotEquals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Test {
    /// Reads the operator `name`, without set operator and `IfExists`.
    pub(crate) fn parse(
        name: &str,
        values: &[String],
        variables: bool,
    ) -> Result<Self, PolicyError> {
        let wrong = |problem: String| PolicyError::new(name, problem);
        if let Some(order) = name.strip_prefix("Numeric").and_then(Order::of) {
            return parsed(values, number)
                .map(|v| Self::Number(order, v))
                .map_err(wrong);
        }
        if let Some(order) = name.strip_prefix("Date").and_then(Order::of) {
            return parsed(values, date)
                .map(|v| Self::Date(order, v))
                .map_err(wrong);
        }
        match name {
            "Null" => parsed(values, truth).map(Self::Null).map_err(wrong),
            "Bool" => parsed(values, truth).map(Self::Bool).map_err(wrong),
            "ArnEquals" | "ArnLike" => arn(false, values, variables),
            "ArnNotEquals" | "ArnNotLike" => arn(true, values, variables),
            _ => text(name, values, variables),
        }
    }

    /// Whether this is the `Null` operator.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// Whether it is met by what fits no value.
    pub(crate) fn is_negated(&self) -> bool {
        match self {
            Self::Text { negated, .. } | Self::Arn { negated, .. } => *negated,
            Self::Number(order, _) | Self::Date(order, _) => *order == Order::NotEquals,
            Self::Null(_) | Self::Bool(_) => false,
        }
    }

    /// What `Null` says of a key; nothing for the other operators.
    pub(crate) fn null(&self, found: &Found<'_>) -> Option<bool> {
        let Self::Null(expected) = self else {
            return None;
        };
        let absent = match found {
            Found::Missing => true,
            Found::One(_) => false,
            Found::Set(values) => values.is_empty(),
        };
        Some(expected.contains(&absent))
    }

    /// Whether a value of the request passes.
    pub(crate) fn passes(&self, value: &str, context: &dyn Context) -> Result<bool, Stop> {
        let fits = match self {
            Self::Null(_) => false,
            Self::Bool(values) => truth(value).is_ok_and(|value| values.contains(&value)),
            Self::Text {
                fold: true, values, ..
            } => any(values, |pattern| {
                pattern.matches_in_any_case(value, context)
            })?,
            Self::Text { values, .. } => any(values, |pattern| pattern.matches(value, context))?,
            Self::Arn { values, .. } => any(values, |pattern| pattern.matches(value, context))?,
            Self::Number(order, values) => order.lies(number(value).ok(), values),
            Self::Date(order, values) => order.lies(date(value).ok(), values),
        };
        Ok(fits != self.is_negated())
    }
}

impl Order {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Equals" => Self::Equals,
            "NotEquals" => Self::NotEquals,
            "LessThan" => Self::LessThan,
            "LessThanEquals" => Self::LessThanEquals,
            "GreaterThan" => Self::GreaterThan,
            "GreaterThanEquals" => Self::GreaterThanEquals,
            _ => return None,
        })
    }

    /// Whether `value` lies so to any of `others`; of `NotEquals`, whether it equals one.
    fn lies<T: PartialOrd>(self, value: Option<T>, others: &[T]) -> bool {
        let Some(value) = value else { return false };
        let lies = |other: &T| {
            let order = value.partial_cmp(other);
            match self {
                Self::Equals | Self::NotEquals => order == Some(Ordering::Equal),
                Self::LessThan => order == Some(Ordering::Less),
                Self::LessThanEquals => order.is_some_and(Ordering::is_le),
                Self::GreaterThan => order == Some(Ordering::Greater),
                Self::GreaterThanEquals => order.is_some_and(Ordering::is_ge),
            }
        };
        others.iter().any(lies)
    }
}

fn text(name: &str, values: &[String], variables: bool) -> Result<Test, PolicyError> {
    let (fold, negated, wildcards) = match name {
        "StringEquals" => (false, false, Wildcards::Literal),
        "StringNotEquals" => (false, true, Wildcards::Literal),
        "StringEqualsIgnoreCase" => (true, false, Wildcards::Literal),
        "StringNotEqualsIgnoreCase" => (true, true, Wildcards::Literal),
        "StringLike" => (false, false, Wildcards::Anywhere),
        "StringNotLike" => (false, true, Wildcards::Anywhere),
        _ => return Err(PolicyError::new(name, "an operator that is not known here")),
    };
    let parse = |value: &String| Pattern::parse(value, wildcards, variables);
    let values = values.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Test::Text {
        fold,
        negated,
        values,
    })
}

fn arn(negated: bool, values: &[String], variables: bool) -> Result<Test, PolicyError> {
    let parse = |value: &String| ArnPattern::parse(value, variables);
    let values = values.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Test::Arn { negated, values })
}

fn any<T>(values: &[T], fits: impl Fn(&T) -> Result<bool, Stop>) -> Result<bool, Stop> {
    for value in values {
        if fits(value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn parsed<T>(values: &[String], parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.iter().map(|value| parse(value)).collect()
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("neither true nor false: {text}")),
    }
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("not a number: {text}"))
}

/// ISO 8601, down to the year alone, or seconds since 1970.
fn date(text: &str) -> Result<Timestamp, String> {
    let epoch = || Timestamp::from_second(text.parse().ok()?).ok();
    let whole = || text.parse().ok();
    let day = || format!("{text}T00:00Z").parse().ok();
    let known = whole().or_else(day).or_else(epoch);
    known.ok_or_else(|| format!("not a date: {text}"))
}
