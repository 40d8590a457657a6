//! CBOR bodies, as `CloudWatch` speaks them.
//! <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>

use serde_json::Value;

use crate::Unreadable;

/// A body as a tree. Timestamps (tag 1) become numbers: seconds since 1970.
pub(crate) fn read(body: &[u8]) -> Result<Value, Unreadable> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let read = ciborium::from_reader::<ciborium::Value, _>(body);
    read.map(plain)
        .map_err(|error| Unreadable(format!("the body: {error}")))
}

fn plain(value: ciborium::Value) -> Value {
    use ciborium::Value as Cbor;
    match value {
        Cbor::Integer(number) => i64::try_from(number).map_or(Value::Null, Value::from),
        Cbor::Float(number) => Value::from(number),
        Cbor::Text(text) => Value::String(text),
        Cbor::Bool(yes) => Value::Bool(yes),
        Cbor::Tag(_, inner) => plain(*inner),
        Cbor::Array(items) => items.into_iter().map(plain).collect(),
        Cbor::Map(fields) => {
            let named = |(key, field): (Cbor, Cbor)| Some((key.into_text().ok()?, plain(field)));
            Value::Object(fields.into_iter().filter_map(named).collect())
        }
        _ => Value::Null,
    }
}

/// A tree as a body. An object with the one field `$timestamp` becomes a timestamp.
pub(crate) fn write(value: &Value) -> Vec<u8> {
    let mut body = Vec::new();
    // Writing into memory cannot fail.
    let _ = ciborium::into_writer(&tagged(value), &mut body);
    body
}

fn tagged(value: &Value) -> ciborium::Value {
    use ciborium::Value as Cbor;
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(yes) => Cbor::Bool(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cbor::Integer(whole.into()),
            None => Cbor::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Array(items) => Cbor::Array(items.iter().map(tagged).collect()),
        Value::Object(fields) => match fields.get("$timestamp") {
            Some(seconds) => Cbor::Tag(1, Box::new(tagged(seconds))),
            None => Cbor::Map(
                fields
                    .iter()
                    .map(|(key, field)| (Cbor::Text(key.clone()), tagged(field)))
                    .collect(),
            ),
        },
    }
}
