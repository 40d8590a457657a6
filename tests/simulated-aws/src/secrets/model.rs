//! What Secrets Manager keeps.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::Timestamp;

/// The label of the version in use.
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the version that was in use before.
pub const PREVIOUS: &str = "AWSPREVIOUS";
/// The label of the version that a rotation is making.
pub const PENDING: &str = "AWSPENDING";

/// A secret value. It shows itself to nobody by accident: only [`Hidden::reveal`] gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides `value`.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, hidden", self.0.len())
    }
}

/// What a version holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// `SecretString`.
    Text(Hidden),
    /// `SecretBinary`, in Base64.
    Binary(Hidden),
}

/// A version of a secret.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its identifier: the token of the request that made it.
    pub id: String,
    /// What it holds; nothing yet where a rotation has only begun.
    pub content: Option<Content>,
    /// The labels on it. A version without any is deprecated.
    pub labels: BTreeSet<String>,
    /// When it was created.
    pub created: Timestamp,
    /// The day on which it was last read.
    pub read: Option<Timestamp>,
}

/// A secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Its ARN: the name and six random characters.
    pub arn: String,
    /// Its description.
    pub description: Option<String>,
    /// The key it is encrypted with, where that is not the account's own for secrets.
    pub kms_key: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its versions by identifier.
    pub versions: BTreeMap<String, Version>,
    /// How it is rotated; none if it has never been configured.
    pub rotation: Option<Rotation>,
    /// When it was created.
    pub created: Timestamp,
    /// When anything about it was last changed.
    pub changed: Timestamp,
    /// When it was last rotated with success.
    pub rotated: Option<Timestamp>,
    /// The day on which it was last read.
    pub read: Option<Timestamp>,
    /// When it will be gone, if it is scheduled for deletion.
    pub gone_at: Option<Timestamp>,
}

impl Secret {
    /// The version that carries `label`.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Option<&Version> {
        self.versions
            .values()
            .find(|version| version.labels.contains(label))
    }
}

/// How a secret is rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The ARN of the function that does it.
    pub function: String,
    /// Whether it is turned on.
    pub enabled: bool,
    /// When.
    pub rules: Rules,
    /// The window in which the next one begins.
    pub next: Option<(Timestamp, Timestamp)>,
    /// The one that is under way.
    pub running: Option<Running>,
}

/// When a secret is rotated.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `AutomaticallyAfterDays`, from 1 to 1000.
    pub days: Option<i64>,
    /// `ScheduleExpression`: `cron(0 3 ? * MON *)`, `rate(10 days)`.
    pub expression: Option<String>,
    /// `Duration`, the length of the window: `3h`.
    pub duration: Option<String>,
}

/// A rotation that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The identifier of the new version.
    pub token: String,
    /// The step that is next, or being done.
    pub step: Step,
    /// Which attempt this is, from one.
    pub attempt: u8,
    /// Whether only `testSecret` is invoked, to see whether the function works at all.
    pub trial: bool,
}

/// A step of a rotation.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// `createSecret`
    Create,
    /// `setSecret`
    Set,
    /// `testSecret`
    Test,
    /// `finishSecret`
    Finish,
}

impl Step {
    /// As the function's event has it: `createSecret`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "createSecret",
            Self::Set => "setSecret",
            Self::Test => "testSecret",
            Self::Finish => "finishSecret",
        }
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Create => Some(Self::Set),
            Self::Set => Some(Self::Test),
            Self::Test => Some(Self::Finish),
            Self::Finish => None,
        }
    }
}

/// An invocation of a rotation function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The function's ARN.
    pub function: String,
    /// The event's `SecretId`: the secret's ARN.
    pub secret: String,
    /// The event's `ClientRequestToken`: the identifier of the new version.
    pub token: String,
    /// The event's `Step`.
    pub step: Step,
}
