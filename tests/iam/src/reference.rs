//! What AWS documents of its actions: `data/service-authorization.json`, and of the calls that
//! ask for them: `data/calls.json`.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

mod arn_form;
mod data;
mod keys;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

pub use arn_form::ArnForm;
pub(crate) use data::{Naming, Need, Reading};
pub(crate) use keys::SOURCE_FUNCTION;
pub use keys::Supply;

/// The actions that roles here name, or soon will.
#[derive(Debug)]
pub struct Reference {
    services: HashMap<String, HashMap<String, Action>>,
}

/// How AWS classifies an action.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub enum AccessLevel {
    /// Names resources.
    List,
    /// Reads what is in them.
    Read,
    /// Creates, changes, deletes.
    Write,
    /// Changes tags and nothing else.
    Tagging,
    /// Grants or changes permissions.
    #[serde(rename = "Permissions management")]
    PermissionsManagement,
}

/// An action.
#[derive(Debug)]
pub struct Action {
    name: String,
    lower: String,
    level: AccessLevel,
    required: Vec<Arc<ResourceType>>,
    optional: Vec<Arc<ResourceType>>,
    keys: Vec<String>,
    multivalued: Vec<String>,
    confirmed: bool,
    doubt: Option<String>,
    reading: Option<Reading>,
}

/// A type of resource.
#[derive(Debug)]
pub struct ResourceType {
    name: String,
    form: ArnForm,
    keys: Vec<String>,
}

static AWS: LazyLock<Reference> = LazyLock::new(data::aws);

impl Reference {
    /// AWS's.
    #[must_use]
    pub fn aws() -> &'static Self {
        &AWS
    }

    /// The action of a service, as the API spells both.
    #[must_use]
    pub fn action(&self, service: &str, operation: &str) -> Option<&Action> {
        self.services.get(service)?.get(operation)
    }

    /// The action that is written so in a policy, in any case.
    #[must_use]
    pub fn named(&self, action: &str) -> Option<&Action> {
        let lower = action.to_ascii_lowercase();
        let (service, _) = lower.split_once(':')?;
        let actions = self.services.get(service)?;
        actions.values().find(|action| action.lower == lower)
    }

    /// Every action, in no order.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.services.values().flat_map(HashMap::values)
    }
}

impl Action {
    /// `rds:CreateDBClusterSnapshot`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same in lower case.
    #[must_use]
    pub fn lower(&self) -> &str {
        &self.lower
    }

    /// Its access level.
    #[must_use]
    pub fn level(&self) -> AccessLevel {
        self.level
    }

    /// Whether it changes something.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.level, AccessLevel::List | AccessLevel::Read)
    }

    /// The resource types that are evaluated in every call.
    #[must_use]
    pub fn required(&self) -> &[Arc<ResourceType>] {
        &self.required
    }

    /// The resource types it can be limited to, required ones first.
    pub fn resource_types(&self) -> impl Iterator<Item = &Arc<ResourceType>> {
        self.required.iter().chain(&self.optional)
    }

    /// The condition keys that come with it, whatever the resource, as `aws:RequestTag/${TagKey}`.
    #[must_use]
    pub fn condition_keys(&self) -> &[String] {
        &self.keys
    }

    /// Whether all copies of the reference agree on it, and AWS says what its calls evaluate.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
            && self
                .reading
                .as_ref()
                .is_none_or(|reading| reading.confirmed)
    }

    /// The page that says what its calls evaluate; nothing for one that no function makes itself.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.reading.as_ref().map(|reading| reading.source.as_str())
    }

    /// What of it AWS was not found to say, one clause each.
    pub fn doubts(&self) -> impl Iterator<Item = &str> {
        let of_calls = self
            .reading
            .as_ref()
            .and_then(|reading| reading.doubt.as_deref());
        self.doubt.as_deref().into_iter().chain(of_calls)
    }

    /// Where and how AWS evaluates its calls; nothing for one that no function makes itself.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }
}

impl ResourceType {
    /// `cluster-snapshot`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The form of its ARN.
    #[must_use]
    pub fn form(&self) -> &ArnForm {
        &self.form
    }

    /// The condition keys that come with a resource of the type.
    #[must_use]
    pub fn condition_keys(&self) -> &[String] {
        &self.keys
    }
}
