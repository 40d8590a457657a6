//! The policy of one secret: the policy's fields, what is different for this secret, and its tag.

use aurora_model::Span;
use handler::{PolicyError, policy::object};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Fallback, Limits, Policy, Strategy, check};

/// The tag of a secret that this function serves. Its value names the strategy, or is
/// `superuser` for a secret that is only read.
pub const TAG: &str = "nightshift:rotation";

/// The value of [`TAG`] on a secret that other secrets name as `masterarn`.
const SUPERUSER: &str = "superuser";

/// What is different for one secret; what is left out is as for the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OfSecret {
    /// How the password is changed.
    pub strategy: Option<Strategy>,
    /// What to do where the server cannot keep two passwords.
    pub fallback: Option<Fallback>,
    /// How long the old password still opens the door. At least `settle`.
    pub grace: Option<Span>,
    /// How long applications may go on using a password after the secret has a newer one.
    pub settle: Option<Span>,
    /// A rotation under way for longer than this is taken for given up.
    pub stuck_after: Option<Span>,
    /// How long a reader is given to learn of the new password.
    pub reader_wait: Option<Span>,
    /// Whether a password that the secret never had may be replaced.
    pub overwrite_unknown: Option<bool>,
    /// Whether the server may be spoken to without TLS.
    pub plain_text: Option<bool>,
    /// Certificates in PEM by which the server is recognised.
    pub ca: Option<String>,
    /// Host names that the secret may name beside the endpoints of RDS clusters: instead of those
    /// of the other secrets.
    pub accept_hosts: Option<Vec<String>>,
    /// How long single steps on the database may take: all three instead of those of the other
    /// secrets.
    #[serde(deserialize_with = "object::or_null")]
    pub limits: Option<Limits>,
}

/// What holds for one secret. The fields are those of [`Policy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPolicy {
    /// Whether the secret is a superuser's, which is only read, for other secrets that name it as
    /// `masterarn`: it is never rotated, whatever `strategy` says.
    pub superuser: bool,
    /// How its password is changed.
    pub strategy: Strategy,
    /// See [`Policy::fallback`].
    pub fallback: Fallback,
    /// See [`Policy::grace`]; above zero and at least `settle`.
    pub grace: Span,
    /// See [`Policy::settle`].
    pub settle: Span,
    /// See [`Policy::stuck_after`]; above zero.
    pub stuck_after: Span,
    /// See [`Policy::reader_wait`]; at most 15 minutes.
    pub reader_wait: Span,
    /// See [`Policy::overwrite_unknown`].
    pub overwrite_unknown: bool,
    /// See [`Policy::plain_text`].
    pub plain_text: bool,
    /// See [`Policy::ca`].
    pub ca: Option<String>,
    /// See [`Policy::accept_hosts`].
    pub accept_hosts: Vec<String>,
    /// See [`Policy::limits`]; each above zero and at most 15 minutes.
    pub limits: Limits,
}

impl Policy {
    /// What holds for the secret called `name`, of this `arn`, whose tag `nightshift:rotation`
    /// has the value `tag`, if it has the tag: the tag is stronger than the fields under its ARN,
    /// these than those under its name, and these than what holds for all.
    ///
    /// # Errors
    /// A tag that names no strategy, and fields that make no sense together.
    pub fn of_secret(
        &self,
        name: &str,
        arn: &str,
        tag: Option<&str>,
    ) -> Result<SecretPolicy, PolicyError> {
        let mut policy = self.merged(self.secrets.get(arn), self.secrets.get(name));
        match tag {
            None => {}
            Some(SUPERUSER) => policy.superuser = true,
            Some(value) => policy.strategy = strategy(name, value)?,
        }
        check::fields(&policy, &format!("policy for the secret {name}"))?;
        Ok(policy)
    }

    /// What holds for a secret of which the policy says nothing.
    pub(super) fn of_all(&self) -> SecretPolicy {
        self.merged(None, None)
    }

    /// What holds for all, but for what `first` says, and after it `second`.
    pub(super) fn merged(
        &self,
        first: Option<&OfSecret>,
        second: Option<&OfSecret>,
    ) -> SecretPolicy {
        let OfSecret {
            strategy,
            fallback,
            grace,
            settle,
            stuck_after,
            reader_wait,
            overwrite_unknown,
            plain_text,
            ca,
            accept_hosts,
            limits,
        } = OfSecret::either(first, second);
        SecretPolicy {
            superuser: false,
            strategy: strategy.unwrap_or(self.strategy),
            fallback: fallback.unwrap_or(self.fallback),
            grace: grace.unwrap_or(self.grace),
            settle: settle.unwrap_or(self.settle),
            stuck_after: stuck_after.unwrap_or(self.stuck_after),
            reader_wait: reader_wait.unwrap_or(self.reader_wait),
            overwrite_unknown: overwrite_unknown.unwrap_or(self.overwrite_unknown),
            plain_text: plain_text.unwrap_or(self.plain_text),
            ca: ca.or_else(|| self.ca.clone()),
            accept_hosts: accept_hosts.unwrap_or_else(|| self.accept_hosts.clone()),
            limits: limits.unwrap_or(self.limits),
        }
    }
}

impl OfSecret {
    /// The fields of `first`, and where it lacks one, that of `second`.
    fn either(first: Option<&Self>, second: Option<&Self>) -> Self {
        let second = second.cloned().unwrap_or_default();
        let Some(first) = first.cloned() else {
            return second;
        };
        Self {
            strategy: first.strategy.or(second.strategy),
            fallback: first.fallback.or(second.fallback),
            grace: first.grace.or(second.grace),
            settle: first.settle.or(second.settle),
            stuck_after: first.stuck_after.or(second.stuck_after),
            reader_wait: first.reader_wait.or(second.reader_wait),
            overwrite_unknown: first.overwrite_unknown.or(second.overwrite_unknown),
            plain_text: first.plain_text.or(second.plain_text),
            ca: first.ca.or(second.ca),
            accept_hosts: first.accept_hosts.or(second.accept_hosts),
            limits: first.limits.or(second.limits),
        }
    }
}

fn strategy(secret: &str, tag: &str) -> Result<Strategy, PolicyError> {
    let mut all = Strategy::ALL.into_iter();
    all.find(|strategy| strategy.as_str() == tag)
        .ok_or_else(|| {
            let problem = format!(
                "expected dual-password, alternating-users, single-user, or superuser for a secret \
             that is only read, got {tag:?}; give the tag one of these values, or remove it"
            );
            PolicyError::new(format!("the tag {TAG} of the secret {secret}"), problem)
        })
}
