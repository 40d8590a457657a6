//! What a policy can be refused for. Nothing in a policy is ever skipped: what is not understood
//! is an error.

use super::context::Key;

/// A policy, or a part of one, that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct PolicyError {
    /// Where: the statement's `Sid`, or the element.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl PolicyError {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

/// A comparison for which IAM documents no outcome: an operator without `ForAllValues` or
/// `ForAnyValue` on a key that has several values.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} is multivalued; compare it with ForAllValues or ForAnyValue")]
pub struct Undefined {
    /// The key, as written.
    pub key: String,
}

/// Why the rest of a statement need not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The outcome is not defined.
    Undefined(Undefined),
    /// A policy variable has no value here, so the statement applies to nothing.
    Unresolved(String),
}

impl Stop {
    pub(crate) fn undefined(key: &Key) -> Self {
        Self::Undefined(Undefined {
            key: key.written().to_owned(),
        })
    }
}
