//! A value as a body writes it.

use serde_json::{Number, Value};

use super::{lex::Kind, reader::Reader};

/// A text, a whole number, true, false or null. A number with a fraction is none: JSON would make
/// another of it.
pub(super) fn literal(reader: &mut Reader<'_, '_>) -> Option<Value> {
    let minus = reader.symbol("-");
    let token = reader.next()?;
    let words = [
        ("NULL", Value::Null),
        ("TRUE", Value::Bool(true)),
        ("FALSE", Value::Bool(false)),
    ];
    match token.kind {
        Kind::Number => {
            let number: i64 = token.source.parse().ok()?;
            Some(Value::Number(Number::from(if minus {
                -number
            } else {
                number
            })))
        }
        _ if minus => None,
        Kind::Text => Some(Value::String(token.value.clone().into_owned())),
        Kind::Word => {
            let mut words = words.into_iter();
            let word = words.find(|(word, _)| token.source.eq_ignore_ascii_case(word));
            word.map(|(_, value)| value)
        }
        Kind::Name | Kind::Symbol => None,
    }
}
