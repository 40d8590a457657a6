//! One statement of a policy.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use serde_json::{Map, Value};

use super::Request;
use super::arn::ResourcePattern;
use super::condition::Condition;
use super::decision::{Hits, Shortfall};
use super::error::{PolicyError, Stop};
use super::pattern::Pattern;

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

/// A statement. All of its conditions must hold for it to apply.
#[derive(Clone, Debug)]
pub struct Statement {
    sid: String,
    effect: Effect,
    actions: Listed<Pattern>,
    resources: Listed<ResourcePattern>,
    conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
struct Listed<T> {
    except: bool,
    patterns: Vec<T>,
}

/// How far a statement reaches a request.
pub(crate) enum Reach {
    Applies { actions: Hits, resources: Hits },
    Elsewhere(Shortfall),
}

impl Statement {
    /// Reads the statement at place `at` of a policy.
    pub(crate) fn parse(
        at: usize,
        statement: &Value,
        variables: bool,
    ) -> Result<Self, PolicyError> {
        let sid = statement.get("Sid").and_then(Value::as_str);
        let sid = sid.map_or_else(|| format!("statement {}", at + 1), str::to_owned);
        let parsed = Self::of(&sid, statement, variables);
        parsed.map_err(|e| PolicyError::new(&*sid, format!("{}: {}", e.place, e.problem)))
    }

    fn of(sid: &str, statement: &Value, variables: bool) -> Result<Self, PolicyError> {
        let elements = elements(statement)?;
        let effect = match elements.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(PolicyError::new("Effect", "neither Allow nor Deny")),
        };
        let action = |text: &str| {
            if text != "*" && !text.contains(':') {
                return Err(PolicyError::new(text, "an action is written service:Name"));
            }
            Pattern::action(text)
        };
        let resource = |text: &str| ResourcePattern::parse(text, variables);
        Ok(Self {
            sid: sid.to_owned(),
            effect,
            actions: Listed::of(elements, "Action", "NotAction", action)?,
            resources: Listed::of(elements, "Resource", "NotResource", resource)?,
            conditions: conditions(elements.get("Condition"), variables)?,
        })
    }

    /// Its `Sid`, or its place in the policy.
    #[must_use]
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// Whether it allows or denies.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The elements of `Action`; nothing if it has `NotAction`.
    #[must_use]
    pub fn actions(&self) -> Option<Vec<&str>> {
        let listed = (!self.actions.except).then_some(&self.actions.patterns)?;
        Some(listed.iter().map(Pattern::written).collect())
    }

    /// The elements of `Resource`; nothing if it has `NotResource`.
    #[must_use]
    pub fn resources(&self) -> Option<Vec<&str>> {
        let listed = (!self.resources.except).then_some(&self.resources.patterns)?;
        Some(listed.iter().map(ResourcePattern::written).collect())
    }

    /// Whether it is about an action, given in lower case.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        let hits = self
            .actions
            .hits(|pattern| Ok(pattern.matches_plainly(action)));
        hits.is_ok_and(|hits| hits.is_some())
    }

    /// Its conditions, one for each key of each operator.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// How far it reaches a request.
    pub(crate) fn reach(&self, request: Request<'_>) -> Result<Reach, Stop> {
        let action = |pattern: &Pattern| Ok(pattern.matches_plainly(request.action));
        let Some(actions) = self.actions.hits(action)? else {
            return Ok(Reach::Elsewhere(Shortfall::Action));
        };
        let resource =
            |pattern: &ResourcePattern| pattern.matches(request.resource, request.context);
        let Some(resources) = self.resources.hits(resource)? else {
            return Ok(Reach::Elsewhere(Shortfall::Resource));
        };
        for (at, condition) in self.conditions.iter().enumerate() {
            if !condition.holds(request.context)? {
                return Ok(Reach::Elsewhere(Shortfall::Condition(at)));
            }
        }
        Ok(Reach::Applies { actions, resources })
    }
}

impl<T> Listed<T> {
    fn of(
        elements: &Map<String, Value>,
        name: &str,
        except: &str,
        parse: impl Fn(&str) -> Result<T, PolicyError>,
    ) -> Result<Self, PolicyError> {
        let wrong = |problem: &str| PolicyError::new(name, problem);
        let (except, value) = match (elements.get(name), elements.get(except)) {
            (Some(value), None) => (false, value),
            (None, Some(value)) => (true, value),
            _ => return Err(wrong("there must be this or its Not, and not both")),
        };
        let list = match value {
            Value::Array(list) if !list.is_empty() => list.as_slice(),
            Value::String(_) => std::slice::from_ref(value),
            _ => return Err(wrong("neither a text nor a list of texts")),
        };
        let texts = list
            .iter()
            .map(|each| each.as_str().ok_or_else(|| wrong("not a text")));
        let patterns = texts.map(|text| parse(text?)).collect::<Result<_, _>>()?;
        Ok(Self { except, patterns })
    }

    /// Which of them fit; nothing if the list does not reach.
    fn hits(&self, fits: impl Fn(&T) -> Result<bool, Stop>) -> Result<Option<Hits>, Stop> {
        let mut hits: Option<Hits> = None;
        for (at, pattern) in self.patterns.iter().enumerate() {
            if fits(pattern)? {
                let first = hits.map_or(at, |hits| hits.first);
                let only = hits.is_none();
                hits = Some(Hits { first, only });
            }
        }
        let all = Hits {
            first: 0,
            only: true,
        };
        Ok(if self.except {
            hits.is_none().then_some(all)
        } else {
            hits
        })
    }
}

/// The elements, if each of them is known.
fn elements(statement: &Value) -> Result<&Map<String, Value>, PolicyError> {
    const KNOWN: [&str; 7] = [
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let Value::Object(elements) = statement else {
        return Err(PolicyError::new("Statement", "not an object"));
    };
    match elements.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        Some(other) => Err(PolicyError::new(other, "an element that is not known here")),
        None => Ok(elements),
    }
}

fn conditions(block: Option<&Value>, variables: bool) -> Result<Vec<Condition>, PolicyError> {
    let operators = match block {
        None => return Ok(Vec::new()),
        Some(Value::Object(operators)) => operators,
        Some(_) => return Err(PolicyError::new("Condition", "not an object")),
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let Value::Object(keys) = keys else {
            return Err(PolicyError::new(operator, "not an object"));
        };
        for (key, values) in keys {
            conditions.push(Condition::parse(operator, key, values, variables)?);
        }
    }
    Ok(conditions)
}
