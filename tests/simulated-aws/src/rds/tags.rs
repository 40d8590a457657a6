//! Tags, as RDS takes them.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>

use serde_json::Value;

use crate::{
    Call, Refusal,
    rds::{Tags, input, out::Out},
};

/// No resource has more.
const MOST: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// The call's `Tags`.
pub(crate) fn of(call: &Call) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    for tag in input::list(&call.input, "Tags", "Tag") {
        let text = |member| tag.get(member).and_then(Value::as_str).unwrap_or_default();
        let (key, value) = (text("Key"), text("Value"));
        check(key, value)?;
        if tags.insert(key.into(), value.into()).is_some() {
            let message = format!("Duplicate tag key: {key}");
            return Err(Refusal::invalid(message));
        }
    }
    within_limit(tags)
}

/// `tags`, if a resource may have that many.
pub(crate) fn within_limit(tags: Tags) -> Result<Tags, Refusal> {
    if tags.len() <= MOST {
        return Ok(tags);
    }
    let message = format!("The number of tags exceeds the limit of {MOST} for a resource.");
    Err(Refusal::invalid(message))
}

/// As a `TagList`.
pub(crate) fn show(tags: &Tags, out: &mut Out) {
    out.element("TagList", |out| {
        for (key, value) in tags {
            out.element("Tag", |out| {
                out.text("Key", key);
                out.text("Value", value);
            });
        }
    });
}

fn check(key: &str, value: &str) -> Result<(), Refusal> {
    let long = |text: &str, most| text.chars().count() > most;
    let wrong = if key.is_empty() || long(key, LONGEST_KEY) {
        format!("Tag keys must have from 1 to {LONGEST_KEY} characters.")
    } else if long(value, LONGEST_VALUE) {
        format!("Tag values must have at most {LONGEST_VALUE} characters.")
    } else if reserved(key) || reserved(value) {
        "Tag keys and values that begin with aws: or rds: are reserved.".to_owned()
    } else if !key.chars().chain(value.chars()).all(allowed) {
        "Tags may contain Unicode letters, digits, white space, and _ . : / = + - @.".to_owned()
    } else {
        return Ok(());
    };
    Err(Refusal::invalid(wrong))
}

/// In any mixture of upper and lower case.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html>
fn reserved(text: &str) -> bool {
    let begins = |prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
    };
    begins("aws:") || begins("rds:")
}

fn allowed(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_checked_as_documented() {
        let (long_key, long_value) = ("k".repeat(128), "ü".repeat(256));
        for (key, value) in [
            ("Küche", ""),
            (&*long_key, &*long_value),
            ("a:b/c", "x=1 @+-_."),
        ] {
            assert_eq!(check(key, value), Ok(()), "{key}");
        }
        let (longer_key, longer_value) = ("k".repeat(129), "v".repeat(257));
        for (key, value) in [
            ("", "v"),
            (&*longer_key, "v"),
            ("k", &*longer_value),
            ("aws:x", "v"),
            ("AWS:x", "v"),
            ("rds:x", "v"),
            ("k", "aws:v"),
            ("k", "a\"b"),
            ("k#", "v"),
        ] {
            assert!(check(key, value).is_err(), "{key}");
        }
    }
}
