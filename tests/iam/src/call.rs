//! A call as it was made, and the requests AWS evaluates for it.

mod demand;
mod reading;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use demand::Demand;
pub(crate) use reading::demands;
pub(crate) use tags::RequestTags;

/// The tags of a resource, by key.
pub type Tags = BTreeMap<String, String>;

/// Where a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// `aws`, or that of China or `GovCloud`.
    pub partition: &'a str,
    /// `eu-central-1`.
    pub region: &'a str,
    /// The account's twelve digits.
    pub account: &'a str,
}

/// An API call that a function made.
#[derive(Clone, Copy)]
pub struct RecordedCall<'a> {
    /// The service as IAM names it: `rds`.
    pub service: &'a str,
    /// The operation: `CreateDBClusterSnapshot`.
    pub operation: &'a str,
    /// Its parameters as they are sent: `DBClusterIdentifier`, `Tags.Tag.1.Key`. Of a JSON body,
    /// the outermost fields.
    pub params: &'a BTreeMap<String, String>,
    /// Where it is made.
    pub place: Place<'a>,
    /// The tags of the resource with this ARN when the call is made; nothing if there is no such
    /// resource. Asked only when a condition asks.
    pub tags_of: &'a dyn Fn(&str) -> Option<Tags>,
}

/// Who asks for a permission of the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum User {
    /// The function's code, by a call.
    Function,
    /// RDS, where a create carries tags.
    Rds,
    /// SNS, for the key of an encrypted topic.
    Sns,
    /// Secrets Manager, for the key of a secret.
    SecretsManager,
    /// Lambda, for the log, the record of what failed for good, and the network interfaces of a
    /// function in a VPC.
    Lambda,
    /// EventBridge Scheduler, for a schedule's target and the role it is given.
    Scheduler,
}

impl User {
    /// Who asks for what a call of this service needs besides.
    pub(crate) fn of_service(service: &str) -> Self {
        match service {
            "rds" => Self::Rds,
            "scheduler" => Self::Scheduler,
            _ => Self::Function,
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::Rds => "rds",
            Self::Sns => "sns",
            Self::SecretsManager => "secretsmanager",
            Self::Lambda => "lambda",
            Self::Scheduler => "scheduler",
        })
    }
}

/// A call of which it is not known what AWS would evaluate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{call}: {problem}")]
pub struct Unreadable {
    /// `rds:CreateDBClusterSnapshot`.
    pub call: String,
    /// What is not known.
    pub problem: String,
}

impl Unreadable {
    pub(crate) fn new(call: &str, problem: impl Into<String>) -> Self {
        Self {
            call: call.to_owned(),
            problem: problem.into(),
        }
    }
}
