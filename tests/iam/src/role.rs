//! The role of a function, as its template gives it.

mod denied;
mod judge;
mod keys;
mod roles;

use std::collections::BTreeMap;

pub use denied::Denied;
pub use judge::{Use, Used};
pub use roles::{Roles, RolesError};

use crate::call::User;
use crate::policy::Policy;

/// What a function may do in one deployment of its template.
#[derive(Clone, Debug)]
pub struct Role {
    function: String,
    user: User,
    deployment: BTreeMap<String, bool>,
    place: [String; 3],
    policy: Policy,
    statements: Vec<Origin>,
    asks: Vec<Ask>,
    inbox: Option<Inbox>,
    secrets_key: Option<String>,
}

/// What AWS does by itself with the role, as the rest of the template says.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    by: User,
    when: String,
    action: String,
    resource: String,
}

/// Where a statement comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Who is said to use it, by the words of [`User`].
    pub by: String,
    /// The template's condition under which it is there; `always`, or `not` a condition.
    pub when: String,
    /// What of it the template writes.
    pub written: Written,
}

/// Resources and conditions as a template writes them, `${InboxTopicArn}` and the like in them.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The resources.
    pub resources: Vec<String>,
    /// By operator and key, the values.
    pub conditions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// The topic for the mails.
#[derive(Clone, Debug)]
struct Inbox {
    topic: String,
    key: Option<String>,
}

impl Role {
    /// The function's name in `functions/`.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.function
    }

    /// The same where all secrets are encrypted with this KMS key, and not with that of Secrets
    /// Manager, which every caller of it may use.
    #[must_use]
    pub fn with_secrets_key(mut self, key: &str) -> Self {
        self.secrets_key = Some(key.to_owned());
        self
    }

    /// The function's ARN, by the name it has with the template's default `NamePrefix`.
    pub(crate) fn arn(&self) -> String {
        let ([partition, region, account], function) = (&self.place, &self.function);
        format!("arn:{partition}:lambda:{region}:{account}:function:nightshift-{function}")
    }

    /// Whether this condition of the template holds.
    #[must_use]
    pub fn has(&self, condition: &str) -> bool {
        self.deployment.get(condition) == Some(&true)
    }

    /// What is deployed of the template: `HasInbox and not HasInboxKey`.
    #[must_use]
    pub fn deployed(&self) -> String {
        let said = self.deployment.iter();
        let said = said.map(|(name, &holds)| {
            if holds {
                name.clone()
            } else {
                format!("not {name}")
            }
        });
        said.collect::<Vec<_>>().join(" and ")
    }

    /// Whether it is the role of the function's schedules, not the function's own.
    #[must_use]
    pub fn is_of_schedules(&self) -> bool {
        self.user == User::Scheduler
    }

    /// Its statements.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Where each of its statements comes from.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.statements
    }

    /// The topic the function mails to, where one is deployed.
    #[must_use]
    pub fn inbox(&self) -> Option<&str> {
        self.inbox.as_ref().map(|inbox| inbox.topic.as_str())
    }
}
