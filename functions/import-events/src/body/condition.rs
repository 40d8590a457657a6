//! The condition of a `DELETE`, as far as a policy can say it part by part.

use jobs::policy::{And, Name, Operator, Unit};
use serde_json::Value;

use super::{
    lex::Token,
    literal::literal,
    moment::{Back, Base, moment, unix},
    reader::{Reader, is_symbol, is_word},
};

/// One of the conditions between the `AND`s.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// An age.
    Age(Age),
    /// Any other comparison of a column with a value.
    And(And),
}

/// `column < NOW() - INTERVAL 30 DAY`.
#[derive(Debug, PartialEq)]
pub(super) struct Age {
    pub(super) column: Name,
    pub(super) base: Base,
    pub(super) seconds: i64,
    pub(super) unit: Unit,
    /// Whether it is counted back on the wall clock.
    pub(super) wall: bool,
    /// Whether it is `<=`.
    pub(super) inclusive: bool,
}

impl Found {
    pub(super) const fn age(&self) -> Option<&Age> {
        match self {
            Self::Age(age) => Some(age),
            Self::And(_) => None,
        }
    }

    pub(super) const fn and(&self) -> Option<&And> {
        match self {
            Self::And(and) => Some(and),
            Self::Age(_) => None,
        }
    }
}

/// All conditions between the `AND`s; `None` where one is none that a policy can say. `own` knows
/// the columns of the statement's table.
pub(super) fn all(
    tokens: &[Token<'_>],
    own: &dyn Fn(&[&str]) -> Option<Name>,
) -> Option<Vec<Found>> {
    let mut reader = Reader::new(tokens);
    let found = list(&mut reader, own)?;
    reader.is_over().then_some(found)
}

fn list(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Vec<Found>> {
    let mut found = Vec::new();
    loop {
        let inner = reader.attempt(|reader| {
            let inner = reader.symbol("(").then(|| list(reader, own))??;
            reader.symbol(")").then_some(inner)
        });
        match inner {
            Some(inner) => found.extend(inner),
            None => found.push(one(reader, own)?),
        }
        if !(reader.words("AND") || reader.symbol("&&")) {
            return Some(found);
        }
    }
}

fn one(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Found> {
    (reader.attempt(|reader| older(reader, own)).map(Found::Age))
        .or_else(|| reader.attempt(|reader| before(reader, own)).map(Found::Age))
        .or_else(|| comparison(reader, own).map(Found::And))
}

/// `column < moment`.
fn older(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Age> {
    let column = own(&reader.path()?)?;
    let inclusive = reader.symbol("<=");
    let less = inclusive || reader.symbol("<");
    let age = less.then(|| boundary(reader, column))??;
    Some(Age { inclusive, ..age })
}

/// `moment > column`.
fn before(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<Age> {
    // The column comes last; until then any name stands for it.
    let age = boundary(reader, Name::new("column")?)?;
    let inclusive = reader.symbol(">=");
    let more = inclusive || reader.symbol(">");
    let column = more.then(|| reader.path())??;
    let column = own(&column)?;
    Some(Age {
        column,
        inclusive,
        ..age
    })
}

/// A moment at a fixed distance from now. One of today's date is none: its age changes by the hour.
fn boundary(reader: &mut Reader<'_, '_>, column: Name) -> Option<Age> {
    let (moment, unit, wall) = match reader.attempt(unix) {
        Some(unix) if unix.milliseconds => (unix.moment, Unit::UnixMilliseconds, unix.wall),
        Some(unix) => (unix.moment, Unit::UnixSeconds, unix.wall),
        None => (moment(reader)?, Unit::Time, true),
    };
    let fixed = matches!(moment.base, Base::Now | Base::UtcNow);
    // UNIX_TIMESTAMP takes UTC's time for one of the session's zone.
    let meant = unit == Unit::Time || moment.base == Base::Now;
    let seconds = match moment.back {
        Back::Seconds(seconds) if seconds > 0 && fixed && meant => seconds,
        _ => return None,
    };
    // What follows would change what it means.
    let whole = reader.peek().is_none_or(|token| {
        ["AND"].iter().any(|word| is_word(token, word))
            || [")", ">", ">=", "&&"]
                .iter()
                .any(|symbol| is_symbol(token, symbol))
    });
    let base = moment.base;
    whole.then_some(Age {
        column,
        base,
        seconds,
        unit,
        wall,
        inclusive: false,
    })
}

/// `column = value`.
fn comparison(reader: &mut Reader<'_, '_>, own: &dyn Fn(&[&str]) -> Option<Name>) -> Option<And> {
    let column = own(&reader.path()?)?;
    let (operator, value) = if reader.words("IS NOT NULL") {
        (Operator::IsNot, Value::Null)
    } else if reader.words("IS NULL") {
        (Operator::Is, Value::Null)
    } else if reader.words("NOT IN") {
        (Operator::NotIn, values(reader)?)
    } else if reader.words("IN") {
        (Operator::In, values(reader)?)
    } else {
        let operator = operator(reader.next()?)?;
        (operator, literal(reader).filter(|value| !value.is_null())?)
    };
    Some(And {
        column,
        operator,
        value,
    })
}

fn operator(token: &Token<'_>) -> Option<Operator> {
    let operators = [
        ("=", Operator::Equal),
        ("<>", Operator::NotEqual),
        ("!=", Operator::NotEqual),
        ("<", Operator::Less),
        ("<=", Operator::AtMost),
        (">", Operator::Greater),
        (">=", Operator::AtLeast),
    ];
    let found = operators
        .iter()
        .find(|(symbol, _)| is_symbol(token, symbol));
    found.map(|found| found.1)
}

fn values(reader: &mut Reader<'_, '_>) -> Option<Value> {
    let mut values = Vec::new();
    let mut open = reader.symbol("(");
    while open {
        values.push(literal(reader).filter(|value| !value.is_null())?);
        open = reader.symbol(",");
    }
    (!values.is_empty() && reader.symbol(")")).then_some(Value::Array(values))
}
