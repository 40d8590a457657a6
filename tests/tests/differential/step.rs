//! One call of a sequence, as data.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
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

    /// Gives the parameter this value instead of any other.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.parameters.retain(|(given, _)| *given != name);
        self.parameters.push((name, value.to_owned()));
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

    /// Whether the parameter is given and is one of these.
    pub fn is(&self, name: &str, one_of: &[&str]) -> bool {
        self.get(name)
            .is_some_and(|value| one_of.contains(&&*value))
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value == "true")
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// `a=1,b=2` as pairs.
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

    /// The same step with `T-30`, half an hour before `origin`, and the like as what they stand for.
    pub fn counted_from(&self, origin: Timestamp) -> Self {
        let mut step = self.clone();
        for (_, value) in &mut step.parameters {
            let minutes = value.strip_prefix('T').and_then(|it| it.parse().ok());
            if let Some(minutes) = minutes {
                *value = (origin + SignedDuration::from_mins(minutes)).to_string();
            }
        }
        step
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
