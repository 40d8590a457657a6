//! The attributes of a message.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html>

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Refusal;

/// The attributes of a message, read and checked.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// Their values by name.
    pub values: BTreeMap<String, String>,
    /// How much they add to the message's size: names, types and values.
    pub bytes: usize,
}

/// Reads `MessageAttributes` of the input of `Publish`.
///
/// # Errors
/// `ParameterValueInvalid`, which SDKs know as `InvalidParameterValueException`.
pub(super) fn read(input: &Value) -> Result<Attributes, Refusal> {
    let mut read = Attributes::default();
    let entries = input["MessageAttributes"]["entry"].as_array();
    for entry in entries.into_iter().flatten() {
        let name = entry["Name"].as_str().unwrap_or_default();
        if !is_name(name) || read.values.contains_key(name) {
            return Err(refused(name, "has an invalid message attribute name"));
        }
        let (kind, value, bytes) = value(name, &entry["Value"])?;
        read.bytes += name.len() + kind.len() + bytes;
        read.values.insert(name.to_owned(), value.to_owned());
    }
    Ok(read)
}

/// Letters, digits, underscores, hyphens and single periods inside, at most 256 of them, and not
/// one of AWS's own prefixes.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let lower = name.to_ascii_lowercase();
    let reserved = lower.starts_with("aws.") || lower.starts_with("amazon.");
    let periods = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    (1..=256).contains(&name.len()) && name.chars().all(fits) && !periods && !reserved
}

/// Type, value and the value's size. Exactly the field that belongs to the type has to be there,
/// and it is not empty.
fn value<'a>(name: &str, value: &'a Value) -> Result<(&'a str, &'a str, usize), Refusal> {
    let field = |field: &str| value[field].as_str().filter(|text| !text.is_empty());
    let empty = "must contain non-empty message attribute value";
    let kind = field("DataType").ok_or_else(|| refused(name, empty))?;
    let binary = match kind {
        "String" | "String.Array" | "Number" => false,
        "Binary" => true,
        _ => return Err(refused(name, "has an invalid message attribute type")),
    };
    let (its, other) = (field("StringValue"), field("BinaryValue"));
    let (its, other) = if binary { (other, its) } else { (its, other) };
    let (Some(text), None) = (its, other) else {
        return Err(refused(
            name,
            &format!("{empty} for message attribute type '{kind}'"),
        ));
    };
    let good = match kind {
        "Number" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "String.Array" => matches!(serde_json::from_str(text), Ok(Value::Array(_))),
        _ => true,
    };
    if !good {
        return Err(refused(name, &format!("has a value that is no {kind}")));
    }
    Ok((kind, text, if binary { decoded(text) } else { text.len() }))
}

/// How many bytes this Base64 stands for.
fn decoded(base64: &str) -> usize {
    base64.trim_end_matches('=').len() * 3 / 4
}

fn refused(name: &str, why: &str) -> Refusal {
    let message = format!("Invalid parameter: The message attribute '{name}' {why}.");
    Refusal::new(400, "ParameterValueInvalid", message)
}
