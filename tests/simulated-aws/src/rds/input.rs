//! Reading a call's input, of which all leaves are texts.

use serde_json::Value;

use crate::{Call, Place, Refusal};

/// A text that must be there.
pub(crate) fn required<'a>(call: &'a Call, member: &str) -> Result<&'a str, Refusal> {
    call.text(member).ok_or_else(|| Refusal::missing(member))
}

/// An identifier that must be there, in lower case, as RDS stores it.
pub(crate) fn stored(call: &Call, member: &str) -> Result<String, Refusal> {
    Ok(required(call, member)?.to_ascii_lowercase())
}

/// `true` or `false`; false when it is not there.
pub(crate) fn flag(call: &Call, member: &str) -> Result<bool, Refusal> {
    match call.text(member) {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(text) => Err(malformed(member, text, "a boolean")),
    }
}

/// A whole number, if it is there.
pub(crate) fn number(call: &Call, member: &str) -> Result<Option<i64>, Refusal> {
    let number = |text: &str| {
        let number = text.parse::<i64>();
        number.map_err(|_| malformed(member, text, "an integer"))
    };
    call.text(member).map(number).transpose()
}

/// The items of a list: `Tags.Tag.1` is in the list `Tags` whose items are called `Tag`.
pub(crate) fn list<'a>(input: &'a Value, member: &str, item: &str) -> &'a [Value] {
    let items = input.get(member).and_then(|list| list.get(item));
    items.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub(crate) fn texts<'a>(
    input: &'a Value,
    member: &str,
    item: &str,
) -> impl Iterator<Item = &'a str> {
    list(input, member, item).iter().filter_map(Value::as_str)
}

/// The identifier in `text`, which may be one, or the ARN of a `kind` of this account and region.
pub(crate) fn bare(text: &str, place: &Place, kind: &str) -> String {
    let text = text.to_ascii_lowercase();
    if !text.starts_with("arn:") {
        return text;
    }
    let own = place.arn("rds", &format!("{kind}:"));
    text.strip_prefix(&own).map(str::to_owned).unwrap_or(text)
}

fn malformed(member: &str, text: &str, what: &str) -> Refusal {
    let message = format!("The value {text} of the parameter {member} is not {what}.");
    Refusal::new(400, "ValidationError", message)
}
