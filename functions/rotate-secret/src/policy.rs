//! What a team wants of rotate-secret.

mod check;
mod secret;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use aurora_model::Span;
use handler::{Mode, PolicyError, policy::object};
use schemars::JsonSchema;
use serde::Deserialize;

pub use secret::{OfSecret, SecretPolicy, TAG};

/// How secrets are rotated: the fields here hold for every secret, unless `secrets` says
/// otherwise for one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How a password is changed. The secret's own tag `nightshift:rotation`, where it names a
    /// strategy, is stronger.
    pub strategy: Strategy,
    /// What to do where the server cannot keep two passwords (before MySQL 8.0.14) and the
    /// strategy is `dual-password`. Where something else is used instead, the report says so.
    pub fallback: Fallback,
    /// How long the old password still opens the door after a rotation; then a later run of the
    /// schedule discards it. At least `settle`. Sessions that are open stay open.
    pub grace: Span,
    /// How long applications may go on using a password after the secret has a newer one:
    /// they cache the secret, AWS's caching clients for an hour unless told otherwise. A rotation
    /// that would end a password sooner than this after it was replaced waits instead. `0s`
    /// never waits.
    pub settle: Span,
    /// A rotation that has been under way for longer than this is taken for given up; the
    /// schedule's run mends what it left.
    pub stuck_after: Span,
    /// How long a reader that does not know the new password yet is given to learn of it while
    /// the rotation is tested; at most `15m`. `0s` gives none.
    pub reader_wait: Span,
    /// Whether a rotation may replace a password that the secret never had, one that a person has
    /// set in the database since. If not, such a rotation stops and says so.
    pub overwrite_unknown: bool,
    /// Whether a server may be spoken to without TLS. Then passwords cross the network
    /// unencrypted, and the report says so.
    pub plain_text: bool,
    /// One or more certificates in PEM by which servers are recognised instead of Amazon's own
    /// for RDS: for a certificate authority of your own.
    pub ca: Option<String>,
    /// Host names that secrets may name beside the endpoints of RDS clusters of the account, for
    /// a name of your own that leads to one. No port, no wildcard.
    pub accept_hosts: Vec<String>,
    /// How long single steps on a database may take.
    #[serde(deserialize_with = "object::object")]
    pub limits: Limits,
    /// What is different for single secrets, by name or ARN. Where both are there, the ARN's
    /// fields win.
    #[serde(deserialize_with = "object::objects")]
    pub secrets: BTreeMap<String, OfSecret>,
    /// A run of the schedule older than this is not acted on. The steps of a rotation are always
    /// acted on.
    pub expire_after: Span,
    /// `plan` decides and reports but touches nothing. The deployment's mode, where stricter,
    /// wins.
    pub mode: Option<Mode>,
}

/// How the password of a secret's user is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The user has the old and the new password until the grace is over. Aurora MySQL 3, MySQL
    /// 8.0.14 and later. The user needs the right `APPLICATION_PASSWORD_ADMIN`, or the secret
    /// names a superuser's secret as `masterarn`.
    DualPassword,
    /// Two users take turns: each rotation changes the password of the one that is not in use and
    /// makes it the secret's user, with the rights of the other. Needs `masterarn`.
    AlternatingUsers,
    /// One user, one password: between the change in the database and the change of the secret
    /// there is a moment in which the current secret does not open the door.
    SingleUser,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 3] = [Self::DualPassword, Self::AlternatingUsers, Self::SingleUser];

    /// The word in policies, tags and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DualPassword => "dual-password",
            Self::AlternatingUsers => "alternating-users",
            Self::SingleUser => "single-user",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is done where a server does not know dual passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// Nothing: the rotation stops and says so.
    Refuse,
    /// As with the strategy `single-user`.
    SingleUser,
    /// As with the strategy `alternating-users`.
    AlternatingUsers,
}

impl Fallback {
    /// The strategy that is used instead, if one is.
    #[must_use]
    pub const fn strategy(self) -> Option<Strategy> {
        match self {
            Self::Refuse => None,
            Self::SingleUser => Some(Strategy::SingleUser),
            Self::AlternatingUsers => Some(Strategy::AlternatingUsers),
        }
    }
}

/// How long single steps on a database may take; each above `0s` and at most `15m`, the longest a
/// function may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Connecting, with TLS and login.
    pub connect: Span,
    /// One statement. One that takes longer is ended on the server.
    pub statement: Span,
    /// Waiting for a lock: that of another rotation of the same secret, and those of the server.
    pub lock_wait: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Span::seconds(5),
            statement: Span::seconds(10),
            lock_wait: Span::seconds(5),
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            strategy: Strategy::DualPassword,
            fallback: Fallback::Refuse,
            grace: Span::hours(24),
            settle: Span::hours(1),
            stuck_after: Span::hours(2),
            reader_wait: Span::seconds(30),
            overwrite_unknown: false,
            plain_text: false,
            ca: None,
            accept_hosts: Vec::new(),
            limits: Limits::default(),
            secrets: BTreeMap::new(),
            expire_after: Span::hours(1),
            mode: None,
        }
    }
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        handler::policy::check_above_zero("expire_after", self.expire_after)?;
        check::fields(&self.of_all(), "policy")?;
        for key in self.secrets.keys() {
            if key.is_empty() {
                let problem = "expected the name or the ARN of a secret, got an empty text";
                return Err(PolicyError::new("policy.secrets", problem));
            }
            let at = format!("policy.secrets.{key}");
            check::fields(&self.merged(self.secrets.get(key), None), &at)?;
        }
        Ok(())
    }
}
