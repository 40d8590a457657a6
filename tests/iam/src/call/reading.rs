//! From a call to the requests AWS evaluates for it.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use super::{Demand, RecordedCall, RequestTags, Unreadable, User};
use crate::reference::{AccessLevel, Action, Naming, Need, Reading, Reference, ResourceType};

/// The requests that AWS evaluates for a call: its action on each resource it names, and what its
/// parameters ask for besides.
pub(crate) fn demands<'a>(
    call: RecordedCall<'a>,
    tags: &'a RequestTags<'a>,
) -> Result<Vec<Demand<'a>>, Unreadable> {
    let action = Reference::aws().action(call.service, call.operation);
    let reading = action.and_then(|action| Some((action, action.reading()?)));
    let Some((action, reading)) = reading else {
        let name = format!("{}:{}", call.service, call.operation);
        let problem = "not in service-authorization.json and calls.json: add what AWS documents";
        return Err(Unreadable::new(&name, problem));
    };
    let reader = Reader {
        call,
        tags,
        action,
        reading,
    };
    reader.check_unmodelled()?;
    let mut demands = Vec::with_capacity(4);
    reader.resources(&mut demands)?;
    for need in reading.needs.iter().filter(|need| reader.asks(need)) {
        demands.push(reader.need(need)?);
    }
    Ok(demands)
}

struct Reader<'a> {
    call: RecordedCall<'a>,
    tags: &'a RequestTags<'a>,
    action: &'static Action,
    reading: &'static Reading,
}

type Kind = &'static Arc<ResourceType>;

impl<'a> Reader<'a> {
    fn check_unmodelled(&self) -> Result<(), Unreadable> {
        let mut unmodelled = self.reading.unmodelled.iter();
        match unmodelled.find(|name| self.asks_by(name)) {
            Some(name) => Err(self.unreadable(format!("what {name} needs is not in calls.json"))),
            None => Ok(()),
        }
    }

    fn resources(&self, demands: &mut Vec<Demand<'a>>) -> Result<(), Unreadable> {
        if let Some(parameter) = &self.reading.resource {
            demands.push(self.whatever_type(parameter)?);
            return Ok(());
        }
        for kind in self.action.resource_types() {
            if let Some(naming) = self.reading.names.get(kind.name()) {
                self.named(kind, naming, demands)?;
            }
        }
        for kind in self.action.required() {
            let is_of_it = |demand: &Demand<'_>| demand.kind.is_some_and(|k| Arc::ptr_eq(k, kind));
            if !demands.iter().any(is_of_it) {
                demands.push(self.every(kind)?);
            }
        }
        if demands.is_empty() {
            for kind in self.action.resource_types() {
                demands.push(self.every(kind)?);
            }
        }
        if demands.is_empty() {
            demands.push(self.demand(Cow::Borrowed("*"), None));
        }
        Ok(())
    }

