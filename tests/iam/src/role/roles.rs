//! The roles of all functions, as `tests/infra/roles.py` prints them.

use std::collections::BTreeMap;
use std::fs::DirEntry;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ask, Inbox, Origin, Role, Written};
use crate::call::User;
use crate::policy::{Condition, Policy, PolicyError};
use crate::reference::{Action, Reference, Supply};

/// Every function's role, in each deployment of its template.
#[derive(Clone, Debug)]
pub struct Roles(Vec<Entry>);

/// What cannot be read of the roles.
#[derive(Debug, thiserror::Error)]
pub enum RolesError {
    /// The templates cannot be found, or Python cannot be run.
    #[error("roles.py does not run: {0}")]
    Io(#[from] std::io::Error),
    /// roles.py does not understand a template.
    #[error("roles.py: {0}")]
    Templates(String),
    /// Not what roles.py prints.
    #[error("not what roles.py prints: {0}")]
    Json(#[from] serde_json::Error),
    /// A statement that is not understood.
    #[error("{function}: {error}")]
    Policy {
        /// The function whose role it is.
        function: String,
        /// What is wrong with it.
        error: PolicyError,
    },
    /// A condition whose key is not known here.
    #[error(
        "{function}: {sid}: what {key} is in a call of {action} is not known here; extend calls.json"
    )]
    Key {
        /// The function whose role it is.
        function: String,
        /// The statement.
        sid: String,
        /// The key.
        key: String,
        /// The action.
        action: String,
    },
    /// A function without a role.
    #[error("no template gives {0} a role")]
    NoRole(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    function: String,
    user: User,
    partition: String,
    region: String,
    account: String,
    statements: Vec<StatementEntry>,
    asks: Vec<Ask>,
    inbox: Option<InboxEntry>,
    deployments: Vec<BTreeMap<String, bool>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InboxEntry {
    when: String,
    topic: String,
    key_when: String,
    key: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementEntry {
    by: String,
    when: String,
    written: Written,
    iam: Value,
}

impl Roles {
    /// Reads what roles.py prints, of one template or several.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn parse(text: &str) -> Result<Self, RolesError> {
        Ok(Self(serde_json::from_str(text)?))
    }

    /// What roles.py prints of the templates under `infra/functions/` of a repository.
    ///
    /// # Errors
    /// When the templates cannot be found, and when Python or the script fails.
    pub fn text(python: &Path, repository: &Path) -> Result<String, RolesError> {
        let folder = repository.join("infra/functions");
        let entries = folder.read_dir()?.collect::<Result<Vec<_>, _>>()?;
        let mut templates: Vec<_> = entries.iter().map(DirEntry::path).collect();
        templates.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        });
        templates.sort();
        let mut script = Command::new(python);
        script.arg(repository.join("tests/infra/roles.py"));
        let output = script.args(templates).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(RolesError::Templates(said))
    }

    /// The functions that have a role.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        let own = self.0.iter().filter(|entry| entry.user == User::Function);
        own.map(|entry| entry.function.as_str())
    }

    /// A function's role with as much of its template deployed as can be.
    ///
    /// # Errors
    /// When it has none, or a statement that is not understood.
    pub fn role(&self, function: &str) -> Result<Role, RolesError> {
        let entry = self.entry(function)?;
        let holding = |conditions: &&BTreeMap<String, bool>| {
            let holding = conditions.values().filter(|&&holds| holds);
            holding.count()
        };
        let most = entry.deployments.iter().max_by_key(holding);
        entry.role(most.unwrap_or(&BTreeMap::new()))
    }

    /// A function's role in each deployment of its template that makes a difference to it.
    ///
    /// # Errors
    /// When it has none, or a statement that is not understood.
    pub fn deployments(&self, function: &str) -> Result<Vec<Role>, RolesError> {
        self.entry(function)?.roles()
    }

    /// The role of a function's schedules in each deployment; none if it has no schedules.
    ///
    /// # Errors
    /// When a statement is not understood.
    pub fn schedules(&self, function: &str) -> Result<Vec<Role>, RolesError> {
        let entry = self.find(function, User::Scheduler);
        entry.map_or(Ok(Vec::new()), Entry::roles)
    }

    /// All statements of a function's role, whatever is deployed, and where they come from.
    pub(crate) fn statements(&self, function: &str) -> Result<(Policy, Vec<Origin>), RolesError> {
        let entry = self.entry(function)?;
        let policy = entry.policy(&entry.statements)?;
        let origins = entry.statements.iter().cloned().map(Origin::from);
        Ok((policy, origins.collect()))
    }

    fn entry(&self, function: &str) -> Result<&Entry, RolesError> {
        let entry = self.find(function, User::Function);
        entry.ok_or_else(|| RolesError::NoRole(function.to_owned()))
    }

    fn find(&self, function: &str, user: User) -> Option<&Entry> {
        let mut entries = self.0.iter();
        entries.find(|entry| entry.function == function && entry.user == user)
    }
}

impl Entry {
    fn roles(&self) -> Result<Vec<Role>, RolesError> {
        let roles = self
            .deployments
            .iter()
            .map(|conditions| self.role(conditions));
        roles.collect()
    }

    fn role(&self, conditions: &BTreeMap<String, bool>) -> Result<Role, RolesError> {
        let there = |when: &str| match when.strip_prefix("not ") {
            None => when == "always" || conditions.get(when) == Some(&true),
            Some(when) => conditions.get(when) == Some(&false),
        };
        let statements = self.statements.iter().filter(|each| there(&each.when));
        let statements: Vec<_> = statements.cloned().collect();
        let policy = self.policy(&statements)?;
        self.check_keys(&policy)?;
        let inbox = self.inbox.as_ref().filter(|inbox| there(&inbox.when));
        let asks = self.asks.iter().filter(|ask| there(&ask.when));
        Ok(Role {
            function: self.function.clone(),
            user: self.user,
            deployment: conditions.clone(),
            place: [&self.partition, &self.region, &self.account].map(Clone::clone),
            policy,
            statements: statements.into_iter().map(Origin::from).collect(),
            inbox: inbox.map(|inbox| Inbox {
                topic: inbox.topic.clone(),
                key: there(&inbox.key_when).then(|| inbox.key.clone()),
            }),
            asks: asks.cloned().collect(),
            secrets_key: None,
        })
    }

    /// A condition is never taken as not met because its key is not known here.
    fn check_keys(&self, policy: &Policy) -> Result<(), RolesError> {
        for statement in policy.statements() {
            let about = |action: &&Action| statement.has_action(action.lower());
            for action in Reference::aws().actions().filter(about) {
                let mut keys = statement.conditions().iter().map(Condition::key);
                let unknown = keys.find(|key| action.supplies(key) == Supply::NotHere);
                if let Some(key) = unknown {
                    return Err(RolesError::Key {
                        function: self.function.clone(),
                        sid: statement.sid().to_owned(),
                        key: key.written().to_owned(),
                        action: action.name().to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    fn policy(&self, statements: &[StatementEntry]) -> Result<Policy, RolesError> {
        let iam: Vec<&Value> = statements.iter().map(|each| &each.iam).collect();
        let policy = Policy::parse(&json!({"Version": "2012-10-17", "Statement": iam}));
        policy.map_err(|error| RolesError::Policy {
            function: self.function.clone(),
            error,
        })
    }
}

impl From<StatementEntry> for Origin {
    fn from(entry: StatementEntry) -> Self {
        Self {
            by: entry.by,
            when: entry.when,
            written: entry.written,
        }
    }
}
