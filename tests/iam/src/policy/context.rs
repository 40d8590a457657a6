//! What a request says of itself: the keys that conditions and policy variables ask for.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A condition key, such as `aws:SecureTransport` or `aws:RequestTag/team`. Its name is not
/// case-sensitive.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    written: String,
    name: String,
    slash: Option<usize>,
}

impl Key {
    /// The key that is written so.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let slash = written.find('/');
        let name = written[..slash.unwrap_or(written.len())].to_ascii_lowercase();
        Self {
            written: written.to_owned(),
            name,
            slash,
        }
    }

    /// As it is written in the policy.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// What stands before the first `/`, in lower case: `aws:requesttag`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands after the first `/`, as written: a tag's key.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.slash.map(|slash| &self.written[slash + 1..])
    }
}

/// What a request has under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// Nothing: the request does not have the key.
    Missing,
    /// The value of a single-valued key.
    One(Cow<'a, str>),
    /// The values of a multivalued key, such as `aws:TagKeys`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
    Set(Vec<Cow<'a, str>>),
}

impl Found<'_> {
    /// What there is to compare with set operators; empty for a null data set, which is a missing
    /// key, an empty set, or an empty string.
    pub(crate) fn values(&self) -> &[Cow<'_, str>] {
        let values = match self {
            Self::Missing => &[],
            Self::One(value) => std::slice::from_ref(value),
            Self::Set(values) => values.as_slice(),
        };
        let null = values.iter().all(|value| value.is_empty());
        if null { &[] } else { values }
    }
}

/// The context of one request on one resource.
pub trait Context {
    /// What the request has under `key`.
    fn find(&self, key: &Key) -> Found<'_>;
}

/// A context that is written out: lower-case key, as a whole, to its values.
#[derive(Clone, Debug, Default)]
pub struct Written(BTreeMap<String, (bool, Vec<String>)>);

impl Written {
    /// The same with a single-valued key.
    #[must_use]
    pub fn one(mut self, key: &str, value: &str) -> Self {
        let values = (false, vec![value.to_owned()]);
        self.0.insert(key.to_ascii_lowercase(), values);
        self
    }

    /// The same with a multivalued key.
    #[must_use]
    pub fn set(mut self, key: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        self.0.insert(key.to_ascii_lowercase(), (true, values));
        self
    }
}

impl Context for Written {
    fn find(&self, key: &Key) -> Found<'_> {
        let borrowed = |value| Cow::Borrowed(String::as_str(value));
        match self.0.get(&key.written.to_ascii_lowercase()) {
            None => Found::Missing,
            Some((true, values)) => Found::Set(values.iter().map(borrowed).collect()),
            Some((false, values)) => values
                .first()
                .map_or(Found::Missing, |value| Found::One(borrowed(value))),
        }
    }
}
