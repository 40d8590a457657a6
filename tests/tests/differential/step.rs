//! One call of a sequence, as data.

use std::fmt;

use aws_sdk_rds::types::{Filter, Tag};
use serde_json::Value;

/// An operation and its parameters, all of them texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `CreateDBCluster`.
    pub operation: &'static str,
    /// By name, each once.
    pub parameters: Vec<(&'static str, String)>,
}

/// What a call was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The error's code, if it is one that says it.
    pub code: Option<String>,
    /// The answer, as the SDK has read it.
    pub body: Value,
    /// Whether the simulator has changed anything; of others it is not known.
    pub changed: bool,
}

impl Step {
    pub fn new(operation: &'static str, parameters: &[(&'static str, &str)]) -> Self {
        let owned = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
        Self {
            operation,
            parameters: parameters.iter().map(owned).collect(),
        }
    }

    pub fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.parameters
            .extend(value.map(|value| (name, value.to_owned())));
        self
    }

    pub fn get(&self, name: &str) -> Option<String> {
        let mut parameters = self.parameters.iter();
        parameters
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value.clone())
    }

    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(given, _)| *given == name)
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value == "true")
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// `Tags` as `a=1,b=2`.
    pub fn pairs(&self, name: &str) -> Option<Vec<(String, String)>> {
        let given = self.get(name)?;
        let pairs = given.split(',').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key.to_owned(), value.to_owned())
        };
        Some(pairs.map(pair).collect())
    }

    /// `a,b` as a list.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let given = self.get(name)?;
        let items = given.split(',').filter(|item| !item.is_empty());
        Some(items.map(str::to_owned).collect())
    }

    pub fn tags(&self) -> Option<Vec<Tag>> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        Some(self.pairs("Tags")?.into_iter().map(tag).collect())
    }

    pub fn filters(&self) -> Option<Vec<Filter>> {
        let filter = |(name, value)| {
            let filter = Filter::builder().name(name).values(value);
            filter.build()
        };
        Some(self.pairs("Filters")?.into_iter().map(filter).collect())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        for (name, value) in &self.parameters {
            if value.len() > 80 {
                write!(f, " {name}=({} bytes)", value.len())?;
            } else {
                write!(f, " {name}={value:?}")?;
            }
        }
        Ok(())
    }
}

impl Outcome {
    /// `ok`, or status and code of the refusal.
    pub fn kind(&self) -> String {
        match (&self.code, self.status) {
            (Some(code), status) => format!("{status} {code}"),
            (None, 200) => "ok".to_owned(),
            (None, status) => format!("{status} without a code"),
        }
    }
}