    /// The resource in a parameter that may be of any of the action's types.
    fn whatever_type(&self, parameter: &str) -> Result<Demand<'a>, Unreadable> {
        let arn = self.call.params.get(parameter);
        let arn = arn.ok_or_else(|| self.unreadable(format!("{parameter} is missing")))?;
        let mut kinds = self.action.resource_types();
        let kind = kinds.find(|kind| kind.form().fits(arn));
        let kind = kind.ok_or_else(|| self.unreadable(format!("{parameter} is {arn}")))?;
        Ok(self.demand(Cow::Borrowed(arn), Some(kind)))
    }

    /// The resources of one type that the call names; none if it leaves them out.
    fn named(
        &self,
        kind: Kind,
        naming: &'static Naming,
        demands: &mut Vec<Demand<'a>>,
    ) -> Result<(), Unreadable> {
        let parameters = match naming {
            Naming::One(parameter) => std::slice::from_ref(parameter),
            Naming::Several(parameters) => parameters,
            Naming::Arn { arn } => {
                let arn = self.arn_alone(kind, arn)?;
                demands.extend(arn.map(|arn| self.demand(Cow::Borrowed(arn), Some(kind))));
                return Ok(());
            }
            Naming::Parts(parts) => {
                let arn = kind
                    .form()
                    .fill(self.call.place, |name| self.part(parts.get(name)?));
                demands.extend(arn.map(|arn| self.demand(Cow::Owned(arn), Some(kind))));
                return Ok(());
            }
        };
        let values = parameters
            .iter()
            .filter_map(|name| self.call.params.get(name));
        for value in values {
            demands.push(self.demand(self.arn(kind, value)?, Some(kind)));
        }
        Ok(())
    }

    /// A parameter that must be an ARN: a secret's ends in characters its name does not tell.
    fn arn_alone(&self, kind: Kind, parameter: &str) -> Result<Option<&'a str>, Unreadable> {
        match self.call.params.get(parameter) {
            Some(value) if !kind.form().fits(value) => {
                let problem =
                    format!("{parameter} is {value}; only its ARN tells what is evaluated");
                Err(self.unreadable(problem))
            }
            value => Ok(value.map(String::as_str)),
        }
    }

    /// A part of a name: a parameter, or what it is where that is not given.
    fn part(&self, source: &'static [String]) -> Option<Cow<'a, str>> {
        let (parameter, default) = source.split_first()?;
        let value = self.call.params.get(parameter).or(default.first());
        value.map(|value| Cow::Borrowed(value.as_str()))
    }

    /// The ARN of what a parameter names by its name or by its ARN.
    fn arn(&self, kind: Kind, value: &'a str) -> Result<Cow<'a, str>, Unreadable> {
        if !value.starts_with("arn:") {
            let arn = kind
                .form()
                .fill(self.call.place, |_| Some(Cow::Borrowed(value)));
            return Ok(Cow::Owned(arn.unwrap_or_default()));
        }
        if kind.form().fits(value) {
            return Ok(Cow::Borrowed(value));
        }
        Err(self.unreadable(format!("{value} is no {}", kind.name())))
    }

    /// Every resource of a type, which a call may be about that only lists, or cannot name one.
    fn every(&self, kind: Kind) -> Result<Demand<'a>, Unreadable> {
        let lists = self.action.level() == AccessLevel::List;
        let names = self.reading.names.contains_key(kind.name());
        if self.action.writes() || names && !lists {
            return Err(self.unreadable(format!("it names no {}", kind.name())));
        }
        let arn = kind.form().every(self.call.place);
        Ok(self.demand(Cow::Owned(arn), Some(kind)))
    }

    fn asks(&self, need: &Need) -> bool {
        need.when.iter().any(|when| self.asks_by(when))
    }

    /// Whether the call has the parameter, `Name` or `Name=value`, or one below it.
    fn asks_by(&self, when: &str) -> bool {
        let params = self.call.params;
        if let Some((name, value)) = when.split_once('=') {
            return params.get(name).is_some_and(|given| given == value);
        }
        let mut from = params.range::<str, _>((Bound::Included(when), Bound::Unbounded));
        from.next().is_some_and(|(name, _)| {
            let after = name.strip_prefix(when);
            after.is_some_and(|after| after.is_empty() || after.starts_with('.'))
        })
    }

    fn need(&self, need: &'static Need) -> Result<Demand<'a>, Unreadable> {
        let named = need.action.split_once(':');
        let action = named.and_then(|(service, name)| Reference::aws().action(service, name));
        let action =
            action.ok_or_else(|| self.unreadable(format!("{} is not known", need.action)))?;
        let value = self.parameter(&need.of)?;
        let mut kinds = action.resource_types();
        let (resource, kind) = if value.starts_with("arn:") {
            let kind = kinds.find(|kind| kind.form().fits(&value));
            (value, kind)
        } else {
            let kind = self.kind_named_by(&need.of);
            let name = |_: &str| Some(value.clone());
            let arn = kind.and_then(|kind| kind.form().fill(self.call.place, name));
            (Cow::Owned(arn.unwrap_or_default()), kind)
        };
        let kind = kind.ok_or_else(|| self.unreadable(format!("{} names nothing", need.of)))?;
        let given = need.gives.iter();
        let given = given.map(|(key, value)| {
            (
                Cow::Owned(key.to_ascii_lowercase()),
                Cow::Borrowed(value.as_str()),
            )
        });
        Ok(Demand {
            action,
            user: User::of_service(self.call.service),
            given: given.collect(),
            ..self.demand(resource, Some(kind))
        })
    }

    /// The type of this action that a parameter names.
    fn kind_named_by(&self, parameter: &str) -> Option<Kind> {
        let mut kinds = self.action.resource_types();
        kinds.find(|kind| match self.reading.names.get(kind.name()) {
            Some(Naming::One(name)) => name == parameter,
            Some(Naming::Several(names)) => names.iter().any(|name| name == parameter),
            _ => false,
        })
    }

    /// A parameter; after a dot, a field of the JSON in it.
    fn parameter(&self, name: &str) -> Result<Cow<'a, str>, Unreadable> {
        let missing = || self.unreadable(format!("{name} is missing"));
        if let Some(value) = self.call.params.get(name) {
            return Ok(Cow::Borrowed(value));
        }
        let (outer, field) = name.split_once('.').ok_or_else(missing)?;
        let json = self.call.params.get(outer).ok_or_else(missing)?;
        let json: serde_json::Value = serde_json::from_str(json).map_err(|_| missing())?;
        let value = json.get(field).and_then(serde_json::Value::as_str);
        value
            .map(|value| Cow::Owned(value.to_owned()))
            .ok_or_else(missing)
    }

    fn demand(&self, resource: Cow<'a, str>, kind: Option<Kind>) -> Demand<'a> {
        Demand {
            action: self.action,
            resource,
            kind,
            user: User::Function,
            call: self.call,
            tags: self.tags,
            given: Vec::new(),
        }
    }

    fn unreadable(&self, problem: impl Into<String>) -> Unreadable {
        Unreadable::new(self.action.name(), problem)
    }
}
