//! A shape of a model, and what it demands.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

/// A shape. <https://smithy.io/2.0/spec/constraint-traits.html>
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Shape {
    Structure {
        #[serde(default)]
        members: BTreeMap<String, Member>,
        #[serde(default)]
        required: Vec<String>,
    },
    List {
        member: String,
        #[serde(flatten)]
        size: Range,
    },
    Map {
        value: String,
        #[serde(flatten)]
        size: Range,
    },
    String {
        #[serde(flatten)]
        length: Range,
        #[serde(default, deserialize_with = "whole")]
        pattern: Option<Pattern>,
        #[serde(default, rename = "enum")]
        values: Vec<String>,
    },
    Blob {
        #[serde(flatten)]
        length: Range,
    },
    #[serde(alias = "long")]
    Integer {
        #[serde(flatten)]
        range: Range,
    },
    #[serde(alias = "float")]
    Double {},
    Timestamp {},
    Boolean {},
}

/// A member of a structure.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Member {
    /// In the body.
    Body(String),
    /// In the path: `{Name}`.
    Path { shape: String, uri: String },
    /// In the query: `?groupName=`.
    Query { shape: String, querystring: String },
}

/// From and to, both included.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Range {
    min: Option<i64>,
    max: Option<i64>,
}

/// A pattern, as the model has it, for the whole value.
#[derive(Debug)]
pub(super) struct Pattern {
    written: String,
    whole: Regex,
}

fn whole<'de, D: Deserializer<'de>>(pattern: D) -> Result<Option<Pattern>, D::Error> {
    let written = String::deserialize(pattern)?;
    let whole = Regex::new(&format!(r"\A(?:{written})\z")).map_err(D::Error::custom)?;
    Ok(Some(Pattern { written, whole }))
}

impl Member {
    pub(super) fn shape(&self) -> &str {
        let (Self::Body(shape) | Self::Path { shape, .. } | Self::Query { shape, .. }) = self;
        shape
    }
}

impl Range {
    fn demand(&self, value: i64, what: &str) -> Result<(), String> {
        match (self.min, self.max) {
            (Some(min), _) if value < min => Err(bound(what, "greater", min)),
            (_, Some(max)) if value > max => Err(bound(what, "less", max)),
            _ => Ok(()),
        }
    }
}

fn bound(what: &str, than: &str, bound: i64) -> String {
    format!("Member must have {what} {than} than or equal to {bound}")
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Shape {
    /// What this shape by itself demands of a value; the demand that is not met.
    pub(super) fn demands(&self, value: &Value) -> Result<(), String> {
        match (self, value) {
            (Self::Structure { .. }, Value::Object(_))
            | (Self::Double {} | Self::Timestamp {}, Value::Number(_))
            | (Self::Boolean {}, Value::Bool(_)) => Ok(()),
            (Self::List { size, .. }, Value::Array(items)) => {
                size.demand(count(items.len()), "length")
            }
            (Self::Map { size, .. }, Value::Object(entries)) => {
                size.demand(count(entries.len()), "length")
            }
            (Self::Blob { length }, Value::String(base64)) => {
                let bytes = base64.trim_end_matches('=').len() * 3 / 4;
                length.demand(count(bytes), "length")
            }
            (Self::Integer { range }, Value::Number(number)) => match number.as_i64() {
                Some(number) => range.demand(number, "value"),
                None => Err("Member must be a whole number".to_owned()),
            },
            (Self::String { .. }, Value::String(text)) => self.text(text),
            (_, Value::Null) => Err("Member must not be null".to_owned()),
            _ => Err("Member must be of the modelled type".to_owned()),
        }
    }

    fn text(&self, text: &str) -> Result<(), String> {
        let Self::String {
            length,
            pattern,
            values,
        } = self
        else {
            return Ok(());
        };
        length.demand(count(text.chars().count()), "length")?;
        if let Some(Pattern { written, .. }) =
            pattern.as_ref().filter(|it| !it.whole.is_match(text))
        {
            return Err(format!(
                "Member must satisfy regular expression pattern: {written}"
            ));
        }
        if values.is_empty() || values.iter().any(|value| value == text) {
            return Ok(());
        }
        Err(format!(
            "Member must satisfy enum value set: [{}]",
            values.join(", ")
        ))
    }

    /// The shapes and values inside, each with its step of the path. What is required and not
    /// there is null.
    pub(super) fn inside<'a>(&'a self, value: &'a Value) -> Vec<(&'a str, &'a Value, String)> {
        match (self, value) {
            (Self::Structure { members, required }, Value::Object(fields)) => {
                let there = |name: &str| fields.get(name).filter(|field| !field.is_null());
                let wanted = |name: &str| required.iter().any(|required| required == name);
                let members = members.iter().filter_map(|(name, member)| {
                    let missing = wanted(name).then_some(&Value::Null);
                    Some((member.shape(), there(name).or(missing)?, lower(name)))
                });
                members.collect()
            }
            (Self::List { member, .. }, Value::Array(items)) => {
                let step = |(at, item)| (member.as_str(), item, format!("{}.member", at + 1));
                items.iter().enumerate().map(step).collect()
            }
            (Self::Map { value: inner, .. }, Value::Object(entries)) => {
                let step = |(key, value)| (inner.as_str(), value, format!("{key}.member"));
                entries.iter().map(step).collect()
            }
            _ => Vec::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Structure { members, .. } => members.values().map(Member::shape).collect(),
            Self::List { member, .. } => vec![member],
            Self::Map { value, .. } => vec![value],
            _ => Vec::new(),
        }
    }
}

/// `SecretId` is said as `secretId`.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
