//! One key of a `Condition` block under one operator.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use serde_json::Value;

use super::context::{Context, Found, Key};
use super::error::{PolicyError, Stop};
use super::test::Test;

/// An operator, a key and the values it is compared with.
#[derive(Clone, Debug)]
pub struct Condition {
    operator: String,
    key: Key,
    values: Vec<String>,
    over: Over,
    if_exists: bool,
    test: Test,
}

/// What becomes of a key's several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// The key has one value.
    One,
    /// `ForAllValues:` holds for each, and where there is none.
    All,
    /// `ForAnyValue:` holds for one of them.
    Any,
}

impl Condition {
    /// Reads `"operator": {"key": values}`. `variables` says whether `${…}` is a policy variable.
    ///
    /// # Errors
    /// For an operator that is not known here, and for values it cannot compare with.
    pub(crate) fn parse(
        operator: &str,
        key: &str,
        values: &Value,
        variables: bool,
    ) -> Result<Self, PolicyError> {
        let (over, name) = if let Some(name) = operator.strip_prefix("ForAllValues:") {
            (Over::All, name)
        } else if let Some(name) = operator.strip_prefix("ForAnyValue:") {
            (Over::Any, name)
        } else {
            (Over::One, operator)
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let values = texts(values).map_err(|e| PolicyError::new(format!("{operator} {key}"), e))?;
        let test = Test::parse(name, &values, variables)?;
        if test.is_null() && (if_exists || over != Over::One) {
            let problem = "Null takes neither IfExists nor a set operator";
            return Err(PolicyError::new(operator, problem));
        }
        let (operator, key) = (operator.to_owned(), Key::new(key));
        Ok(Self {
            operator,
            key,
            values,
            over,
            if_exists,
            test,
        })
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The operator, as written.
    #[must_use]
    pub fn operator(&self) -> &str {
        &self.operator
    }

    /// Whether it compares a set, as multivalued keys need it and single-valued ones must not.
    #[must_use]
    pub fn compares_a_set(&self) -> bool {
        self.over != Over::One
    }

    /// Whether only a request that has the key, with one of the values, can meet it.
    #[must_use]
    pub fn asks_for_a_value(&self) -> bool {
        let present = self.over != Over::All && !self.if_exists;
        present && !self.test.is_negated() && !self.test.is_null()
    }

    /// Whether it is met by every request that has the key, whatever the value, and by no other.
    #[must_use]
    pub fn asks_for_the_key(&self) -> bool {
        self.test.null(&Found::Missing) == Some(false)
    }

    /// Whether it says only that the key is there, or that it is not.
    #[must_use]
    pub fn is_about_presence(&self) -> bool {
        self.test.is_null()
    }

    /// Whether a request with this context meets it.
    pub(crate) fn holds(&self, context: &dyn Context) -> Result<bool, Stop> {
        let found = context.find(&self.key);
        if let Some(absent) = self.test.null(&found) {
            return Ok(absent);
        }
        match (self.over, &found) {
            (Over::One, Found::Missing) => Ok(self.if_exists || self.test.is_negated()),
            (Over::One, Found::One(value)) => self.test.passes(value, context),
            (Over::One, Found::Set(_)) => Err(Stop::undefined(&self.key)),
            (Over::Any, Found::Missing) => Ok(self.if_exists),
            (Over::All | Over::Any, _) => self.over_set(&found, context),
        }
    }

    fn over_set(&self, found: &Found<'_>, context: &dyn Context) -> Result<bool, Stop> {
        let all = self.over == Over::All;
        for value in found.values() {
            if self.test.passes(value, context)? != all {
                return Ok(!all);
            }
        }
        Ok(all)
    }

    /// `StringEquals aws:ResourceTag/team: payments, shop`.
    #[must_use]
    pub fn text(&self) -> String {
        let (operator, key) = (&self.operator, self.key.written());
        format!("{operator} {key}: {}", self.values.join(", "))
    }
}

/// A value or a list of values, each of them a text, a number or a truth value.
fn texts(values: &Value) -> Result<Vec<String>, String> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        other => Err(format!("not a value to compare with: {other}")),
    };
    match values {
        Value::Array(list) if list.is_empty() => Err("no value to compare with".to_owned()),
        Value::Array(list) => list.iter().map(text).collect(),
        one => text(one).map(|text| vec![text]),
    }
}
