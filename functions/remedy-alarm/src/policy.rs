//! What the team wants to be done when an alarm of one cluster rings.

mod check;
#[cfg(test)]
mod tests;

use aurora_model::Span;
use handler::{Mode, PolicyError, policy::object};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::trouble::Trouble;

/// What a case file tells of, and what may be done without a person.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The cluster's identifier.
    pub cluster: String,
    /// Alarms about the cluster that do not name it or one of its instances in a metric: composite alarms, and
    /// those on metrics of the team's own. A composite alarm of which a ringing child is about the
    /// cluster need not be named.
    #[serde(default)]
    pub alarms: Vec<String>,
    /// Alarms about the cluster that are no trouble, as patterns of their names, in which `*` stands for anything:
    /// those by which readers come and go. What `alarms` names is not ignored. Default:
    /// `TargetTracking-*-AlarmLow-*`, as Application Auto Scaling calls its own, and `*-readers-idle`, as the template of scale-readers does.
    #[serde(default = "scaling")]
    pub ignore: Vec<String>,
    /// How to look into the database. Without it the case file has what RDS and `CloudWatch` know.
    #[serde(default, deserialize_with = "object::or_null")]
    pub database: Option<Access>,
    /// How far back the chart of a metric goes: from 30m to 24h. Default: 3h.
    #[serde(default = "three_hours")]
    pub history: Span,
    /// From what age on a statement, a transaction or a wait is told of. Default: 1m.
    #[serde(default = "a_minute")]
    pub long: Span,
    /// How many statements, sessions and waits of each kind a case file shows: from 1 to 20. Default: 5.
    #[serde(default = "five")]
    pub rows: u8,
    /// How long after a mail about the cluster the same trouble, ended and back, is not mailed again.
    /// Default: 15m.
    #[serde(default = "quarter_of_an_hour")]
    pub quiet: Span,
    /// What may be done. Each is off unless it is given.
    #[serde(default, deserialize_with = "object::object")]
    pub remedies: Remedies,
    /// How old a trigger may be and still be acted on. Default: 1h.
    #[serde(default = "an_hour")]
    pub expire_after: Span,
    /// `plan` to decide and report only. Default: what the deployment says.
    pub mode: Option<Mode>,
}

/// How to look into the database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The secret of a user with read rights only, by name or ARN.
    pub secret: String,
    /// The certificate authority to trust instead of Amazon's, as PEM.
    pub ca: Option<String>,
    /// Whether to log in without TLS. Default: false.
    #[serde(default)]
    pub plain_text: bool,
    /// How long each query may take: from 1s to 30s. Default: 5s.
    #[serde(default = "five_seconds")]
    pub query_limit: Span,
}

/// What may be done without a person.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Remedies {
    /// The secret of the user that ends sessions and statements, by name or ARN. That of
    /// `database` should not be able to.
    pub secret: Option<String>,
    /// End the connection of a session that sleeps in an open transaction.
    #[serde(deserialize_with = "object::or_null")]
    pub idle_transactions: Option<Rule>,
    /// End a statement that runs for too long. Its connection stays.
    #[serde(deserialize_with = "object::or_null")]
    pub long_statements: Option<Rule>,
    /// End the connection of a session that sleeps outside a transaction, when connections run out.
    #[serde(deserialize_with = "object::or_null")]
    pub idle_sessions: Option<Idle>,
    /// Ask scale-readers for a reader.
    #[serde(deserialize_with = "object::or_null")]
    pub add_reader: Option<AddReader>,
    /// How many sessions and statements one run may end: from 1 to 50. Default: 5.
    pub max_kills: Most,
    /// How long after it has ended any the next run ends none. Default: 5m.
    pub cooldown: Cooldown,
}

/// Which sessions or statements are ended.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// From what age on: at least 10s.
    pub longer_than: Span,
    /// For which troubles. Default: for any, unless the alarm rings because there is little of something, free
    /// memory apart.
    #[serde(default)]
    pub on: Vec<Trouble>,
    /// Those of these alone. Its `users` must be given: `["*"]` for every user.
    #[serde(deserialize_with = "object::object")]
    pub only: Only,
    /// None of these, whatever `only` says.
    #[serde(default, deserialize_with = "object::object")]
    pub never: Never,
}

/// Which idle sessions are ended, and when.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    /// From how many percent of `max_connections` on: from 50 to 99. Default: 80.
    #[serde(default = "eighty")]
    pub above_percent: u8,
    /// Those that have slept for so long: at least 10s.
    pub longer_than: Span,
    /// Those of these alone. Its `users` must be given: `["*"]` for every user.
    #[serde(deserialize_with = "object::object")]
    pub only: Only,
    /// None of these, whatever `only` says.
    #[serde(default, deserialize_with = "object::object")]
    pub never: Never,
}

/// What something must match. Each is a list of patterns, in which `*` stands for anything; upper and
/// lower case are the same. An empty list of schemas or digests asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// Users.
    pub users: Vec<String>,
    /// The session's schema. A session without one matches `*` alone.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// The statement's text as the server normalises it: ``SELECT * FROM `orders` *``. For statements only.
    #[serde(default)]
    pub digests: Vec<String>,
}

/// What must not match, in any of its lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Never {
    /// Users.
    pub users: Vec<String>,
    /// The session's schema.
    pub schemas: Vec<String>,
    /// The statement's text as the server normalises it. For statements only.
    pub digests: Vec<String>,
}

/// When scale-readers is asked for a reader.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AddReader {
    /// For which troubles. Default: `cpu` and `read-latency`.
    pub on: Vec<Trouble>,
}

impl Default for AddReader {
    fn default() -> Self {
        Self {
            on: vec![Trouble::Cpu, Trouble::ReadLatency],
        }
    }
}

/// A number of sessions and statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Most(pub u8);

impl Default for Most {
    fn default() -> Self {
        Self(5)
    }
}

/// A pause after something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cooldown(pub Span);

impl Default for Cooldown {
    fn default() -> Self {
        Self(Span::seconds(5 * 60))
    }
}

/// <https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>
fn scaling() -> Vec<String> {
    ["TargetTracking-*-AlarmLow-*", "*-readers-idle"]
        .map(Into::into)
        .into()
}

const fn five() -> u8 {
    5
}

const fn eighty() -> u8 {
    80
}

const fn three_hours() -> Span {
    Span::hours(3)
}

const fn a_minute() -> Span {
    Span::seconds(60)
}

const fn five_seconds() -> Span {
    Span::seconds(5)
}

const fn quarter_of_an_hour() -> Span {
    Span::seconds(15 * 60)
}

const fn an_hour() -> Span {
    Span::hours(1)
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        check::all(self)
    }
}
