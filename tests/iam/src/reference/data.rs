//! The two data files, read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::{AccessLevel, Action, ArnForm, Reference, ResourceType};

const REFERENCE: &str = include_str!("../../data/service-authorization.json");
const CALLS: &str = include_str!("../../data/calls.json");

#[derive(Deserialize)]
struct Services {
    services: HashMap<String, Service>,
}

#[derive(Deserialize)]
struct Service {
    actions: HashMap<String, ActionEntry>,
    resource_types: HashMap<String, TypeEntry>,
    condition_keys: HashMap<String, String>,
}

#[derive(Deserialize)]
struct ActionEntry {
    access_level: AccessLevel,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    optional: Vec<String>,
    #[serde(default)]
    condition_keys: Vec<String>,
    #[serde(default = "yes")]
    confirmed: bool,
    doubt: Option<String>,
}

#[derive(Deserialize)]
struct TypeEntry {
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
struct Calls {
    calls: HashMap<String, Reading>,
}

/// What AWS evaluates for a call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    /// By resource type, the parameters that name it.
    #[serde(default)]
    pub(crate) names: BTreeMap<String, Naming>,
    /// The parameter that is the ARN of the resource, of whatever type.
    pub(crate) resource: Option<String>,
    /// Whether it tells everything only where it is allowed on `*`, though it knows resource types.
    #[serde(default)]
    pub(crate) everything: bool,
    /// What else a parameter asks for.
    #[serde(default)]
    pub(crate) needs: Vec<Need>,
    /// By condition key, in lower case, the parameter that is its value.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
    /// Parameters whose further permissions are not known here.
    #[serde(default)]
    pub(crate) unmodelled: Vec<String>,
    /// Whether AWS documents all of it, or a message of AWS's shows it.
    pub(crate) confirmed: bool,
    /// What it does not.
    pub(crate) doubt: Option<String>,
    /// Where it is documented.
    pub(crate) source: String,
}

/// How parameters name a resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Naming {
    /// By its name or its ARN.
    One(String),
    /// Several resources, each by its name or its ARN.
    Several(Vec<String>),
    /// By its ARN; a name alone would not give it.
    Arn {
        /// The parameter.
        arn: String,
    },
    /// By the parts of its name: for each the parameter and what it is where that is not given.
    Parts(BTreeMap<String, Vec<String>>),
}

/// A further permission.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    /// The action.
    pub(crate) action: String,
    /// The parameter that names the resource. After a dot, a field of its JSON.
    pub(crate) of: String,
    /// Any of these parameters asks for it, `Name` or `Name=value`.
    pub(crate) when: Vec<String>,
    /// The condition keys that come with it.
    #[serde(default)]
    pub(crate) gives: BTreeMap<String, String>,
}

#[expect(
    clippy::expect_used,
    reason = "the files are compiled in, and a test reads them"
)]
pub(super) fn aws() -> Reference {
    let services: Services = serde_json::from_str(REFERENCE).expect("the reference");
    let calls: Calls = serde_json::from_str(CALLS).expect("the calls");
    let services = services.services.into_iter().map(|(prefix, service)| {
        let actions = actions(&prefix, service, &calls);
        (prefix, actions)
    });
    Reference {
        services: services.collect(),
    }
}

fn actions(prefix: &str, service: Service, calls: &Calls) -> HashMap<String, Action> {
    let kinds = service.resource_types.into_iter();
    let kinds: HashMap<String, Arc<ResourceType>> = kinds
        .map(|(name, entry)| (name.clone(), Arc::new(kind(name, entry))))
        .collect();
    let keys = service.condition_keys.into_iter();
    let arrays = keys.filter(|(_, kind)| kind.starts_with("ArrayOf"));
    let multivalued: Vec<String> = arrays.map(|(key, _)| key).collect();
    let actions = service.actions.into_iter().map(|(operation, entry)| {
        let types = |names: Vec<String>| names.iter().map(|name| kinds[name].clone()).collect();
        let name = format!("{prefix}:{operation}");
        let action = Action {
            lower: name.to_ascii_lowercase(),
            level: entry.access_level,
            required: types(entry.required),
            optional: types(entry.optional),
            keys: entry.condition_keys,
            multivalued: multivalued.clone(),
            confirmed: entry.confirmed,
            doubt: entry.doubt,
            reading: calls.calls.get(&name).map(reading),
            name,
        };
        (operation, action)
    });
    actions.collect()
}

const fn yes() -> bool {
    true
}

fn kind(name: String, entry: TypeEntry) -> ResourceType {
    ResourceType {
        name,
        form: ArnForm::parse(&entry.arn),
        keys: entry.condition_keys,
    }
}

fn reading(entry: &Reading) -> Reading {
    let mut reading = entry.clone();
    let values = std::mem::take(&mut reading.values).into_iter();
    reading.values = values
        .map(|(key, name)| (key.to_ascii_lowercase(), name))
        .collect();
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_of_a_known_action_and_names_its_types() {
        let calls: Calls = serde_json::from_str(CALLS).unwrap();
        for (name, reading) in &calls.calls {
            let action = Reference::aws().named(name).expect(name);
            assert_eq!(action.name(), name);
            for kind in reading.names.keys() {
                let mut kinds = action.resource_types();
                assert!(kinds.any(|known| known.name() == kind), "{name}: {kind}");
            }
            for need in &reading.needs {
                assert!(
                    Reference::aws().named(&need.action).is_some(),
                    "{}",
                    need.action
                );
            }
        }
    }

    #[test]
    fn what_is_not_confirmed_says_why_and_every_call_has_its_source() {
        for action in Reference::aws().actions() {
            let doubts = action.doubts().count();
            assert_eq!(action.is_confirmed(), doubts == 0, "{}", action.name);
            let read = action.reading().is_some();
            let source = action.source().unwrap_or_default();
            assert_eq!(source.starts_with("https://"), read, "{}", action.name);
        }
    }
}
